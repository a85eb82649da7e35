"""rtp-loss: packets missing, and where; sound that arrives unevenly."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from collabtrace.testing import Call, Line, Machine, Quality, Scene, audio, files, video
from tests.rules.conftest import Tell

RULE = "rtp-loss"
RTP = b"\x4e\x20"
"""The source port 20000."""


def called(*, media: Sequence[Line] | None = None) -> tuple[Call, Machine, Machine]:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    return scene.call(alice, bob, media=media), alice, bob


def lossy(loss: float = 0.03, *, seconds: float = 20, rtcp: bool = False, media: Sequence[Line] | None = None) -> Call:
    """Alice's stream alone loses packets."""
    call, alice, bob = called(media=media)
    with call.scene.meanwhile():
        call.talk(bob, seconds=seconds, quality=Quality(rtcp=rtcp))
    call.talk(alice, seconds=seconds, quality=Quality(loss=loss, rtcp=rtcp))
    return call


def without(call: Call, *frames: range, of: Machine | None = None) -> None:
    """Take RTP out of the capture: the packets with these numbers, of both machines or of one."""
    count: dict[str, int] = {}
    kept = []
    for sent in call.scene.sent:
        is_rtp = sent.packet[20:22] == RTP
        count[sent.source.name] = count.get(sent.source.name, 0) + is_rtp
        gone = is_rtp and any(count[sent.source.name] in each for each in frames)
        if not gone or (of is not None and sent.source is not of):
            kept.append(sent)
    call.scene.sent = kept


def test_three_percent_of_the_sound_are_too_much(tell: Tell) -> None:
    told = tell(RULE, lossy().scene)
    assert told.verdicts.count("fault") == 1
    assert "42 of 1000 audio packets (4.2%) from 192.0.2.10 to 198.51.100.20 port 20000" in told.finding.message
    assert told.finding.evidence[0].shows.startswith("the first packet after 2 missing ones")
    assert told.finding.calls


def test_between_two_machines_it_is_likely(tell: Tell) -> None:
    told = tell(RULE, lossy().scene)
    assert told.finding.confidence == "likely"
    assert "between 192.0.2.10 and the capture point" in told.finding.message


def test_on_the_senders_link_without_statistics_of_the_capture_it_is_possible(tell: Tell) -> None:
    call, alice, bob = called()
    bob.hops = 2
    call.talk(bob, seconds=6, quality=Quality(rtcp=False))
    call.talk(alice, seconds=20, quality=Quality(loss=0.03, rtcp=False))
    told = tell(RULE, call.scene)
    assert told.finding.confidence == "possible"
    assert "on the link of 192.0.2.10 itself" in told.finding.message


def test_reports_that_agree_prove_it(tell: Tell) -> None:
    told = tell(RULE, lossy(rtcp=True).scene)
    assert told.finding.confidence == "proved"
    assert "198.51.100.20 reports" in told.finding.message
    assert len(told.frames) == 2


def test_a_receiver_that_got_everything_shows_that_the_capture_missed_it(tell: Tell) -> None:
    call, _, _ = called()
    call.talk(seconds=20)
    told = tell(RULE, call.scene, missing=0.03)
    assert told.verdicts == ("clear", "clear")
    assert "the capture missed" in told.reasons[0]


def test_a_receiver_that_lacks_what_passed_the_capture_lost_it_behind(tell: Tell) -> None:
    """The reports of a lossy stream, beside the stream as it was before the loss."""
    whole, lost = lossy(0.0, rtcp=True).scene, lossy(rtcp=True).scene
    merged = [sent for sent in whole.sent if sent.packet[22:24] != b"\x4e\x21"]
    reports = [sent for sent in lost.sent if sent.packet[22:24] == b"\x4e\x21"]
    whole.sent = merged + reports
    told = tell(RULE, whole)
    assert told.finding.confidence == "proved"
    assert "lost between the capture point and it" in told.finding.message


def test_a_second_capture_that_has_the_packets_proves_it(tell: Tell) -> None:
    call, alice, bob = called()
    call.talk(alice, seconds=20, quality=Quality(rtcp=False))
    sent = call.scene.sent
    sent[:] = [
        each._replace(arrives=count % 25 > 0) if each.source is alice else each for count, each in enumerate(sent, 1)
    ]
    told = tell(RULE, call.scene, alice, bob)
    assert told.finding.confidence == "proved"
    assert "alice.pcapng has them" in told.finding.message
    assert sorted(told.verdicts) == ["clear", "fault"]


def test_the_same_loss_at_two_capture_points_is_told_once(tell: Tell) -> None:
    call = lossy()
    told = tell(RULE, call.scene, call.caller, call.callee)
    assert len(told.findings) == 1


def test_loss_that_a_relay_passes_on_is_told_once(tell: Tell) -> None:
    call, alice, relay = called()
    call.talk(alice, seconds=20, quality=Quality(loss=0.03, rtcp=False))
    scene, carol = call.scene, call.scene.phone("carol", "203.0.113.30")
    for sent in [each for each in scene.sent if each.packet[20:22] == RTP]:
        scene.elapsed = sent.time - scene.start + 10**6
        scene.datagram(relay, carol, (30000, 30002), sent.packet[28:])
    assert "from 192.0.2.10" in tell(RULE, scene).finding.message


@pytest.mark.parametrize(("kind", "loss", "verdict"), [("audio", 0.007, "clear"), ("video", 0.012, "fault")])
def test_a_picture_bears_less_than_sound(tell: Tell, kind: str, loss: float, verdict: str) -> None:
    call, alice, _ = called(media=[audio(), video()])
    call.talk(alice, seconds=20, only="audio" if kind == "audio" else "main", quality=Quality(loss=loss, rtcp=False))
    assert tell(RULE, call.scene).verdicts == (verdict,)


def test_a_second_of_silence_counts_even_if_it_is_a_small_share(tell: Tell) -> None:
    call, alice, _ = called()
    call.talk(seconds=200, quality=Quality(rtcp=False))
    without(call, range(2000, 2070), of=alice)
    told = tell(RULE, call.scene)
    assert "70 audio packets in a row, 1.4 s" in told.finding.message


def test_holes_in_both_directions_at_once_are_those_of_the_capture(tell: Tell) -> None:
    call, _, _ = called()
    call.talk(seconds=20, quality=Quality(rtcp=False))
    without(call, range(200, 220), range(500, 520), range(700, 705))
    told = tell(RULE, call.scene)
    assert told.verdicts == ("unknown", "unknown")
    assert "as when the capture itself has holes" in told.reasons[0]


def test_a_capture_that_says_that_it_dropped_packets_cannot_tell(tell: Tell) -> None:
    packets = lossy().scene.packets()
    capture = files.Pcapng().interface(resolution=9)
    for time, frame in packets:
        capture.packet(time, frame)
    capture.statistics(packets[-1][0], dropped=50)
    assert tell(RULE, capture.finish()).verdicts == ("clear", "unknown")


def test_a_thinned_capture_cannot_tell(tell: Tell) -> None:
    call, alice, _ = called()
    call.talk(alice, seconds=60, quality=Quality(rtcp=False))
    without(call, range(300, 2700))
    assert "may have been thinned" in tell(RULE, call.scene).reasons[0]


def test_a_few_packets_of_a_short_stream_are_not_judged(tell: Tell) -> None:
    assert tell(RULE, lossy(0.2, seconds=4).scene).verdicts == ()


def test_a_capture_that_begins_late_lost_nothing(tell: Tell) -> None:
    call, alice, _ = called()
    call.talk(alice, seconds=20, quality=Quality(rtcp=False))
    without(call, range(1, 500))
    assert tell(RULE, call.scene).verdicts == ("clear",)


def test_silence_suppression_is_no_loss(tell: Tell) -> None:
    call, alice, _ = called()
    for _ in range(4):
        call.talk(alice, seconds=3, quality=Quality(rtcp=False))
        call.scene.wait(4)
    assert tell(RULE, call.scene).verdicts == ("clear",)


def test_a_new_source_after_a_transfer_is_no_loss(tell: Tell) -> None:
    call, alice, _ = called()
    call.talk(alice, seconds=6, quality=Quality(rtcp=False))
    call.streams.clear()
    call.talk(alice, seconds=6, quality=Quality(rtcp=False))
    assert tell(RULE, call.scene).verdicts == ("clear", "clear")


def led_away(changed: Mapping[str, Any], by: str = "callee") -> Scene:
    """Alice talks for 10 s, and for 10 s again. Of the 10 s between, the stream has nothing, though its numbers go on.

    At their beginning one side changes its sound by a re-INVITE, at their end it takes that back.
    """
    call, alice, _ = called(media=[audio("PCMU")])
    who = getattr(call, by)
    usual = replace(audio("PCMU"), port=20000)
    call.talk(alice, seconds=10, quality=Quality(rtcp=False))
    call.offer(who, [replace(usual, **changed)])
    for stream in call.streams.values():
        stream.sequence += 500
    call.scene.wait(10)
    call.offer(who, [usual])
    call.talk(alice, seconds=10, quality=Quality(rtcp=False))
    return call.scene


@pytest.mark.parametrize(
    "changed",
    [
        {"address": "203.0.113.30"},
        {"port": 30000},
        {"direction": "sendonly"},
        {"direction": "inactive"},
        {"port": 0},
    ],
)
def test_what_was_sent_elsewhere_meanwhile_or_not_at_all_is_no_loss(tell: Tell, changed: dict[str, Any]) -> None:
    told = tell(RULE, led_away(changed))
    assert told.verdicts == ("unknown",)
    assert "500 of 500 missing packets are missing where its sender was told to send elsewhere" in told.reasons[0]


def test_a_sender_that_sends_from_elsewhere_meanwhile_loses_nothing(tell: Tell) -> None:
    assert tell(RULE, led_away({"address": "203.0.113.30"}, by="caller")).verdicts == ("unknown",)


@pytest.mark.parametrize("by", ["caller", "callee"])
@pytest.mark.parametrize("changed", [{}, {"attributes": ("ptime:20",)}, {"codecs": audio("PCMU", "PCMA").codecs}])
def test_a_round_that_leaves_the_way_as_it_is_excuses_nothing(tell: Tell, by: str, changed: dict[str, Any]) -> None:
    """A refresh of the session, or other codecs, in the time of the loss."""
    assert "500 of 1500 audio packets" in tell(RULE, led_away(changed, by)).finding.message


def test_a_receiver_that_still_wants_to_hear_excuses_nothing(tell: Tell) -> None:
    """Bob sends nothing himself meanwhile."""
    assert tell(RULE, led_away({"direction": "recvonly"})).verdicts == ("fault",)


def test_another_line_that_moves_excuses_nothing(tell: Tell) -> None:
    call, alice, bob = called(media=[audio("PCMU"), video()])
    for picture in (video().rejected(), video()):
        call.talk(alice, seconds=10, only="audio", quality=Quality(rtcp=False))
        call.offer(bob, [audio("PCMU"), picture])
    call.talk(alice, seconds=10, only="audio", quality=Quality(rtcp=False))
    without(call, range(490, 560), of=alice)
    assert tell(RULE, call.scene).verdicts == ("fault",)


def test_a_hold_by_the_clock_of_another_capture_excuses_nothing(tell: Tell) -> None:
    """Alice is on hold for 5 s; 7 s later packets get lost on the way to Bob, whose capture is 10 s behind."""
    call, alice, bob = called(media=[audio("PCMU")])
    call.talk(alice, seconds=10, quality=Quality(rtcp=False))
    call.hold(bob)
    call.scene.wait(5)
    call.resume(bob)
    call.talk(alice, seconds=20, quality=Quality(rtcp=False))
    rtp = [sent for sent in call.scene.sent if sent.packet[20:22] == RTP]
    lost = set(map(id, rtp[850:950]))
    call.scene.sent = [sent._replace(arrives=id(sent) not in lost) for sent in call.scene.sent]
    late = files.pcapng([(time - 10_000_000_000, frame) for time, frame in call.scene.packets(bob)])
    told = tell(RULE, {"alice": call.scene.pcapng(alice), "bob": late})
    assert "100 of 1500 audio packets" in told.finding.message


def test_a_second_of_silence_that_was_asked_for_is_none(tell: Tell) -> None:
    """Bob holds Alice for 10 s of an hour; the share is small, the gap is long."""
    call, alice, bob = called(media=[audio("PCMU")])
    call.talk(alice, seconds=600, quality=Quality(rtcp=False))
    call.hold(bob)
    call.streams[next(iter(call.streams))].sequence += 100
    call.scene.wait(2)
    call.resume(bob)
    call.talk(alice, seconds=600, quality=Quality(rtcp=False))
    assert tell(RULE, call.scene).verdicts == ("clear",)


def test_loss_beside_the_time_elsewhere_still_counts(tell: Tell) -> None:
    scene = led_away({"direction": "sendonly"})
    rtp = [sent for sent in scene.sent if sent.packet[20:22] == RTP]
    scene.sent = [sent for sent in scene.sent if sent not in rtp[100:900:20]]
    assert "540 of 1500 audio packets" in tell(RULE, scene).finding.message


def jumped(by: int) -> Scene:
    """A server plays an announcement, and then numbers the agent's sound anew under the same SSRC."""
    call, alice, _ = called(media=[audio("PCMU")])
    call.talk(alice, seconds=10, quality=Quality(rtcp=False))
    call.streams[next(iter(call.streams))].sequence += by
    call.talk(alice, seconds=10, quality=Quality(rtcp=False))
    return call.scene


@pytest.mark.parametrize("by", [300, 2000])
def test_numbers_that_jump_at_once_are_no_loss(tell: Tell, by: int) -> None:
    told = tell(RULE, jumped(by))
    assert told.verdicts == ("unknown",)
    assert f"{by} of {by} missing packets" in told.reasons[0]


def test_as_many_packets_that_take_their_time_are_lost(tell: Tell) -> None:
    call, alice, _ = called(media=[audio("PCMU")])
    call.talk(alice, seconds=26, quality=Quality(rtcp=False))
    without(call, range(501, 801))
    assert "300 of 1300 audio packets" in tell(RULE, call.scene).finding.message


def test_uneven_arrival_of_sound_is_a_fault(tell: Tell) -> None:
    call, alice, _ = called()
    call.talk(alice, seconds=20, quality=Quality(jitter_ms=220, rtcp=False))
    told = tell(RULE, call.scene)
    assert told.finding.confidence == "likely"
    assert "a jitter above 30 ms" in told.finding.message


def test_a_little_jitter_is_well(tell: Tell) -> None:
    call, alice, _ = called()
    call.talk(alice, seconds=20, quality=Quality(jitter_ms=40, rtcp=False))
    assert tell(RULE, call.scene).verdicts == ("clear",)


def test_one_late_packet_is_well(tell: Tell) -> None:
    call, alice, _ = called()
    call.talk(alice, seconds=10, quality=Quality(rtcp=False))
    call.talk(alice, seconds=2, quality=Quality(jitter_ms=400, rtcp=False))
    call.talk(alice, seconds=10, quality=Quality(rtcp=False))
    assert tell(RULE, call.scene).verdicts == ("clear",)


def test_a_picture_may_come_in_bursts(tell: Tell) -> None:
    call, alice, _ = called(media=[audio(), video()])
    call.talk(alice, seconds=20, only="main", quality=Quality(jitter_ms=220, rtcp=False))
    assert tell(RULE, call.scene).verdicts == ("clear",)
