"""Two captures of the same traffic: what both show, what one shows alone, how their clocks differ."""

from pathlib import Path

import pytest

from collabtrace.sessions import comparison
from collabtrace.sessions.case import read_case
from collabtrace.sessions.comparison import Comparison
from collabtrace.testing import Machine, Nat, Quality, Scene, files

FILES = ("alice.pcapng", "bob.pcapng")


def compared(folder: Path, scene: Scene, alice: Machine, bob: Machine, *, ahead: float = 0.0) -> Comparison:
    """Compare what the two machines show; the clock of the second is *ahead* by so many seconds."""
    (folder / FILES[0]).write_bytes(scene.pcapng(alice))
    late = [(time + round(ahead * 10**9), frame) for time, frame in scene.packets(bob)]
    (folder / FILES[1]).write_bytes(files.pcapng(late))
    with read_case([folder / name for name in FILES]) as case:
        return comparison.build(case, FILES)


def behind_nat() -> tuple[Scene, Machine, Machine]:
    scene = Scene()
    rewrite = Nat("203.0.113.9", lambda data: data.replace(b"192.168.1.10", b"203.0.113.9"))
    return scene, scene.phone("alice", "192.168.1.10", nat=rewrite), scene.phone("bob", "198.51.100.20")


@pytest.mark.parametrize("ahead", [0.0, 2.5, -100.0])
def test_messages_both_ways_tell_the_clocks_from_the_way(tmp_path: Path, ahead: float) -> None:
    scene, alice, bob = behind_nat()
    scene.call(alice, bob).hang_up(alice)
    found = compared(tmp_path, scene, alice, bob, ahead=ahead)
    assert found.clocks is not None
    assert found.clocks.messages == len(found.sightings) == 7
    assert found.clocks.ahead == pytest.approx(ahead, abs=1e-6)
    assert found.clocks.way == pytest.approx(0.0002, abs=1e-6)


def test_messages_of_one_direction_cannot_tell_them_apart(tmp_path: Path) -> None:
    scene, alice, bob = behind_nat()
    scene.request(alice, bob, "OPTIONS", status=None)
    clocks = compared(tmp_path, scene, alice, bob, ahead=1).clocks
    assert clocks is not None
    assert clocks.way is None
    assert clocks.ahead == pytest.approx(1.0002, abs=1e-6)


def test_nothing_in_common_tells_nothing(tmp_path: Path) -> None:
    scene, alice, bob = behind_nat()
    carol = scene.phone("carol", "203.0.113.30")
    scene.request(alice, carol, "OPTIONS")
    scene.request(carol, bob, "OPTIONS")
    found = compared(tmp_path, scene, alice, bob)
    assert (found.clocks, found.sightings, found.lone) == (None, (), ((), ()))


def test_messages_that_differ_are_told_from_those_that_do_not(tmp_path: Path) -> None:
    scene, alice, bob = behind_nat()
    scene.call(alice, bob)
    found = compared(tmp_path, scene, alice, bob)
    assert set(found.changed) == set(found.sightings)
    scene, alice, bob = behind_nat()
    alice.nat = Nat("203.0.113.9")
    scene.call(alice, bob)
    assert compared(tmp_path, scene, alice, bob).changed == ()


def test_a_message_of_one_alone_is_one_whose_hop_both_see(tmp_path: Path) -> None:
    scene, alice, bob = behind_nat()
    call = scene.call(alice, bob)
    scene.block(bob)
    call.hang_up(alice, status=None)
    scene.request(alice, scene.phone("carol", "203.0.113.30"), "OPTIONS")
    found = compared(tmp_path, scene, alice, bob)
    assert [len(rows) for rows in found.lone] == [1, 0]


def test_streams_are_paired_by_ssrc_and_time(tmp_path: Path) -> None:
    scene, alice, bob = behind_nat()
    call = scene.call(alice, bob)
    scene.block(bob, 20000)
    call.talk(seconds=2, quality=Quality(rtcp=False))
    found = compared(tmp_path, scene, alice, bob, ahead=60)
    assert len(found.streams) == 1
    assert [len(rows) for rows in found.lone_streams] == [1, 0]
