"""Subscriptions to key presses, and what became of them."""

from collabtrace.subjects.call import Call
from collabtrace.subjects.key_subscription import KeySubscription
from collabtrace.subjects.related import Related
from collabtrace.testing import Call as ScenicCall
from collabtrace.testing import Scene
from tests.subjects.conftest import Opened


def make_call(scene: Scene, *, over_proxy: bool = False) -> ScenicCall:
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    return scene.call(alice, bob, via=[scene.proxy("proxy", "203.0.113.5")] if over_proxy else [])


def of(opened: Opened, scene: Scene) -> tuple[KeySubscription, ...]:
    return Call(Related(opened(scene)), 0).key_subscriptions


def test_a_subscription_that_was_accepted(opened: Opened) -> None:
    scene = Scene()
    make_call(scene).subscribe(scene.sent[0].source)
    (found,) = of(opened, scene)
    assert (found.subscriber, found.notifier, found.status) == ("192.0.2.10", "198.51.100.20", 200)
    assert (found.is_accepted, found.gives_back, found.retransmissions) == (True, False, 0)
    assert found.answer is not None
    assert (found.request.frame, found.answer.frame, found.file) == (6, 7, "x.pcapng")
    assert repr(found) == "<KeySubscription of 192.0.2.10 at 198.51.100.20, 200>"


def test_one_that_nobody_answers(opened: Opened) -> None:
    scene = Scene()
    make_call(scene).subscribe(scene.sent[0].source, status=None, repeats=2)
    (found,) = of(opened, scene)
    assert (found.answer, found.status, found.is_accepted, found.retransmissions) == (None, None, False, 2)


def test_the_hops_of_one_subscription_are_one(opened: Opened) -> None:
    scene = Scene()
    make_call(scene, over_proxy=True).subscribe(scene.sent[0].source, status=489)
    (found,) = of(opened, scene)
    assert len(found.hops) == 2
    assert (found.subscriber, found.notifier, found.status) == ("192.0.2.10", "198.51.100.20", 489)


def test_one_that_is_given_back(opened: Opened) -> None:
    scene = Scene()
    call = make_call(scene)
    call.subscribe(call.caller)
    call.subscribe(call.caller, headers={"Expires": "0"})
    assert [each.gives_back for each in of(opened, scene)] == [False, True]


def test_one_of_its_own_names_the_call(opened: Opened) -> None:
    scene = Scene()
    call = make_call(scene)
    headers = {"Event": f'kpml;call-id="{call.legs[0].call_id}"', "Content-Type": "application/kpml-request+xml"}
    scene.request(call.caller, call.callee, "SUBSCRIBE", headers=headers, body=b"<kpml-request/>")
    assert [each.status for each in of(opened, scene)] == [200]


def test_other_packages_are_no_keys(opened: Opened) -> None:
    scene = Scene()
    call = make_call(scene)
    call.request(call.caller, "SUBSCRIBE", headers={"Event": "dialog"})
    scene.request(call.caller, call.callee, "SUBSCRIBE", headers={"Event": "presence"})
    assert of(opened, scene) == ()
