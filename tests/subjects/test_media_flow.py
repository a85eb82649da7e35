"""The media of a line each way, while it was in force, capture by capture."""

import pytest

from collabtrace.sessions.case import Case
from collabtrace.subjects.call import Call
from collabtrace.subjects.media_flow import MediaFlow
from collabtrace.subjects.related import Related
from collabtrace.testing import Nat, Quality, Scene
from tests.subjects.conftest import Opened

QUIET = Quality(rtcp=False)


def media_flows(case: Case, round_: int = 0) -> tuple[MediaFlow, ...]:
    return Call(Related(case), 0).legs[0].rounds[round_][0].media_flows


def test_packets_are_counted_to_each_side(opened: Opened) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    call = scene.call(alice, bob)
    call.talk(seconds=2, quality=QUIET)
    call.talk(alice, seconds=4, quality=QUIET)
    (flow,) = media_flows(opened(scene))
    assert [(way.receiver.machine, way.packets) for way in flow.ways] == [(alice.address, 100), (bob.address, 300)]
    assert flow.seconds == pytest.approx(6, abs=0.1)


def test_only_what_came_while_the_line_was_in_force_counts(opened: Opened) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    call = scene.call(alice, bob)
    call.talk(alice, seconds=6, quality=QUIET)
    call.hold(alice)
    call.talk(alice, seconds=4, quality=QUIET)
    case = opened(scene)
    counts = [next(way.packets for way in media_flows(case, each)[0].ways if way.packets) for each in (0, 1)]
    assert counts == [pytest.approx(300, abs=3), pytest.approx(200, abs=3)]


def test_each_capture_point_shows_what_it_saw(opened: Opened) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.168.1.10", nat=Nat("203.0.113.9")), scene.phone("bob", "198.51.100.20")
    call = scene.call(alice, bob)
    scene.block(bob, 20000)
    call.talk(seconds=3, quality=QUIET)
    seen = {each.file: [way.packets for way in each.ways] for each in media_flows(opened(scene, alice, bob))}
    assert seen == {"alice.pcapng": [150, 150], "bob.pcapng": [150, 0]}


def test_what_two_machines_send_each_other_goes_opposite_ways(opened: Opened) -> None:
    """Both streams fit the offerer better, whose other address the answer names by mistake."""
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20", advertises="192.0.2.10")
    bob.next_port = 20010
    call = scene.call(alice, bob)
    call.talk(seconds=2, quality=QUIET)
    (flow,) = media_flows(opened(scene))
    assert [way.packets for way in flow.ways] == [100, 100]


def test_without_one_of_the_descriptions_there_are_no_ways(opened: Opened) -> None:
    scene = Scene()
    scene.dial(scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20"))
    (flow,) = media_flows(opened(scene))
    assert flow.ways == ()
