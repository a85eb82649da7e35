"""Keys that are told twice."""

from dataclasses import replace

import pytest

from collabtrace.testing import Call, Scene, audio
from tests.rules.conftest import Tell

RULE = "dtmf-duplicated"


def make_call(scene: Scene, *, over_pbx: bool = False, anchors_media: bool = True) -> Call:
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    via = [scene.b2bua("pbx", "203.0.113.5", anchors_media=anchors_media)] if over_pbx else []
    return scene.call(alice, bob, via=via, media=[audio()])


def press_both(call: Call, digits: str, one: str, other: str, apart: float = 0.1) -> None:
    for digit in digits:
        with call.scene.meanwhile(apart):
            call.press(call.caller, digit, method=other)
        call.press(call.caller, digit, method=one)
        call.scene.wait(1)


@pytest.mark.parametrize(
    ("one", "other"), [("rtp-event", "info"), ("rtp-event", "kpml"), ("rtp-event", "notify"), ("kpml", "info")]
)
def test_the_same_key_by_two_methods(tell: Tell, one: str, other: str) -> None:
    scene = Scene()
    call = make_call(scene)
    press_both(call, "123", one, other)
    call.hang_up(call.caller)
    told = tell(RULE, scene)
    assert (told.finding.severity, told.finding.confidence) == ("minor", "likely")
    assert "3 keys were sent twice" in told.finding.message
    assert len(told.frames) == 6


def test_the_two_ways_may_meet_at_the_far_end(tell: Tell) -> None:
    """Events go past the B2BUA, which passes on by INFO what it was told by KPML."""
    scene = Scene()
    call = make_call(scene, over_pbx=True, anchors_media=False)
    for digit in "12":
        with scene.meanwhile():
            call.press(call.caller, digit)
        with scene.meanwhile(0.05):
            call.press(call.caller, digit, method="kpml", legs=call.legs[:1])
        with scene.meanwhile(0.2):
            call.press(call.caller, digit, method="info", legs=call.legs[1:])
        scene.wait(1)
    call.hang_up(call.caller)
    told = tell(RULE, scene)
    assert told.finding.confidence == "likely"
    assert "in RTP from 192.0.2.10 to 198.51.100.20 and in an INFO from 203.0.113.5 to 198.51.100.20" in told.reasons[0]


def test_two_receivers_are_possible_alone(tell: Tell) -> None:
    scene = Scene()
    call = make_call(scene, over_pbx=True, anchors_media=False)
    with scene.meanwhile(0.1):
        call.press(call.caller, "1", method="kpml", legs=call.legs[:1])
    call.press(call.caller, "1")
    scene.wait(1)
    call.hang_up(call.caller)
    told = tell(RULE, scene)
    assert told.finding.confidence == "possible"
    assert "whether both reach one receiver the capture does not show" in told.finding.message


def through_cucm(scene: Scene, *, anchors_media: bool = False, agent: str = "Cisco-CUCM14.0", passes_on: bool) -> None:
    """CUCM subscribed to Alice's keys, while events were agreed; it may pass on to Bob what it is told."""
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    cucm = scene.b2bua("cucm", "203.0.113.5", user_agent=agent, anchors_media=anchors_media)
    call = scene.call(alice, bob, via=[cucm], media=[audio()])
    for digit in "12":
        with scene.meanwhile(0.05):
            call.press(alice, digit, method="kpml", legs=call.legs[:1])
        if passes_on:
            with scene.meanwhile(0.1):
                call.press(alice, digit, method="info", legs=call.legs[1:])
        call.press(alice, digit)
        scene.wait(1)
    call.hang_up(alice)


@pytest.mark.parametrize("anchors_media", [False, True])
def test_the_call_manager_knows_of_what_it_gets_by_kpml_beside_rtp(tell: Tell, anchors_media: bool) -> None:
    """Also where the events go to a termination point at its own address."""
    scene = Scene()
    through_cucm(scene, anchors_media=anchors_media, passes_on=False)
    told = tell(RULE, scene)
    assert told.verdicts == ("unknown",)
    assert "CUCM, which knows of such doubles" in told.reasons[0]


def test_what_the_call_manager_passes_on_all_the_same_comes_twice(tell: Tell) -> None:
    scene = Scene()
    through_cucm(scene, passes_on=True)
    assert "in an INFO from 203.0.113.5 to 198.51.100.20" in tell(RULE, scene).finding.message


def test_another_server_may_not_know_of_it(tell: Tell) -> None:
    scene = Scene()
    through_cucm(scene, agent="Asterisk PBX 18.2", passes_on=False)
    assert tell(RULE, scene).finding.confidence == "possible"


@pytest.mark.parametrize(("digits", "other", "apart"), [("1", "2", 0.1), ("1", "1", 0.8)])
def test_other_keys_and_later_ones_are_no_doubles(tell: Tell, digits: str, other: str, apart: float) -> None:
    scene = Scene()
    call = make_call(scene)
    with scene.meanwhile(apart):
        call.press(call.caller, other, method="info")
    call.press(call.caller, digits)
    scene.wait(2)
    call.hang_up(call.caller)
    assert tell(RULE, scene).verdicts == ("clear",)


def test_the_same_key_twice_by_one_method_is_the_users(tell: Tell) -> None:
    scene = Scene()
    call = make_call(scene)
    call.press(call.caller, "1122")
    call.hang_up(call.caller)
    assert tell(RULE, scene).verdicts == ("clear",)


def test_a_b2bua_that_translates_doubles_nothing(tell: Tell) -> None:
    scene = Scene()
    call = make_call(scene, over_pbx=True)
    for digit in "123":
        with scene.meanwhile():
            call.press(call.caller, digit, legs=call.legs[:1])
        call.press(call.caller, digit, method="info", legs=call.legs[1:])
        scene.wait(1)
    call.hang_up(call.caller)
    assert tell(RULE, scene).verdicts == ("clear",)


def test_both_ends_pressing_at_once_double_nothing(tell: Tell) -> None:
    scene = Scene()
    call = make_call(scene)
    with scene.meanwhile():
        call.press(call.callee, "1", method="info")
    call.press(call.caller, "1")
    call.hang_up(call.caller)
    assert tell(RULE, scene).verdicts == ("clear",)


def test_without_rtp_nobody_knows(tell: Tell) -> None:
    scene = Scene()
    call = make_call(scene)
    call.press(call.caller, "123", method="info")
    call.hang_up(call.caller)
    told = tell(RULE, scene)
    assert told.verdicts == ("unknown",)
    assert "no RTP is captured, in which they may have come too" in told.reasons[0]


def test_in_srtp_the_keys_are_paired_by_time_alone(tell: Tell) -> None:
    scene = Scene()
    secure = replace(audio(), protocol="RTP/SAVP", attributes=("crypto:1 AES_CM_128_HMAC_SHA1_80 inline:a2V5",))
    call = scene.call(scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20"), media=[secure])
    press_both(call, "12", "rtp-event", "info")
    assert tell(RULE, scene).finding.confidence == "possible"


def test_a_call_without_keys_is_not_judged(tell: Tell) -> None:
    scene = Scene()
    make_call(scene).hang_up(scene.sent[0].source)
    assert tell(RULE, scene).verdicts == ()
