"""A view tells what one capture shows of the requests of a channel."""

from collabtrace.subjects.call import Call
from collabtrace.subjects.channel_view import View
from collabtrace.subjects.related import Related
from collabtrace.testing import Call as ScenicCall
from collabtrace.testing import Scene, audio, bfcp
from tests.subjects.conftest import Opened


def make_call() -> ScenicCall:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    return scene.call(alice, bob, media=[audio(), bfcp()])


def view(opened: Opened, call: ScenicCall) -> View:
    (channel,) = Call(Related(opened(call.scene)), 0).channels
    (only,) = channel.views
    return only


def repeat(call: ScenicCall, *waits: float) -> None:
    """Say one Hello again and again, though it is answered each time."""
    for wait in (0.0, *waits):
        call.scene.wait(wait)
        call.channel.transaction = 0
        call.floor_message(call.caller, "Hello")
        call.channel.transaction = 0
        call.floor_message(call.callee, "HelloAck", responder=True)


def test_answered_and_unanswered_requests(opened: Opened) -> None:
    call = make_call()
    call.hello(call.caller)
    call.hello(call.caller, answered=False, repeats=2)
    shown = view(opened, call)
    assert [each.transaction for each in shown.answered] == [1]
    assert [each.transaction for each in shown.unanswered] == [2]
    assert [each.name for each in shown.responses(shown.answered[0])] == ["HelloAck"]
    assert len(shown.requests(shown.unanswered[0])) == 3
    assert repr(shown) == "<View of 2 transactions in x.pcapng>"


def test_only_what_clients_ask_needs_an_answer(opened: Opened) -> None:
    call = make_call()
    for name in ("FloorStatus", "Goodbye", "FloorQuery"):
        call.floor_message(call.caller, name)
    assert [each.name for each in view(opened, call).unanswered] == ["FloorQuery"]


def test_what_is_sent_again_after_growing_waits_was_answered_in_vain(opened: Opened) -> None:
    call = make_call()
    repeat(call, 0.5, 1.0, 2.0)
    shown = view(opened, call)
    assert (len(shown.in_vain), shown.answered, shown.unanswered) == (1, (), ())


def test_what_is_repeated_in_a_hurry_was_too(opened: Opened) -> None:
    call = make_call()
    repeat(call, 0.9, 0.9, 0.9)
    assert len(view(opened, call).in_vain) == 1


def test_what_comes_at_an_even_pace_keeps_the_channel_alive(opened: Opened) -> None:
    call = make_call()
    repeat(call, 2.0, 2.0, 2.0)
    shown = view(opened, call)
    assert (shown.in_vain, len(shown.answered)) == ((), 1)


def test_one_transmission_may_cross_the_answer(opened: Opened) -> None:
    call = make_call()
    repeat(call, 0.5)
    assert view(opened, call).in_vain == ()
