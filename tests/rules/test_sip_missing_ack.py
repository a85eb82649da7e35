"""sip-missing-ack counts repetitions of a 2xx that no ACK ends."""

import pytest

from collabtrace.testing import Call, Scene
from tests.rules.conftest import Tell

RULE = "sip-missing-ack"


def call_of(scene: Scene, *, address: str = "198.51.100.20", transport: str = "udp", delayed: bool = False) -> Call:
    alice = scene.phone("alice", "2001:db8::10" if ":" in address else "192.0.2.10", transport=transport)
    bob = scene.phone("bob", address, transport=transport)
    call = scene.dial(alice, bob, delayed_offer=delayed)
    call.ring()
    scene.wait(1)
    return call


def unacknowledged(call: Call, repeats: int) -> Scene:
    """The callee answers, repeats that, and gives up."""
    call.answer(acknowledged=False, repeats=repeats)
    call.scene.wait(1)
    call.hang_up(call.callee)
    return call.scene


def again(call: Call, *, acknowledged: bool, blocked: bool = False) -> None:
    """After the call was answered, a re-INVITE whose 200 is repeated four times."""
    call.answer()
    leg = call.legs[0]
    invite = leg.request(leg.caller, "INVITE")
    if blocked:
        call.scene.block(call.callee)
    leg.respond(invite, 200)
    if acknowledged:
        leg.acknowledge(invite)
    leg.repeat_answer(invite, 4)


def test_a_200_sent_four_times_is_proved_by_its_repetitions(tell: Tell) -> None:
    told = tell(RULE, unacknowledged(call_of(Scene()), 3))
    assert (told.finding.severity, told.finding.confidence) == ("critical", "proved")
    assert told.frames == (4, 7, 8)
    assert "its 200 to the INVITE 4 times to 192.0.2.10, for 3.5 s, and no ACK was captured" in told.finding.message
    assert "has to go to 198.51.100.20:5060" in told.finding.message


@pytest.mark.parametrize("transport", ["udp", "tcp"])
@pytest.mark.parametrize("address", ["198.51.100.20", "2001:db8::20"])
def test_over_any_transport(tell: Tell, transport: str, address: str) -> None:
    told = tell(RULE, unacknowledged(call_of(Scene(), address=address, transport=transport), 6))
    assert "sent its 200 to the INVITE 7 times" in told.finding.message


def test_a_delayed_offer_is_acknowledged_with_the_answer(tell: Tell) -> None:
    assert tell(RULE, unacknowledged(call_of(Scene(), delayed=True), 5)).verdicts == ("fault",)


def test_an_ack_that_changes_nothing_did_not_arrive(tell: Tell) -> None:
    scene = Scene()
    again(call_of(scene), acknowledged=True)
    told = tell(RULE, scene)
    assert told.frames == (8, 9, 13)
    assert "although 192.0.2.10 sent an ACK to 198.51.100.20 in frame 9 of x.pcapng" in told.finding.message


def test_two_captures_show_where_the_ack_got_lost(tell: Tell) -> None:
    scene = Scene()
    call = call_of(scene)
    again(call, acknowledged=True, blocked=True)
    told = tell(RULE, scene, call.callee, call.caller)
    assert "although 192.0.2.10 sent an ACK to 198.51.100.20 in frame 9 of alice.pcapng" in told.finding.message
    assert len(told.findings) == 1


def test_a_re_invite_is_judged_too(tell: Tell) -> None:
    scene = Scene()
    again(call_of(scene), acknowledged=False)
    assert tell(RULE, scene).frames[0] == 8


def asked_back(call: Call, *, acknowledged: bool, repeats: int = 4) -> None:
    """After the call was answered and talked in, a re-INVITE of the callee, counted like the INVITE of the caller."""
    call.answer()
    call.talk(seconds=2)
    leg = call.legs[0]
    invite = leg.request(leg.callee, "INVITE")
    assert invite.cseq == 1
    leg.respond(invite, 200)
    if acknowledged:
        leg.acknowledge(invite)
    leg.repeat_answer(invite, repeats)


def test_a_re_invite_of_the_callee_is_judged_too(tell: Tell) -> None:
    """The ACK of the caller's INVITE has the same Call-ID and CSeq, and is none of this one."""
    scene = Scene()
    asked_back(call_of(scene), acknowledged=False)
    told = tell(RULE, scene)
    assert "192.0.2.10 sent its 200 to the INVITE 5 times to 198.51.100.20" in told.finding.message
    assert "no ACK was captured" in told.finding.message


def test_a_re_invite_of_the_callee_that_is_acknowledged_is_well(tell: Tell) -> None:
    scene = Scene()
    asked_back(call_of(scene), acknowledged=True, repeats=0)
    assert tell(RULE, scene).verdicts == ("clear",)


def test_an_ack_that_the_callee_sent_is_named_where_it_did_not_arrive(tell: Tell) -> None:
    scene = Scene()
    asked_back(call_of(scene), acknowledged=True)
    assert "although 198.51.100.20 sent an ACK to 192.0.2.10" in tell(RULE, scene).finding.message


def test_the_callee_s_ack_does_not_stand_for_the_caller_s(tell: Tell) -> None:
    """Both ask at once: the callee acknowledges with the CSeq that the caller's ACK should have had."""
    scene = Scene()
    call = call_of(scene)
    call.answer()
    leg = call.legs[0]
    leg.callee.cseq = leg.caller.cseq
    mine, theirs = leg.request(leg.caller, "INVITE"), leg.request(leg.callee, "INVITE")
    assert mine.cseq == theirs.cseq
    leg.respond(theirs, 200)
    leg.respond(mine, 200)
    leg.acknowledge(theirs)
    leg.repeat_answer(mine, 4)
    assert "198.51.100.20 sent its 200 to the INVITE 5 times" in tell(RULE, scene).finding.message
    assert "no ACK was captured" in tell(RULE, scene).finding.message


def test_a_re_invite_of_the_callee_at_the_end_of_the_capture_cannot_tell(tell: Tell) -> None:
    scene = Scene()
    asked_back(call_of(scene), acknowledged=False, repeats=1)
    assert "ends 3.0 s too early" in tell(RULE, scene).reasons[0]


def test_an_ack_past_the_proxies_ends_the_repetitions(tell: Tell) -> None:
    scene = Scene()
    call = call_of(scene)
    call.callee.advertises = "203.0.113.9"
    call.answer(acknowledged=False, repeats=3)
    far = scene.phone("bob", "203.0.113.9")
    leg = call.legs[0]
    leg.callee.machine = far
    leg.request(leg.caller, "ACK", cseq=1)
    scene.wait(5)
    leg.exchange(leg.caller, "BYE")
    assert tell(RULE, scene).verdicts == ("clear",)


def test_an_ack_that_was_lost_once_is_no_fault(tell: Tell) -> None:
    scene = Scene()
    call = call_of(scene)
    call.answer(repeats=2)
    assert tell(RULE, scene).verdicts == ("clear",)


def test_second_copies_are_no_repetitions(tell: Tell) -> None:
    scene = Scene()
    scene.span()
    call = call_of(scene)
    call.answer(repeats=2)
    call.hang_up(call.caller)
    assert tell(RULE, scene).verdicts == ("clear",)


def test_a_200_that_is_not_repeated_was_acknowledged_past_the_capture(tell: Tell) -> None:
    scene = Scene()
    call = call_of(scene)
    call.answer(acknowledged=False)
    call.talk(call.caller, seconds=5)
    assert tell(RULE, scene).verdicts == ("clear",)


def test_a_capture_that_ends_with_the_200_cannot_tell(tell: Tell) -> None:
    scene = Scene()
    call_of(scene).answer(acknowledged=False, repeats=1)
    told = tell(RULE, scene)
    assert told.verdicts == ("unknown",)
    assert "no ACK was captured, but x.pcapng ends 3.0 s too early to show it" in told.reasons[0]


def test_a_call_that_ends_before_the_third_repetition_cannot_tell(tell: Tell) -> None:
    scene = Scene()
    told = tell(RULE, unacknowledged(call_of(scene), 0))
    assert "the call ended 1.0 s after the 200" in told.reasons[0]


def test_a_call_that_nobody_answered_is_not_judged(tell: Tell) -> None:
    scene = Scene()
    call_of(scene).reject()
    assert tell(RULE, scene).verdicts == ()


def test_only_the_fork_that_answered_is_acknowledged(tell: Tell) -> None:
    scene = Scene()
    call = call_of(scene)
    leg = call.legs[0]
    first, leg.callee.tag = leg.callee.tag, "another"
    call.answer()
    scene.wait(5)
    call.hang_up(call.caller)
    assert first != leg.callee.tag
    assert tell(RULE, scene).verdicts == ("clear",)
