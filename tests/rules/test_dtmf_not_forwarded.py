"""Keys that get no further than a machine in the middle of the call."""

from collections.abc import Mapping

import pytest

from collabtrace.testing import Call, Line, Scene, audio, video
from tests.rules.conftest import Tell

RULE = "dtmf-not-forwarded"
KPML = {"Allow-Events": "kpml"}


def make_call(
    *, anchors_media: bool = True, answer: Line | None = None, callee: Mapping[str, str] | None = None, hops: int = 0
) -> Call:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20", headers=callee or {})
    sbc = scene.b2bua("sbc", "203.0.113.5", anchors_media=anchors_media)
    for machine in (alice, bob, sbc):
        machine.hops = hops
    return scene.call(alice, bob, via=[sbc], answer=None if answer is None else [answer])


def pressed(
    call: Call, keys: str, *, method: str = "rtp-event", forwarded: bool = False, by_callee: bool = False
) -> int:
    """Press keys amid talk on both legs; the frame of the first."""
    call.talk(seconds=1)
    frame = len(call.scene.sent) + 1
    by, first = (call.callee, call.legs[1:]) if by_callee else (call.caller, call.legs[:1])
    call.press(by, keys, method=method, legs=None if forwarded else first)
    call.talk(seconds=3)
    call.hang_up(call.caller)
    return frame


@pytest.mark.parametrize("method", ["rtp-event", "kpml", "info", "notify"])
def test_keys_reach_the_sbc_and_go_no_further(tell: Tell, method: str) -> None:
    call = make_call()
    first = pressed(call, "1234", method=method)
    told = tell(RULE, call.scene)
    assert (told.finding.severity, told.finding.confidence, told.frames[0]) == ("major", "likely", first)
    assert len(told.frames) == 4
    assert told.finding.message.startswith("203.0.113.5 got 4 keys from 192.0.2.10 and passed none on to 198.51.100.20")


def test_the_callee_may_press(tell: Tell) -> None:
    call = make_call()
    pressed(call, "123", by_callee=True)
    assert "from 198.51.100.20 and passed none on to 192.0.2.10" in tell(RULE, call.scene).finding.message


def test_one_key_is_possible_alone(tell: Tell) -> None:
    call = make_call()
    pressed(call, "1")
    assert tell(RULE, call.scene).finding.confidence == "possible"


def test_some_keys_went_on(tell: Tell) -> None:
    call = make_call()
    call.talk(seconds=1)
    call.press(call.caller, "12")
    call.scene.wait(2)
    call.press(call.caller, "34", legs=call.legs[:1])
    call.talk(seconds=3)
    call.hang_up(call.caller)
    told = tell(RULE, call.scene)
    assert told.finding.confidence == "possible"
    assert "got 4 keys from 192.0.2.10 and passed only 2 on" in told.finding.message


def test_the_two_legs_in_two_captures(tell: Tell) -> None:
    call = make_call()
    pressed(call, "123")
    assert tell(RULE, call.scene, call.caller, call.callee).finding.confidence == "likely"


@pytest.mark.parametrize("method", ["rtp-event", "kpml", "info"])
def test_keys_that_were_passed_on_are_clear(tell: Tell, method: str) -> None:
    call = make_call()
    pressed(call, "1234", method=method, forwarded=True)
    assert tell(RULE, call.scene).verdicts == ("clear",)
    call = make_call()
    pressed(call, "1234", method=method, forwarded=True)
    assert tell(RULE, call.scene, call.caller, call.callee).verdicts == ("clear",)


def test_keys_that_were_translated_are_clear(tell: Tell) -> None:
    call = make_call(callee=KPML)
    call.talk(seconds=1)
    for key in "123":
        with call.scene.meanwhile(0.3):
            call.press(call.caller, key, method="info", legs=call.legs[1:])
        call.press(call.caller, key, legs=call.legs[:1])
        call.scene.wait(1)
    call.talk(seconds=2)
    call.hang_up(call.caller)
    assert tell(RULE, call.scene).verdicts == ("clear",)


def test_sound_that_goes_past_the_b2bua_is_not_its_to_forward(tell: Tell) -> None:
    call = make_call(anchors_media=False)
    pressed(call, "1234")
    assert tell(RULE, call.scene).verdicts == ()


def test_keys_to_the_b2bua_beside_events_that_go_past_it_are_clear(tell: Tell) -> None:
    call = make_call(anchors_media=False)
    call.talk(seconds=1)
    for key in "123":
        with call.scene.meanwhile():
            call.press(call.caller, key, method="kpml", legs=call.legs[:1])
        call.press(call.caller, key)
    call.talk(seconds=2)
    call.hang_up(call.caller)
    assert tell(RULE, call.scene).verdicts == ("clear",)


def test_a_leg_to_a_recorder_gets_no_keys(tell: Tell) -> None:
    call = make_call()
    scene, sbc = call.scene, call.legs[0].callee.machine
    same = f"{call.legs[0].caller.session_id};remote={call.legs[0].callee.session_id}"
    record = scene.call(sbc, scene.phone("recorder", "203.0.113.9"), headers={"Session-ID": same}, answer_after=0.1)
    record.talk(seconds=0.1)
    pressed(call, "1234", forwarded=True)
    record.hang_up(sbc)
    told = tell(RULE, scene)
    assert told.verdicts == ("clear",)
    assert len(told.reasons[0]) < 100


def test_keys_before_the_answer_are_for_the_b2bua(tell: Tell) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    call = scene.dial(alice, bob, via=[scene.b2bua("sbc", "203.0.113.5")])
    call.press(alice, "123", method="info", legs=call.legs[:1])
    call.answer()
    call.talk(seconds=1)
    call.hang_up(alice)
    assert tell(RULE, scene).verdicts == ()


def test_a_leg_without_method_and_without_tones(tell: Tell) -> None:
    """G.729 does not carry tones well enough to be keys."""
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    media = [video(), audio("G729")]
    call = scene.call(alice, bob, via=[scene.b2bua("sbc", "203.0.113.5")], media=media)
    pressed(call, "123", method="info")
    assert "no telephone-event was agreed there" in tell(RULE, scene).finding.message


def test_a_capture_that_ends_with_the_keys(tell: Tell) -> None:
    call = make_call()
    call.talk(seconds=1)
    call.press(call.caller, "123", legs=call.legs[:1])
    call.scene.wait(5)
    call.hang_up(call.caller)
    bye = next(at for at, sent in enumerate(call.scene.sent) if bytes(sent.packet)[28:].startswith(b"BYE"))
    told = tell(RULE, call.scene)
    assert told.verdicts == ("unknown",)
    call.scene.sent[bye:] = []
    assert tell(RULE, call.scene).verdicts == ()


def test_tones_in_the_sound_cannot_be_seen(tell: Tell) -> None:
    call = make_call(answer=audio("PCMU"))
    pressed(call, "123", method="kpml")
    told = tell(RULE, call.scene)
    assert told.verdicts == ("unknown",)
    assert "they may have gone on as tones in the sound" in told.reasons[0]


def test_rtp_of_the_other_leg_that_is_not_captured(tell: Tell) -> None:
    call = make_call()
    pressed(call, "123")
    scene, sbc = call.scene, call.legs[0].callee.machine
    scene.sent[:] = [sent for sent in scene.sent if sent.source is not sbc or b"SIP/2.0" in bytes(sent.packet)]
    told = tell(RULE, scene)
    assert told.verdicts == ("unknown",)
    assert "no RTP from 203.0.113.5 to 198.51.100.20 was captured" in told.reasons[0]


def test_a_call_without_keys_is_not_judged(tell: Tell) -> None:
    call = make_call()
    call.talk(seconds=1)
    call.hang_up(call.caller)
    assert tell(RULE, call.scene).verdicts == ()
