"""Floor control of a scene's call."""

from collections.abc import Callable

import pytest

from collabtrace.protocols import bfcp as protocol
from collabtrace.protocols import rtp
from collabtrace.testing import Call, Line, Scene, bfcp, slides

Payloads = Callable[[Scene], list[bytes]]


def make_call(floors: Line, *others: Line) -> Call:
    scene = Scene()
    call = scene.call(scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20"), media=[floors, *others])
    scene.sent.clear()
    return call


def heard(payloads: list[bytes]) -> list[protocol.Message]:
    return [protocol.parse(data) for data in payloads if data[:1] in (b"\x20", b"\x30", b"\x40", b"\x50")]


@pytest.mark.parametrize("version", [1, 2])
def test_a_hello_is_answered_within_its_transaction(payloads: Payloads, version: int) -> None:
    call = make_call(bfcp(version=version))
    call.hello(call.callee)
    hello, answer = heard(payloads(call.scene))
    assert (hello.name, hello.version, hello.responder) == ("Hello", version, False)
    assert (answer.name, answer.version, answer.responder) == ("HelloAck", version, version == 2)
    assert (hello.conference, hello.transaction, hello.user) == (answer.conference, answer.transaction, answer.user)
    assert [sent.source.name for sent in call.scene.sent] == ["bob", "alice"]


def test_an_unanswered_hello_is_sent_again(payloads: Payloads) -> None:
    call = make_call(bfcp())
    call.hello(call.caller, answered=False, repeats=3)
    assert len(set(payloads(call.scene))) == 1
    first = call.scene.sent[0].time
    assert [(sent.time - first) / 10**9 for sent in call.scene.sent] == [0, 0.5, 1.5, 3.5]


def test_slides_are_shared_while_the_floor_is_granted(payloads: Payloads) -> None:
    call = make_call(bfcp(floors={7: 12}), slides())
    call.share(call.caller, seconds=1)
    messages = heard(payloads(call.scene))
    assert [(message.name, message.status) for message in messages] == [
        ("FloorRequest", None),
        ("FloorRequestStatus", "Granted"),
        ("FloorRelease", None),
        ("FloorRequestStatus", "Released"),
    ]
    assert messages[0].floors == (7,)
    assert [message.floor_request for message in messages] == [None, 1, 1, 1]
    assert [message.transaction for message in messages] == [1, 1, 2, 2]
    assert {rtp.parse(data).payload_type for data in payloads(call.scene)[2:-2]} == {126}


def test_no_slides_flow_when_the_floor_is_denied(payloads: Payloads) -> None:
    call = make_call(bfcp(), slides())
    call.share(call.caller, seconds=1, status="Denied")
    assert [message.status for message in heard(payloads(call.scene))] == [None, "Denied"]
    assert len(call.scene.sent) == 2


def test_over_tcp_the_active_side_opens_the_connection(payloads: Payloads) -> None:
    call = make_call(bfcp("TCP/BFCP", setup="passive"))
    call.hello(call.caller)
    opening = call.scene.sent[0]
    assert (opening.source.name, opening.packet[22:24]) == ("bob", (20000).to_bytes(2, "big"))
    assert [message.name for message in heard(payloads(call.scene))] == ["Hello", "HelloAck"]


def test_any_message_may_be_sent(payloads: Payloads) -> None:
    call = make_call(bfcp())
    call.floor_message(call.callee, "Error", protocol.Attribute(protocol.ERROR_CODE, b"\x05"), responder=True)
    (error,) = heard(payloads(call.scene))
    assert (error.name, error.error, error.responder) == ("Error", "Unauthorized Operation", True)


def test_nothing_is_said_where_no_floor_control_was_agreed() -> None:
    call = make_call(slides())
    call.hello(call.caller)
    assert call.scene.sent == []


def test_version_1_may_mark_its_responses_too(payloads: Payloads) -> None:
    call = make_call(bfcp(version=1))
    call.channel.marks_responses = True
    call.hello(call.caller)
    assert [message.responder for message in heard(payloads(call.scene))] == [False, True]


def test_a_server_decides_in_answer_or_as_news(payloads: Payloads) -> None:
    call = make_call(bfcp(), slides())
    call.ask(call.caller, repeats=1)
    call.decide(call.callee, "Pending")
    call.decide(call.callee, "Granted", unasked=True)
    call.release(call.caller)
    messages = heard(payloads(call.scene))
    assert [(message.name, message.transaction, message.status, message.responder) for message in messages] == [
        ("FloorRequest", 1, None, False),
        ("FloorRequest", 1, None, False),
        ("FloorRequestStatus", 1, "Pending", True),
        ("FloorRequestStatus", 2, "Granted", False),
        ("FloorRelease", 3, None, False),
        ("FloorRequestStatus", 3, "Released", True),
    ]
