"""Calls whose legs share no way to send keys."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from collabtrace.testing import Call, Line, Scene, audio
from tests.rules.conftest import Tell

RULE = "dtmf-no-common-method"
KPML = {"Allow-Events": "presence, KPML;x=1"}
UNSOLICITED = {"Call-Info": '<sip:192.0.2.1:5060>;method="NOTIFY;Event=telephone-event;Duration=500"'}


def without_events(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    return tuple(
        replace(line, codecs=tuple(codec for codec in line.codecs if codec.name != "telephone-event")) for line in lines
    )


def with_events(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    return tuple(replace(line, codecs=audio().codecs) for line in lines)


def make_call(
    caller: Mapping[str, str] | None = None,
    callee: Mapping[str, str] | None = None,
    *,
    offer: Line | None = None,
    answer: Line | None = None,
    anchors_media: bool = False,
    strips: bool = False,
    adds: bool = False,
    delayed: bool = False,
) -> Call:
    """A call over CUCM; the headers are those that announce what an end can do."""
    scene = Scene()
    alice = scene.phone("alice", "192.0.2.10", headers=caller or {})
    bob = scene.phone("bob", "198.51.100.20", headers=callee or {})
    cucm = scene.b2bua(
        "cucm",
        "203.0.113.5",
        user_agent="Cisco-CUCM12.5",
        anchors_media=anchors_media,
        edit_offer=without_events if strips else None,
        edit_answer=with_events if adds else None,
    )
    cucm.headers = {"Allow-Events": "presence, kpml", **UNSOLICITED}
    first = offer or audio()
    chosen = None if answer is None else [answer]
    return scene.call(alice, bob, via=[cucm], media=[first], answer=chosen, delayed_offer=delayed)


def ended(call: Call) -> Scene:
    call.talk(seconds=1)
    call.hang_up(call.caller)
    return call.scene


@pytest.mark.parametrize("headers", [KPML, UNSOLICITED], ids=["kpml", "notify"])
def test_one_end_knows_events_alone_and_the_other_only_messages(tell: Tell, headers: dict[str, str]) -> None:
    call = make_call(callee=headers, answer=audio("PCMU"))
    told = tell(RULE, ended(call))
    assert (told.finding.severity, told.finding.confidence) == ("major", "likely")
    assert told.frames[:2] == (8, 1)
    assert "192.0.2.10 knows telephone-events and 198.51.100.20 knows" in told.finding.message


def test_the_caller_may_be_the_one_without_events(tell: Tell) -> None:
    call = make_call(caller=KPML, offer=audio("PCMU"), answer=audio("PCMU", "telephone-event"))
    assert "192.0.2.10 knows KPML and 198.51.100.20 knows telephone-events" in tell(RULE, ended(call)).finding.message


def test_cucm_may_answer_for_an_end_that_cannot(tell: Tell) -> None:
    """Telephone-events are agreed on the leg of alice, whose RTP goes to bob, who never named any."""
    told = tell(RULE, ended(make_call(callee=KPML, answer=audio("PCMU"), adds=True)))
    assert "no telephone-event agreed between 203.0.113.5 and 198.51.100.20" in told.finding.message


def test_a_delayed_offer_that_is_answered_in_the_ack(tell: Tell) -> None:
    assert tell(RULE, ended(make_call(caller=KPML, delayed=True))).verdicts == ("clear",)
    told = tell(RULE, ended(make_call(caller=KPML, delayed=True, strips=True)))
    assert "192.0.2.10 knows KPML and 198.51.100.20 knows telephone-events" in told.finding.message


def test_a_b2bua_that_leaves_telephone_events_out(tell: Tell) -> None:
    """Both ends name them in what they offer, and neither gets to see those of the other."""
    call = make_call(strips=True)
    call.offer(call.callee, [audio()])
    told = tell(RULE, ended(call))
    assert "192.0.2.10 knows telephone-events and 198.51.100.20 knows telephone-events" in told.finding.message


def test_events_on_both_legs_are_clear(tell: Tell) -> None:
    assert tell(RULE, ended(make_call(KPML, KPML))).verdicts == ("clear",)


def test_events_that_a_later_round_left_out_are_clear(tell: Tell) -> None:
    call = make_call()
    call.offer(call.caller, [audio("PCMU")])
    assert tell(RULE, ended(call)).reasons == (
        "telephone-events were agreed on both legs at 203.0.113.5, though not in the last round",
    )


def test_both_ends_out_of_band_are_clear_whatever_the_method(tell: Tell) -> None:
    call = make_call(KPML, UNSOLICITED, offer=audio("PCMU"), answer=audio("PCMU"))
    assert tell(RULE, ended(call)).verdicts == ("clear",)


def test_what_sound_passes_through_can_translate(tell: Tell) -> None:
    call = make_call(callee=KPML, answer=audio("PCMU"), anchors_media=True)
    told = tell(RULE, ended(call))
    assert told.verdicts == ("clear",)
    assert "can translate keys" in told.reasons[0]


def test_an_end_that_was_seen_to_use_messages_can_do_them(tell: Tell) -> None:
    call = make_call(callee=KPML, answer=audio("PCMU"))
    call.press(call.caller, "5", method="info", legs=call.legs[:1])
    assert tell(RULE, ended(call)).verdicts == ("clear",)


def test_so_can_one_that_lets_its_keys_be_subscribed_to(tell: Tell) -> None:
    call = make_call(answer=audio("PCMU"))
    call.subscribe(call.legs[1].caller.machine, legs=call.legs[1:])
    assert "198.51.100.20 knows KPML" in tell(RULE, ended(call)).finding.message


def test_without_any_method_tones_may_do(tell: Tell) -> None:
    assert tell(RULE, ended(make_call(answer=audio("PCMU")))).verdicts == ()


def test_kpml_that_was_refused_is_no_method(tell: Tell) -> None:
    call = make_call(callee=KPML, answer=audio("PCMU"))
    call.subscribe(call.legs[1].caller.machine, legs=call.legs[1:], status=489)
    assert tell(RULE, ended(call)).verdicts == ()


def test_a_call_that_nobody_answered_is_not_judged(tell: Tell) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    scene.dial(alice, bob, via=[scene.b2bua("cucm", "203.0.113.5")]).reject(486)
    assert tell(RULE, scene).verdicts == ()


def test_an_answer_that_is_not_captured(tell: Tell) -> None:
    call = make_call(caller=KPML, delayed=True)
    acks = [sent for sent in call.scene.sent if bytes(sent.packet)[28:].startswith(b"ACK")]
    call.scene.sent.remove(acks[1])
    told = tell(RULE, ended(call))
    assert told.verdicts == ("unknown",)
    assert told.reasons[0] == "no answered SDP for sound is captured between 203.0.113.5 and 198.51.100.20"
