"""Keys pressed in a scene's call."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from collabtrace.protocols import kpml, rtp, sip, telephone_event
from collabtrace.testing import Call, Codec, Line, Scene, audio

Payloads = Callable[[Scene], list[bytes]]
Messages = Callable[[Scene], list[sip.Message]]
SAYS_96 = Codec("telephone-event", 96, 8000, "0-15")


def make_call(line: Line | None = None, *, answer: Line | None = None, over_pbx: bool = False) -> Call:
    scene = Scene()
    via = [scene.b2bua("pbx", "203.0.113.9", anchors_media=True)] if over_pbx else []
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    media = [line or audio()]
    call = scene.call(alice, bob, via=via, media=media, answer=None if answer is None else [answer])
    scene.sent.clear()
    return call


def ways(scene: Scene) -> list[tuple[str, str]]:
    return list(dict.fromkeys((sent.source.name, sent.target.name) for sent in scene.sent))


def test_keys_are_events_of_the_number_that_the_receiver_named(payloads: Payloads) -> None:
    call = make_call()
    call.press(call.caller, "1#")
    packets = [rtp.parse(data) for data in payloads(call.scene)]
    events = [telephone_event.parse(packet.payload) for packet in packets]
    assert {packet.payload_type for packet in packets} == {101}
    assert [event.digit for event in events] == ["1"] * 7 + ["#"] * 7
    assert [event.end for event in events[:7]] == [False] * 4 + [True] * 3
    assert [event.duration for event in events[:7]] == [160, 320, 480, 640, 800, 800, 800]
    assert len({packet.timestamp for packet in packets}) == 2
    assert [packet.marker for packet in packets[:7]] == [True] + [False] * 6


def test_each_side_uses_the_number_of_the_other(payloads: Payloads) -> None:
    call = make_call(answer=audio("PCMU", SAYS_96))
    for machine in (call.caller, call.callee):
        call.press(machine, "1")
    assert list(dict.fromkeys(rtp.parse(data).payload_type for data in payloads(call.scene))) == [96, 101]


def test_keys_need_an_agreed_number_or_a_wrong_one(payloads: Payloads) -> None:
    call = make_call(audio("PCMU"))
    call.press(call.caller, "1")
    assert call.scene.sent == []
    call.press(call.caller, "1", payload_type=96)
    assert {rtp.parse(data).payload_type for data in payloads(call.scene)} == {96}


def test_in_srtp_nobody_can_read_them(payloads: Payloads) -> None:
    call = make_call(replace(audio(), protocol="RTP/SAVP"))
    call.press(call.caller, "1")
    packets = [rtp.parse(data) for data in payloads(call.scene)]
    assert [len(packet.payload) for packet in packets] == [20] * 7
    assert len({packet.payload for packet in packets}) == 7


@pytest.mark.parametrize(
    ("method", "told"),
    [
        ("kpml", ["NOTIFY application/kpml-response+xml"]),
        ("info", ["INFO application/dtmf-relay"]),
        ("plain-info", ["INFO application/dtmf"]),
        ("notify", ["NOTIFY audio/telephone-event"] * 2),
    ],
)
def test_a_key_in_messages(messages: Messages, method: str, told: list[str]) -> None:
    call = make_call()
    began = call.scene.clock
    call.press(call.caller, "5", method=method)
    requests = [message for message in messages(call.scene) if message.method]
    assert [f"{message.method} {message.header('Content-Type')}" for message in requests] == told
    assert call.scene.clock == pytest.approx(began + 0.2)


def test_the_end_of_a_key_is_notified_when_it_is_released(messages: Messages) -> None:
    call = make_call()
    call.press(call.caller, "5", method="notify")
    begin, end = (telephone_event.parse(each.body) for each in messages(call.scene) if each.method)
    assert (begin.digit, begin.end, begin.duration) == ("5", False, 2000)
    assert (end.digit, end.end, end.duration) == ("5", True, 100)


@pytest.mark.parametrize("method", ["rtp-event", "kpml"])
def test_the_machine_between_may_keep_keys_to_itself(method: str) -> None:
    call = make_call(over_pbx=True)
    call.press(call.caller, "1", method=method, legs=call.legs[:1])
    assert set(ways(call.scene)) <= {("alice", "pbx"), ("pbx", "alice")}
    call.scene.sent.clear()
    call.press(call.caller, "1", method=method)
    assert ("pbx", "bob") in ways(call.scene)


def test_a_subscription_to_keys_is_told_of_at_once(messages: Messages) -> None:
    call = make_call()
    call.subscribe(call.callee)
    subscribe, _, notify, _ = messages(call.scene)
    assert (subscribe.method, subscribe.header("Event")) == ("SUBSCRIBE", "kpml")
    assert kpml.parse_request(subscribe.body).regexes[0].tag == "dtmf"
    assert (notify.method, notify.header("Subscription-State")) == ("NOTIFY", "active;expires=7200")


def test_a_subscription_that_is_refused_or_not_answered(messages: Messages) -> None:
    call = make_call(over_pbx=True)
    (pbx,) = {leg.caller.machine for leg in call.legs[1:]}
    call.subscribe(pbx, legs=call.legs[1:], status=489)
    assert [message.status for message in messages(call.scene)] == [None, 489]
    call.scene.sent.clear()
    call.subscribe(pbx, legs=call.legs[1:], status=None, repeats=2)
    assert [message.method for message in messages(call.scene)] == ["SUBSCRIBE"] * 3
