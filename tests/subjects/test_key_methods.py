"""What the ends of a leg say of how they tell keys."""

from collections.abc import Mapping

import pytest

from collabtrace.subjects.call import Call
from collabtrace.subjects.leg import Leg
from collabtrace.subjects.related import Related
from collabtrace.testing import Line, Scene, audio, video
from tests.subjects.conftest import Opened


def leg_of(opened: Opened, scene: Scene) -> Leg:
    return Call(Related(opened(scene)), 0).legs[0]


def make_call(
    scene: Scene, *media: Line, answer: list[Line] | None = None, headers: Mapping[str, str] | None = None
) -> None:
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20", headers=headers)
    scene.call(alice, bob, media=media, answer=answer)


@pytest.mark.parametrize(
    ("media", "answer", "expected"),
    [
        ([audio()], None, True),
        ([audio("PCMU")], None, False),
        ([audio()], [audio("PCMU")], False),
        ([video()], None, None),
        ([audio()], [audio().rejected()], None),
    ],
    ids=["both", "not offered", "not answered", "no sound", "rejected"],
)
def test_telephone_events_need_both_sides(
    opened: Opened, media: list[Line], answer: list[Line] | None, expected: bool | None
) -> None:
    scene = Scene()
    make_call(scene, *media, answer=answer)
    assert leg_of(opened, scene).telephone_events is expected


def test_a_hold_without_them_does_not_count(opened: Opened) -> None:
    scene = Scene()
    call = scene.call(scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20"))
    call.offer(call.caller, [audio("PCMU", direction="sendonly")])
    assert leg_of(opened, scene).telephone_events is True


def test_a_later_round_without_them_does(opened: Opened) -> None:
    scene = Scene()
    call = scene.call(scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20"))
    call.offer(call.caller, [audio("PCMU")])
    assert leg_of(opened, scene).telephone_events is False


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"Allow-Events": "presence, KPML"}, {"kpml"}),
        ({"u": "kpml"}, {"kpml"}),
        ({"Call-Info": '<sip:192.0.2.1>;method="NOTIFY;Event=telephone-event;Duration=500"'}, {"notify"}),
        ({"Call-Info": "<sip:192.0.2.1>;purpose=icon", "Allow-Events": "dialog"}, set()),
        ({}, set()),
    ],
)
def test_what_the_callee_announces(opened: Opened, headers: dict[str, str], expected: set[str]) -> None:
    scene = Scene()
    make_call(scene, audio(), headers=headers)
    leg = leg_of(opened, scene)
    assert leg.announced_key_methods(by_caller=False) == expected
    assert leg.announced_key_methods(by_caller=True) == set()
