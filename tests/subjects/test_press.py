"""A key pressed, and who pressed it."""

import pytest

from collabtrace.subjects.call import Call
from collabtrace.subjects.related import Related
from collabtrace.testing import Codec, Scene, audio
from tests.subjects.conftest import Opened

SAYS_96 = audio("PCMU", Codec("telephone-event", 96, 8000, "0-15"))


@pytest.mark.parametrize("method", ["rtp-event", "kpml", "info", "notify"])
@pytest.mark.parametrize("delayed", [False, True])
def test_whoever_pressed_is_told_from_who_hears(opened: Opened, method: str, delayed: bool) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    call = scene.call(alice, bob, delayed_offer=delayed)
    call.press(alice, "1", method=method)
    call.press(bob, "2", method=method)
    first, second = Call(Related(opened(scene)), 0).presses
    assert [first.by_caller, second.by_caller] == [True, False]
    assert (first.from_machine, first.to_machine) == (alice.address, bob.address)
    assert (second.from_machine, second.to_machine) == (bob.address, alice.address)
    assert first.until - first.time == pytest.approx(0.0 if method == "kpml" else 0.1)


def test_a_key_in_rtp_has_the_descriptions_of_both_sides(opened: Opened) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    call = scene.call(alice, bob, answer=[SAYS_96])
    call.press(bob, "1")
    (press,) = Call(Related(opened(scene)), 0).presses
    assert press.sender is not None
    assert press.receiver is not None
    assert (press.sender.frame, press.receiver.frame) == (4, 1)
    assert press.record.payload_type == 101


def test_a_key_in_a_message_has_none(opened: Opened) -> None:
    scene = Scene()
    call = scene.call(scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20"))
    call.press(call.caller, "1", method="info")
    (press,) = Call(Related(opened(scene)), 0).presses
    assert (press.line, press.sender, press.receiver, press.from_offerer) == (None, None, None, None)


def test_behind_a_proxy_the_ends_of_the_leg_count(opened: Opened) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    call = scene.call(alice, bob, via=[scene.proxy("proxy", "203.0.113.5")])
    call.press(bob, "1", method="info")
    (press,) = Call(Related(opened(scene)), 0).presses
    assert (press.record.target, press.to_machine) == ("203.0.113.5", alice.address)


def test_its_picture_shows_no_key(opened: Opened) -> None:
    scene = Scene()
    call = scene.call(scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20"))
    call.press(call.caller, "7")
    (press,) = Call(Related(opened(scene)), 0).presses
    assert repr(press) == "<Press by rtp-event from 192.0.2.10 to 198.51.100.20, frame 6 of x.pcapng>"
    assert (press.file, press.frame) == ("x.pcapng", 6)
