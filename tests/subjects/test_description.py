"""A description is what one side said of all m-lines at once."""

from dataclasses import replace

from collabtrace.subjects.call import Call
from collabtrace.subjects.description import Description
from collabtrace.subjects.related import Related
from collabtrace.testing import Scene, audio, bfcp, slides, video
from collabtrace.testing.machines import Nat
from tests.subjects.conftest import Opened


def said(opened: Opened, scene: Scene, leg: int = 0) -> tuple[Description, ...]:
    return Call(Related(opened(scene)), 0).legs[leg].descriptions


def test_offer_and_answer_know_each_other_and_who_spoke(opened: Opened) -> None:
    scene = Scene()
    alice = scene.phone("alice", "192.0.2.10", contact_parameters=";video;BFCP")
    bob = scene.phone("bob", "198.51.100.20")
    scene.call(
        alice,
        bob,
        media=[audio(), video(), slides(), bfcp()],
        answer=[audio(), video(), slides().rejected(), bfcp().rejected()],
    )
    offer, answer = said(opened, scene)
    assert (offer.other, answer.other) == (answer, offer)
    assert (offer.is_answer, answer.is_answer) == (False, True)
    assert (offer.by_caller, answer.by_caller) == (True, False)
    assert (offer.wants_floor_control, answer.wants_floor_control) == (True, False)
    assert answer.floor_control is not None
    assert answer.port(answer.floor_control) == 0
    assert offer.slides is not None
    assert (offer.port(offer.slides), offer.address(offer.slides)) == (20004, "192.0.2.10")
    assert (answer.slides, answer.has_picture) == (None, True)
    assert offer.features == frozenset({"video", "bfcp"})
    assert answer.features == frozenset()
    assert offer.leg.record.caller == "192.0.2.10"
    assert repr(answer) == "<Description, answer in frame 4>"


def test_a_delayed_offer_is_said_by_the_called_side(opened: Opened) -> None:
    scene = Scene()
    scene.call(scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20"), delayed_offer=True)
    offer, answer = said(opened, scene)
    assert (offer.by_caller, answer.by_caller) == (False, True)


def test_an_offer_that_failed_has_no_answer(opened: Opened) -> None:
    scene = Scene()
    scene.dial(scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")).reject(488)
    (offer,) = said(opened, scene)
    assert offer.other is None


def test_a_hold_is_known_by_its_sound(opened: Opened) -> None:
    scene = Scene()
    call = scene.call(scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20"))
    call.hold(call.caller)
    assert [each.is_held for each in said(opened, scene)] == [False, False, True, True]


def test_a_message_with_more_than_its_length_may_lack_the_end_of_its_description(opened: Opened) -> None:
    scene = Scene()
    alice = scene.phone(
        "alice", "192.0.2.10", nat=Nat("192.0.2.10", lambda text: text + b"more" * text.startswith(b"INVITE"))
    )
    scene.call(alice, scene.phone("bob", "198.51.100.20"), media=[audio(), replace(bfcp(), port=5070)])
    assert [each.is_whole for each in said(opened, scene)] == [False, True]
