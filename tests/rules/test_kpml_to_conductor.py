"""Conferences on Conductor that die when keys should go by KPML."""

from collections.abc import Callable

import pytest

from collabtrace.testing import Call, Machine, Scene, audio
from tests.rules.conftest import Tell

RULE = "kpml-to-conductor"
XC = "TANDBERG/4352 (XC4.1)"
KPML = {"Allow-Events": "presence, kpml"}
NO_EVENTS = audio("PCMU")


def make_conference(
    scene: Scene, *, events: bool = False, user_agent: str = XC, delayed: bool = False, number: int = 0
) -> Call:
    """A participant comes to Conductor over CUCM; sound goes past CUCM, frames 1 to 10."""
    phone = scene.phone(f"phone{number}", f"192.0.2.{10 + number}", user_agent="Cisco-CP8865/14")
    conductor = scene.phone("8001", "198.51.100.7", user_agent=user_agent)
    conductor.next_port += 2 * number
    cucm = scene.b2bua("cucm", "203.0.113.5", user_agent="Cisco-CUCM11.5")
    cucm.headers = KPML
    media = [audio() if events else NO_EVENTS]
    return scene.call(phone, conductor, via=[cucm], media=media, delayed_offer=delayed, answer_after=0.5)


def subscribe(call: Call, status: int | None = 489, *, repeats: int = 0, notified: bool = False) -> None:
    """CUCM asks Conductor for keys."""
    leg = call.legs[1]
    headers = {"Event": "kpml", "Content-Type": "application/kpml-request+xml"}
    body = b"<kpml-request/>"
    leg.exchange(leg.caller, "SUBSCRIBE", headers=headers, body=body, status=status, repeats=repeats)
    if notified:
        leg.exchange(leg.callee, "NOTIFY", headers={"Event": "kpml", "Subscription-State": "active"})


def dropped(call: Call, after: float, cause: str = "") -> Scene:
    """Conductor ends the call *after* seconds."""
    call.scene.wait(after)
    call.hang_up(call.callee, headers={"Reason": cause} if cause else None)
    return call.scene


def test_conductor_is_asked_for_keys_and_ends_the_call(tell: Tell) -> None:
    call = make_conference(Scene())
    subscribe(call)
    told = tell(RULE, dropped(call, 9.8))
    assert (told.finding.severity, told.finding.confidence) == ("critical", "likely")
    assert told.frames == (11, 12, 3, 7, 13)
    assert "198.51.100.7 (Conductor) ended the leg between 203.0.113.5 and 198.51.100.7 9.8 s" in told.reasons[0]
    assert "a SUBSCRIBE to keys by KPML, which was answered 489" in told.reasons[0]
    assert "no telephone-event was agreed" in told.reasons[0]


@pytest.mark.parametrize("after", [3.0, 10.0, 18.0])
def test_reports_speak_of_three_to_eighteen_seconds(tell: Tell, after: float) -> None:
    call = make_conference(Scene())
    subscribe(call)
    assert len(tell(RULE, dropped(call, after)).findings) == 1


def no_answer(call: Call) -> None:
    subscribe(call, None, repeats=3)


def accepted(call: Call) -> None:
    subscribe(call, 200)


@pytest.mark.parametrize("ask", [subscribe, no_answer, accepted])
def test_a_subscription_that_leads_nowhere(tell: Tell, ask: Callable[[Call], None]) -> None:
    call = make_conference(Scene(), events=True)
    ask(call)
    assert tell(RULE, dropped(call, 6)).finding.confidence == "likely"


def test_the_end_right_after_the_subscription(tell: Tell) -> None:
    call = make_conference(Scene(), events=True)
    call.scene.wait(4)
    subscribe(call, 200, notified=True)
    told = tell(RULE, dropped(call, 0.5))
    assert "just before the end" in told.finding.message


def test_no_telephone_event_is_possible_alone(tell: Tell) -> None:
    assert tell(RULE, dropped(make_conference(Scene()), 10)).finding.confidence == "possible"


def test_and_likely_where_another_conference_died_so(tell: Tell) -> None:
    scene = Scene()
    for _ in range(2):
        dropped(make_conference(scene), 10)
        scene.wait(60)
    told = tell(RULE, scene)
    assert [each.confidence for each in told.findings] == ["likely", "likely"]


def test_the_legs_of_one_conference_are_one_finding(tell: Tell) -> None:
    scene = Scene()
    calls = [make_conference(scene, number=number) for number in range(3)]
    for call in calls:
        subscribe(call)
    scene.wait(6)
    for call in calls:
        call.hang_up(call.callee)
    told = tell(RULE, scene)
    assert told.verdicts == ("fault",) * 3
    assert told.finding.calls == tuple(call_id for call in calls for call_id in (leg.call_id for leg in call.legs))
    assert told.finding.message.endswith("2 more of its legs ended with it")
    assert len(told.frames) == 3 * 5


def test_cucm_may_end_it_with_the_participants(tell: Tell) -> None:
    call = make_conference(Scene())
    subscribe(call)
    call.scene.wait(9)
    to_phone, to_conductor = call.legs
    to_conductor.exchange(to_conductor.caller, "BYE")
    call.scene.wait(0.5)
    to_phone.exchange(to_phone.callee, "BYE")
    assert "with the participants' legs, ended the leg" in tell(RULE, call.scene).finding.message


def test_a_delayed_offer(tell: Tell) -> None:
    call = make_conference(Scene(), delayed=True)
    subscribe(call)
    assert "no telephone-event was agreed" in tell(RULE, dropped(call, 8)).finding.message


def test_a_user_who_hangs_up_after_nine_seconds_is_no_fault(tell: Tell) -> None:
    call = make_conference(Scene())
    subscribe(call)
    call.scene.wait(9)
    call.hang_up(call.caller)
    told = tell(RULE, call.scene)
    assert told.verdicts == ("clear",)
    assert "192.0.2.10 hung up" in told.reasons[0]


def test_a_user_who_hung_up_on_a_leg_that_nothing_joins_may_have_been_in_it(tell: Tell) -> None:
    scene = Scene()
    call = make_conference(scene)
    subscribe(call)
    cucm = call.legs[1].caller.machine
    other = scene.phone("other", "192.0.2.11")
    apart = scene.call(other, cucm, answer_after=0.5)
    scene.wait(8)
    apart.hang_up(other)
    told = tell(RULE, dropped(call, 0.5))
    assert told.verdicts == ("unknown",)
    assert "and may have been in it" in told.reasons[0]


def test_cucm_may_drop_legs_that_nothing_joins(tell: Tell) -> None:
    scene = Scene()
    call = make_conference(scene)
    subscribe(call)
    cucm = call.legs[1].caller.machine
    apart = scene.call(scene.phone("other", "192.0.2.11"), cucm, answer_after=0.5)
    scene.wait(8)
    call.legs[1].exchange(call.legs[1].caller, "BYE")
    apart.hang_up(cucm)
    assert tell(RULE, scene).finding.confidence == "possible"


def test_nor_is_the_end_of_a_conference_that_another_participant_left(tell: Tell) -> None:
    scene = Scene()
    call = make_conference(scene)
    subscribe(call)
    other = scene.phone("other", "192.0.2.11")
    second = scene.call(other, call.callee, via=[call.legs[1].caller.machine], media=[NO_EVENTS], answer_after=0.5)
    scene.wait(8)
    second.hang_up(other)
    told = tell(RULE, dropped(call, 0.5))
    assert told.findings == ()


def test_telephone_events_without_a_subscription_are_clear(tell: Tell) -> None:
    call = make_conference(Scene(), events=True)
    assert tell(RULE, dropped(call, 10)).verdicts == ("clear",)


def test_keys_that_went_as_telephone_events_speak_against_it(tell: Tell) -> None:
    call = make_conference(Scene(), events=True)
    subscribe(call)
    call.press(call.caller, "12")
    assert tell(RULE, dropped(call, 8)).verdicts == ("clear",)


def test_another_cause_speaks_against_it(tell: Tell) -> None:
    call = make_conference(Scene(), events=True)
    subscribe(call)
    assert tell(RULE, dropped(call, 8, 'Q.850;cause=47;text="resources"')).verdicts == ("clear",)


def test_a_normal_cause_does_not(tell: Tell) -> None:
    call = make_conference(Scene(), events=True)
    subscribe(call)
    assert len(tell(RULE, dropped(call, 8, "Q.850;cause=16")).findings) == 1


@pytest.mark.parametrize("user_agent", ["TANDBERG/4352 (X8.7.2)", "Acano CallBridge", "Cisco-CUCM12.5"])
def test_other_machines_are_not_judged(tell: Tell, user_agent: str) -> None:
    call = make_conference(Scene(), user_agent=user_agent)
    subscribe(call)
    assert tell(RULE, dropped(call, 8)).verdicts == ()


def test_a_call_that_lives_is_clear(tell: Tell) -> None:
    call = make_conference(Scene())
    subscribe(call)
    assert tell(RULE, dropped(call, 25)).verdicts == ("clear",)


def test_a_conductor_that_is_busy_is_not_judged(tell: Tell) -> None:
    scene = Scene()
    cucm, conductor = scene.phone("cucm", "203.0.113.5"), scene.phone("8001", "198.51.100.7", user_agent=XC)
    scene.request(conductor, cucm, "OPTIONS")
    scene.dial(cucm, conductor).reject(486)
    assert tell(RULE, scene).verdicts == ()


def test_an_accepted_subscription_of_its_own_is_taken_up(tell: Tell) -> None:
    call = make_conference(Scene(), events=True)
    leg = call.legs[1]
    headers = {"Event": f'kpml;call-id="{leg.call_id}"', "Content-Type": "application/kpml-request+xml"}
    call.scene.request(leg.caller.machine, leg.callee.machine, "SUBSCRIBE", headers=headers, body=b"<kpml-request/>")
    assert tell(RULE, dropped(call, 8)).verdicts == ("clear",)


def test_an_end_after_a_second_is_another_fault(tell: Tell) -> None:
    call = make_conference(Scene())
    subscribe(call)
    assert tell(RULE, dropped(call, 1)).verdicts == ()


def test_a_capture_that_ends_too_early(tell: Tell) -> None:
    scene = Scene()
    call = make_conference(scene)
    subscribe(call)
    scene.wait(6)
    scene.request(call.caller, call.callee, "OPTIONS")
    told = tell(RULE, scene)
    assert told.verdicts == ("unknown",)
    assert "the capture ends 6." in told.reasons[0]


def test_a_capture_that_does_not_show_the_participants(tell: Tell) -> None:
    scene = Scene()
    call = make_conference(scene)
    subscribe(call)
    scene.wait(9)
    call.legs[1].exchange(call.legs[1].caller, "BYE")
    scene.sent[:] = [sent for sent in scene.sent if near(sent.source, call) and near(sent.target, call)]
    told = tell(RULE, scene)
    assert told.verdicts == ("unknown",)
    assert "does not show whether somebody hung up" in told.reasons[0]


def near(machine: Machine, call: Call) -> bool:
    return machine is not call.caller


def test_the_same_conference_in_two_captures_is_one_finding(tell: Tell) -> None:
    call = make_conference(Scene())
    subscribe(call)
    told = tell(RULE, dropped(call, 6), call.legs[1].caller.machine, call.callee)
    assert "more of its legs" not in told.finding.message
