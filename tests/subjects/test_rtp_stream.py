"""A stream leads to its call and line, or stands alone."""

import pytest

from collabtrace.sessions.case import Case
from collabtrace.subjects.related import Related
from collabtrace.subjects.rtp_stream import RtpStream
from collabtrace.testing import Quality, Scene
from tests.subjects.conftest import Opened


def test_a_negotiated_stream_knows_its_line_and_call(video_call: Case) -> None:
    stream = RtpStream(Related(video_call), 0)
    assert stream.call is not None
    assert stream.line is not None
    assert stream.line.record.kind == stream.record.kind
    assert stream.call_ids == stream.call.call_ids


def test_a_stream_without_signalling_has_neither(opened: Opened) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    call = scene.call(alice, bob)
    scene.sent.clear()
    call.talk(seconds=1)
    stream = RtpStream(Related(opened(scene)), 0)
    assert (stream.call, stream.line, stream.call_ids) == (None, None, ())


def streams(case: Case) -> list[RtpStream]:
    related = Related(case)
    return [RtpStream(related, row) for row in range(len(case.streams))]


def talk(**quality: float) -> Scene:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    scene.call(alice, bob).talk(seconds=11, quality=Quality(**quality))  # type: ignore[arg-type]
    return scene


def test_it_knows_its_gaps_and_its_course(opened: Opened) -> None:
    stream = streams(opened(talk(loss=0.05)))[0]
    assert stream.gaps.missing.sum() == stream.timeline.lost.sum() == stream.record.lost > 0
    assert stream.seconds == pytest.approx(11, abs=0.1)


def test_reports_are_those_of_its_receiver(opened: Opened) -> None:
    for stream in streams(opened(talk())):
        assert [report.source for report in stream.reports] == [stream.record.target] * 2


def test_the_same_packets_at_two_capture_points_are_views_of_each_other(opened: Opened) -> None:
    scene = talk()
    near = [scene.sent[0].source, scene.sent[0].target]
    one, *others = streams(opened(scene, *near))
    (view,) = one.views
    assert (view.record.ssrc, view.record.file) == (one.record.ssrc, "bob.pcapng")
    assert len(others) == 3


def test_packets_missing_in_both_directions_at_once(opened: Opened) -> None:
    scene = talk()
    scene.sent = [sent for sent in scene.sent if (sent.time - scene.start) // 10**8 % 40]
    one, other = streams(opened(scene))
    assert one.missed_together == other.missed_together == 1.0


def test_packets_missing_by_chance_are_not_missing_together(opened: Opened) -> None:
    assert streams(opened(talk(loss=0.05)))[0].missed_together < 0.5


def test_numbers_used_up_while_it_was_held_are_skipped(opened: Opened) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    call = scene.call(alice, bob)
    for is_held in (True, False):
        call.talk(alice, seconds=2, quality=Quality(rtcp=False))
        if is_held:
            call.hold(bob)
        call.streams[next(iter(call.streams))].sequence += 30
        scene.wait(2)
        if is_held:
            call.resume(bob)
    call.talk(alice, seconds=2, quality=Quality(rtcp=False))
    (stream,) = streams(opened(scene))
    assert (stream.gaps.missing.tolist(), stream.skipped, stream.skips_longest) == ([30, 30], 30, True)


def test_a_stream_without_signalling_skips_nothing(opened: Opened) -> None:
    scene = talk(loss=0.05)
    scene.sent = [sent for sent in scene.sent if len(sent.packet) < 250]
    assert streams(opened(scene))[0].skipped == 0
