"""Calls of a scene, told by the messages that they send."""

from collections.abc import Callable
from itertools import pairwise

import pytest

from collabtrace.protocols import sip
from collabtrace.testing import Machine, Scene, audio, video

Told = Callable[[Scene], list[str]]
Messages = Callable[[Scene], list[sip.Message]]
Stage = tuple[Scene, Machine, Machine]


@pytest.fixture
def stage() -> Stage:
    scene = Scene()
    return scene, scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")


def test_a_refused_call_is_acknowledged(stage: Stage, told: Told) -> None:
    scene, alice, bob = stage
    scene.dial(alice, bob).reject(486)
    assert told(scene)[2:] == ["bob alice 486 INVITE", "alice bob ACK"]


def test_a_cancelled_call_ends_with_487_over_every_hop(stage: Stage, told: Told) -> None:
    scene, alice, bob = stage
    scene.dial(alice, bob, via=[scene.proxy("proxy", "203.0.113.5")]).cancel()
    assert told(scene)[4:] == [
        "alice proxy CANCEL",
        "proxy alice 200 CANCEL",
        "proxy bob CANCEL",
        "bob proxy 200 CANCEL",
        "bob proxy 487 INVITE",
        "proxy bob ACK",
        "proxy alice 487 INVITE",
        "alice proxy ACK",
    ]


def test_a_reliable_provisional_response_is_acknowledged_by_prack(stage: Stage, told: Told, messages: Messages) -> None:
    scene, alice, bob = stage
    scene.dial(alice, bob).ring(183, early_media=True, reliable=True)
    assert told(scene)[2:] == ["bob alice 183 INVITE+", "alice bob PRACK", "bob alice 200 PRACK"]
    assert messages(scene)[2].header("RSeq") == "1"
    assert messages(scene)[3].header("RAck") == "1 1 INVITE"


def test_a_delayed_offer_comes_in_the_200_and_its_answer_in_the_ack(stage: Stage, told: Told) -> None:
    scene, alice, bob = stage
    scene.call(alice, bob, delayed_offer=True)
    assert [line for line in told(scene) if line.endswith("+")] == ["bob alice 200 INVITE+", "alice bob ACK+"]
    assert "alice bob INVITE" in told(scene)


def test_an_answer_may_stay_without_an_ack_and_be_repeated(stage: Stage, told: Told) -> None:
    scene, alice, bob = stage
    scene.dial(alice, bob).answer(acknowledged=False, repeats=2)
    assert told(scene)[2:] == ["bob alice 200 INVITE+"] * 3
    times = [sent.time for sent in scene.sent[2:]]
    assert [late - early for early, late in pairwise(times)] == [500_000_000, 1_000_000_000]


def test_a_b2bua_makes_legs_of_their_own_that_share_a_session_id(stage: Stage, told: Told, messages: Messages) -> None:
    scene, alice, bob = stage
    call = scene.call(alice, bob, via=[scene.b2bua("cucm", "203.0.113.9")])
    call.hang_up(bob)
    assert told(scene)[-4:] == ["bob cucm BYE", "cucm alice BYE", "alice cucm 200 BYE", "cucm bob 200 BYE"]
    invites = [message for message in messages(scene) if message.method == "INVITE"]
    assert len({message.call_id for message in invites}) == 2
    assert len({message.header("Session-ID") for message in invites}) == 1
    assert {message.from_.uri for message in invites if message.from_} == {alice.uri}


def test_hold_and_resume_negotiate_the_direction_anew(stage: Stage, messages: Messages) -> None:
    scene, alice, bob = stage
    call = scene.call(alice, bob)
    call.hold(bob)
    call.resume(bob)
    bodies = [message.body.split(b"\r\n")[-2] for message in messages(scene) if message.body]
    assert bodies[2:] == [b"a=sendonly", b"a=recvonly", b"a=sendrecv", b"a=sendrecv"]


def test_an_update_negotiates_without_an_ack(stage: Stage, told: Told) -> None:
    scene, alice, bob = stage
    call = scene.call(alice, bob)
    call.offer(bob, [audio("PCMA")], method="UPDATE")
    assert told(scene)[-2:] == ["bob alice UPDATE+", "alice bob 200 UPDATE+"]


def test_any_request_within_a_call(stage: Stage, told: Told, messages: Messages) -> None:
    scene, alice, bob = stage
    call = scene.call(alice, bob)
    call.request(bob, "INFO", headers={"Content-Type": "application/dtmf-relay"}, body=b"Signal=5\r\n")
    call.request(alice, "BYE", status=None, repeats=1)
    assert told(scene)[5:] == ["bob alice INFO+", "alice bob 200 INFO", "alice bob BYE", "alice bob BYE"]
    info = messages(scene)[5]
    assert (info.header("Content-Type"), info.body) == ("application/dtmf-relay", b"Signal=5\r\n")


def test_nobody_else_speaks_in_a_call(stage: Stage) -> None:
    scene, alice, bob = stage
    call = scene.call(alice, bob)
    with pytest.raises(ValueError, match="carol is no end of this call"):
        call.hang_up(scene.phone("carol", "192.0.2.12"))


def test_the_ack_answers_what_it_is_told_to(stage: Stage, messages: Messages) -> None:
    scene, alice, bob = stage
    call = scene.dial(alice, bob, delayed_offer=True)
    call.answer([audio(), video()], in_ack=[audio(), video().rejected()])
    ack = messages(scene)[-1]
    assert ack.start.method == "ACK"
    assert b"m=video 0 " in ack.body
