"""A stream leads to its call and line, or stands alone."""

from collabtrace.sessions.case import Case
from collabtrace.subjects.related import Related
from collabtrace.subjects.rtp_stream import RtpStream
from collabtrace.testing import Scene
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
