"""What the capture at the other end shows of a request."""

import pytest

from collabtrace.subjects.call import Call
from collabtrace.subjects.passage import Passage, passage
from collabtrace.subjects.related import Related
from collabtrace.subjects.sight import Sight
from collabtrace.testing import Machine, Scene, audio, bfcp
from tests.subjects.conftest import Opened


def shown(opened: Opened, *, arrives: bool = True, answers: bool = False, talks: bool = True) -> Passage | None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    call = scene.call(alice, bob, media=[audio(), bfcp()])
    if talks:
        call.talk(seconds=1)
    if not arrives:
        scene.block(bob, 20002)
    scene.block(alice, 20002)
    call.hello(alice, answered=answers)
    scene.wait(1)
    call.hang_up(alice)
    case = opened(scene, alice, bob)
    (channel,) = Call(Related(case), 0).channels
    view = next(view for view in channel.views if view.file == "alice.pcapng")
    return passage(channel, view, view.unanswered[0], Sight(case))


def test_it_arrived_and_was_not_answered(opened: Opened) -> None:
    found = shown(opened)
    assert found is not None
    assert found.arrived is not None
    assert (found.file, found.arrived.name, found.answer) == ("bob.pcapng", "Hello", None)


def test_it_arrived_and_its_answer_left(opened: Opened) -> None:
    found = shown(opened, answers=True)
    assert found is not None
    assert found.answer is not None
    assert found.answer.name == "HelloAck"


def test_it_never_arrived(opened: Opened) -> None:
    assert shown(opened, arrives=False) == Passage("bob.pcapng", None, None)


def test_a_capture_without_media_of_the_machine_was_not_taken_there(opened: Opened) -> None:
    assert shown(opened, arrives=False, talks=False) is None


@pytest.mark.parametrize("hops", [1])
def test_a_capture_far_from_the_machine_tells_nothing(opened: Opened, hops: int) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    middle = Machine("middle", "203.0.113.9")
    bob.hops = hops
    call = scene.call(alice, bob, media=[audio(), bfcp()])
    call.talk(seconds=1)
    call.hello(alice, answered=False)
    case = opened(scene, alice, middle)
    (channel,) = Call(Related(case), 0).channels
    assert passage(channel, channel.views[0], channel.views[0].unanswered[0], Sight(case)) is None
