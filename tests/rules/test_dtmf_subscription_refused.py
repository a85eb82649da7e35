"""Subscriptions to key presses that come to nothing."""

import pytest

from collabtrace.testing import Call, Scene, audio
from tests.rules.conftest import Tell

RULE = "dtmf-subscription-refused"


def make_call(scene: Scene, *, events: bool = False, transport: str = "udp") -> Call:
    """A call of CUCM to a phone, with telephone-events or without."""
    cucm = scene.phone("cucm", "192.0.2.5", user_agent="Cisco-CUCM12.5", transport=transport)
    phone = scene.phone("phone", "198.51.100.20", transport=transport)
    return scene.call(cucm, phone, media=[audio() if events else audio("PCMU")])


def ended(call: Call, after: float = 5.0) -> Scene:
    call.scene.wait(after)
    call.hang_up(call.callee)
    return call.scene


@pytest.mark.parametrize("status", [403, 405, 408, 481, 489, 500, 501])
def test_a_refusal_is_proved_by_the_response(tell: Tell, status: int) -> None:
    call = make_call(Scene())
    call.subscribe(call.caller, status=status)
    told = tell(RULE, ended(call))
    assert (told.finding.severity, told.finding.confidence, told.frames) == ("minor", "proved", (6, 7))
    assert f"198.51.100.20 answered the SUBSCRIBE of 192.0.2.5 to key presses (KPML) with {status}" in told.reasons[0]
    assert "no telephone-events either" in told.reasons[0]


def test_the_finding_says_where_telephone_events_remain(tell: Tell) -> None:
    call = make_call(Scene(), events=True)
    call.subscribe(call.caller, status=489)
    assert "by which keys can still go" in tell(RULE, ended(call)).finding.message


def test_no_answer_to_four_transmissions(tell: Tell) -> None:
    call = make_call(Scene())
    call.subscribe(call.caller, status=None, repeats=3)
    told = tell(RULE, ended(call))
    assert (told.finding.confidence, told.frames) == ("likely", (6,))
    assert "(KPML) 4 times, and no answer was captured" in told.finding.message


def test_no_answer_over_tcp_is_sent_once(tell: Tell) -> None:
    call = make_call(Scene(), transport="tcp")
    call.subscribe(call.caller, status=None)
    assert "(KPML) once, and no answer" in tell(RULE, ended(call)).finding.message


def test_a_subscription_of_its_own_that_names_the_call(tell: Tell) -> None:
    scene = Scene()
    call = make_call(scene)
    headers = {"Event": f'kpml;call-id="{call.legs[0].call_id}"', "Content-Type": "application/kpml-request+xml"}
    scene.request(call.caller, call.callee, "SUBSCRIBE", headers=headers, body=b"<kpml-request/>", status=489)
    assert call.legs[0].call_id in tell(RULE, ended(call)).finding.calls


def test_a_refusal_behind_a_proxy_is_one_finding(tell: Tell) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    call = scene.call(alice, bob, via=[scene.proxy("proxy", "203.0.113.5")])
    call.subscribe(alice, status=489)
    told = tell(RULE, ended(call))
    assert "203.0.113.5 answered" not in told.finding.message
    assert "198.51.100.20 answered the SUBSCRIBE of 192.0.2.10" in told.finding.message


@pytest.mark.parametrize("status", [200, 202])
def test_an_accepted_subscription_is_clear(tell: Tell, status: int) -> None:
    call = make_call(Scene())
    call.subscribe(call.caller, status=status)
    assert tell(RULE, ended(call)).verdicts == ("clear",)


def test_a_challenge_that_was_met_is_no_refusal(tell: Tell) -> None:
    call = make_call(Scene())
    call.subscribe(call.caller, status=401)
    call.subscribe(call.caller)
    assert tell(RULE, ended(call)).verdicts == ("clear",)


def test_giving_a_subscription_back_is_no_try(tell: Tell) -> None:
    call = make_call(Scene())
    call.subscribe(call.caller)
    call.subscribe(call.caller, headers={"Expires": "0"}, status=481)
    assert tell(RULE, ended(call)).verdicts == ("clear",)


def test_a_refusal_that_crosses_the_end_of_the_call_is_none(tell: Tell) -> None:
    call = make_call(Scene())
    call.subscribe(call.caller, status=481)
    assert tell(RULE, ended(call, after=0.5)).verdicts == ()


def test_other_subscriptions_are_not_looked_at(tell: Tell) -> None:
    call = make_call(Scene())
    call.request(call.caller, "SUBSCRIBE", headers={"Event": "presence"}, status=489)
    assert tell(RULE, ended(call)).verdicts == ()


def test_a_call_that_ended_before_the_answer_was_due(tell: Tell) -> None:
    call = make_call(Scene())
    call.subscribe(call.caller, status=None, repeats=1)
    told = tell(RULE, ended(call, after=1.0))
    assert told.verdicts == ("unknown",)
    assert "the call ended, or its capture, 1.5 s after the SUBSCRIBE in frame 6" in told.reasons[0]


def test_a_capture_that_holds_one_way_alone(tell: Tell) -> None:
    scene = Scene()
    call = make_call(scene)
    for machine in (call.caller, call.callee):
        machine.hops = 5
    call.subscribe(call.caller, status=None, repeats=3)
    call.talk(call.caller, seconds=2)
    scene.sent[:] = [sent for sent in scene.sent if sent.source is call.caller]
    told = tell(RULE, scene)
    assert told.verdicts == ("unknown",)
    assert "holds no packet from 198.51.100.20 to 192.0.2.5" in told.reasons[0]
