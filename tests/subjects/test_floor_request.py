"""A request for the floor, what the server said of it, and the slides that it is about."""

import pytest

from collabtrace.subjects.call import Call
from collabtrace.subjects.floor_request import FloorRequest
from collabtrace.subjects.related import Related
from collabtrace.testing import Call as ScenicCall
from collabtrace.testing import Scene, audio, bfcp, slides, video
from tests.subjects.conftest import Opened


def make_call() -> ScenicCall:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    return scene.call(alice, bob, media=[audio(), video(), slides(), bfcp()])


def request(opened: Opened, call: ScenicCall) -> FloorRequest:
    (channel,) = Call(Related(opened(call.scene)), 0).channels
    (view,) = channel.views
    return FloorRequest(channel, view, next(each for each in view.asked if each.name == "FloorRequest"))


def test_later_news_of_the_same_request_belong_to_it(opened: Opened) -> None:
    call = make_call()
    call.ask(call.caller)
    call.decide(call.callee, "Pending")
    call.decide(call.callee, "Granted", unasked=True)
    call.decide(call.callee, "Granted", request=9, unasked=True)
    found = request(opened, call)
    assert [each.status for each in found.messages] == ["Pending", "Granted"]
    assert found.last_status == "Granted"
    assert found.first("Denied") is None
    assert repr(found) == "<FloorRequest of 192.0.2.10, Granted>"


def test_it_is_held_until_it_is_given_back_or_taken_or_the_channel_ends(opened: Opened) -> None:
    given, taken, kept = make_call(), make_call(), make_call()
    for call in (given, taken, kept):
        call.ask(call.caller)
        call.decide(call.callee, "Granted")
        call.scene.wait(4)
    given.release(given.caller)
    taken.decide(taken.callee, "Revoked", unasked=True)
    for call in (given, taken, kept):
        call.scene.wait(10)
        call.hang_up(call.caller)
    found = [request(opened, call) for call in (given, taken, kept)]
    assert [round(each.held_until - each.transaction.started) for each in found] == [4, 4, 14]
    assert [each.released is not None for each in found] == [True, False, False]


@pytest.mark.parametrize(("status", "held"), [("Granted", True), ("Released", False), ("Pending", False)])
def test_another_may_hold_the_floor(opened: Opened, status: str, *, held: bool) -> None:
    call = make_call()
    call.decide(call.callee, status, request=9, unasked=True)
    call.ask(call.caller)
    call.decide(call.callee, "Denied")
    found = request(opened, call)
    assert found.is_held_by_another(found.transaction.started) is held


def test_slides_of_who_asked_are_told_from_those_of_the_other(opened: Opened) -> None:
    call = make_call()
    call.share(call.caller, seconds=2)
    call.talk(call.callee, seconds=2, only="slides")
    found = request(opened, call)
    assert found.slides is not None
    assert found.slides.record.label == "12"
    begin = found.transaction.started
    assert [each.source for each in found.shown(begin, begin + 10, by_asker=True)] == ["192.0.2.10"]
    assert [each.source for each in found.shown(begin, begin + 10, by_asker=False)] == ["198.51.100.20"]
    assert found.shown(begin + 20, begin + 30, by_asker=True) == ()
