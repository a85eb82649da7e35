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
