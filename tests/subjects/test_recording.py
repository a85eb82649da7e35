"""A recording is one file of the case."""

from collabtrace.subjects import gathering
from collabtrace.subjects.related import Related
from collabtrace.testing import Scene
from tests.subjects.conftest import Opened


def test_each_capture_point_is_a_recording_with_its_own_interfaces(opened: Opened) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    scene.call(alice, bob)
    inside, outside = gathering.recordings(Related(opened(scene, alice, bob)))
    assert (inside.file, outside.file) == ("alice.pcapng", "bob.pcapng")
    assert [interface.file for interface in outside.interfaces] == ["bob.pcapng"]
