"""Every subject of a case is found once."""

from collabtrace.sessions.case import Case
from collabtrace.subjects import gathering
from collabtrace.subjects.related import Related
from collabtrace.testing import Scene
from tests.subjects.conftest import Opened


def test_calls_streams_and_files_are_all_there(video_call: Case) -> None:
    related = Related(video_call)
    assert [call.number for call in gathering.calls(related)] == [1]
    assert len(list(gathering.rtp_streams(related))) == len(video_call.streams)
    assert [recording.file for recording in gathering.recordings(related)] == ["x.pcapng"]


def test_requests_within_calls_make_no_pair(opened: Opened) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    scene.call(alice, bob).request(alice, "OPTIONS")
    assert list(gathering.pairs(Related(opened(scene)))) == []
