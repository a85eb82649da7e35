"""Where two legs of a call meet."""

import pytest

from collabtrace.subjects.call import Call
from collabtrace.subjects.joint import Joint
from collabtrace.subjects.related import Related
from collabtrace.testing import Call as ScenicCall
from collabtrace.testing import Scene
from tests.subjects.conftest import Opened


def make_call(scene: Scene, *, anchors_media: bool = True) -> ScenicCall:
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    return scene.call(alice, bob, via=[scene.b2bua("sbc", "203.0.113.5", anchors_media=anchors_media)])


def joints_of(opened: Opened, call: ScenicCall, *near: int) -> tuple[Joint, ...]:
    machines = [(call.caller, call.callee)[end] for end in near]
    return Call(Related(opened(call.scene, *machines)), 0).joints


def test_a_b2bua_joins_the_legs_on_both_of_its_sides(opened: Opened) -> None:
    (joint,) = joints_of(opened, make_call(Scene()))
    one, other = joint.legs
    assert joint.machine == "203.0.113.5"
    assert [joint.far_end(leg) for leg in joint.legs] == ["192.0.2.10", "198.51.100.20"]
    assert [joint.far_end_called(leg) for leg in joint.legs] == [True, False]
    assert (joint.other(one), joint.other(other)) == (other, one)
    assert repr(joint).startswith("<Joint at 203.0.113.5 of <Leg INVITE 192.0.2.10 to 203.0.113.5")


@pytest.mark.parametrize("anchors_media", [False, True])
def test_media_passes_it_by_or_goes_through_it(opened: Opened, anchors_media: bool) -> None:
    (joint,) = joints_of(opened, make_call(Scene(), anchors_media=anchors_media))
    assert joint.passes_media_by is not anchors_media


def test_legs_in_two_captures_meet_too(opened: Opened) -> None:
    (joint,) = joints_of(opened, make_call(Scene()), 0, 1)
    assert [leg.file for leg in joint.legs] == ["alice.pcapng", "bob.pcapng"]


@pytest.mark.parametrize("by_callee", [False, True])
def test_keys_enter_and_leave_the_machine(opened: Opened, by_callee: bool) -> None:
    call = make_call(Scene())
    call.press(call.callee if by_callee else call.caller, "1")
    case = opened(call.scene)
    subject = Call(Related(case), 0)
    (joint,) = subject.joints
    assert sorted((joint.enters(press), joint.leaves(press)) for press in subject.presses) == [
        (False, True),
        (True, False),
    ]


def test_one_leg_has_no_joint(opened: Opened) -> None:
    scene = Scene()
    call = scene.call(scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20"))
    assert joints_of(opened, call) == ()


def test_a_call_goes_on_by_way_of_the_machine(opened: Opened) -> None:
    call = make_call(Scene())
    (relay,) = Call(Related(opened(call.scene)), 0).relays
    assert relay.machine == "203.0.113.5"
    assert (relay.before.record.caller, relay.behind.record.callee) == ("192.0.2.10", "198.51.100.20")


def test_a_leg_that_was_not_answered_is_no_way(opened: Opened) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    call = scene.dial(alice, bob, via=[scene.b2bua("sbc", "203.0.113.5")])
    call.reject(486)
    assert Call(Related(opened(scene)), 0).relays == ()


def test_a_machine_with_an_address_on_either_side_is_known_by_its_two_legs(opened: Opened) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    inside, outside = scene.phone("inside", "192.0.2.5"), scene.phone("outside", "203.0.113.5")
    same = {"Session-ID": "a" * 32 + ";remote=" + "b" * 32}
    first = scene.dial(alice, inside, headers=same)
    second = scene.dial(outside, bob, headers=same)
    second.answer()
    first.answer()
    subject = Call(Related(opened(scene)), 0)
    (relay,) = subject.relays
    assert subject.joints == ()
    assert (relay.machine, relay.behind.record.caller) == ("192.0.2.5", "203.0.113.5")


def test_a_phone_that_calls_on_after_it_answered_relays_nothing(opened: Opened) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    carol = scene.phone("carol", "203.0.113.30")
    same = {"Session-ID": "a" * 32 + ";remote=" + "b" * 32}
    scene.call(alice, bob, headers=same)
    scene.call(bob, carol, headers=same)
    subject = Call(Related(opened(scene)), 0)
    assert len(subject.joints) == 1
    assert subject.relays == ()
