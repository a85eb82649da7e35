"""Payload types of one stream in a span of time."""

from pathlib import Path

from collabtrace.sessions import types_between
from collabtrace.testing import Quality, Scene
from tests.sessions.scenes import read_scene


def test_each_type_is_counted_with_its_first_frame(tmp_path: Path) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    call = scene.call(alice, bob)
    call.talk(alice, seconds=1)
    call.talk(alice, seconds=1, quality=Quality(payload_type=8))
    with read_scene(scene, tmp_path) as case:
        stream = next(each for each in case.streams if each.source == "192.0.2.10")
        (traffic,) = case.traffic
        used = types_between.build(traffic.media, traffic.numbers, stream, stream.first, stream.last)
        assert {kind: use.packets for kind, use in used.items()} == {0: 50, 8: 50}
        assert used[0].frame == stream.first_frame
        assert used[0].last < used[8].first
        early = types_between.build(traffic.media, traffic.numbers, stream, stream.first, stream.first + 0.5)
        assert list(early) == [0]
