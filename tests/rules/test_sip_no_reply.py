"""sip-no-reply believes a client that asks again and again."""

import pytest

from collabtrace.testing import Call, Machine, Scene
from collabtrace.testing.dialogs import Leg
from tests.rules.conftest import Tell

RULE = "sip-no-reply"


def machines(
    scene: Scene, *, six: bool = False, transport: str = "udp", agent: str = "Phone/1.0"
) -> tuple[Machine, Machine]:
    alice = scene.phone("alice", "2001:db8::10" if six else "192.0.2.10", transport=transport, user_agent=agent)
    bob = scene.phone("bob", "2001:db8::20" if six else "198.51.100.20", transport=transport)
    bob.port = 5062
    return alice, bob


def dialled(
    scene: Scene, repeats: int, *, six: bool = False, transport: str = "udp", agent: str = "Phone/1.0"
) -> Scene:
    """An INVITE that nobody answers."""
    alice, bob = machines(scene, six=six, transport=transport, agent=agent)
    call = Call(scene, [alice, bob], (), delayed_offer=True)
    leg = call.legs[0]
    leg.repeat(leg.request(leg.caller, "INVITE", heard=False), repeats)
    return scene


@pytest.mark.parametrize("six", [False, True])
def test_an_invite_sent_seven_times(tell: Tell, six: bool) -> None:
    told = tell(RULE, dialled(Scene(), 6, six=six))
    assert (told.finding.severity, told.finding.confidence, told.frames) == ("critical", "likely", (1, 7))
    assert ":5062 over UDP 7 times in 31.5 s, and no response was captured" in told.finding.message


def test_near_the_server_it_is_proved(tell: Tell) -> None:
    scene = Scene()
    alice, bob = machines(scene)
    alice.hops = 3
    scene.request(bob, alice, "REGISTER")
    call = Call(scene, [alice, bob], (), delayed_offer=True)
    leg = call.legs[0]
    leg.repeat(leg.request(leg.caller, "INVITE", heard=False), 3)
    told = tell(RULE, scene)
    assert (told.finding.confidence, told.finding.calls) == ("proved", (leg.call_id,))
    assert "although x.pcapng was taken on the link of 198.51.100.20" in told.finding.message


def test_an_icmp_error_settles_it_at_once(tell: Tell) -> None:
    scene = dialled(Scene(), 0)
    scene.unreachable(scene.sent[0].target, code=13)
    told = tell(RULE, scene)
    assert (told.finding.confidence, told.frames) == ("proved", (1, 2))
    assert "198.51.100.20 answered by ICMP: communication administratively prohibited." in told.finding.message


@pytest.mark.parametrize("method", ["REGISTER", "SUBSCRIBE", "MESSAGE"])
def test_requests_outside_of_calls(tell: Tell, method: str) -> None:
    scene = Scene()
    alice, bob = machines(scene)
    leg = scene.request(alice, bob, method, status=None, repeats=6)
    told = tell(RULE, scene)
    assert (told.frames, told.finding.calls) == ((1, 7), (leg.call_id,))
    assert f"sent {method} to 198.51.100.20:5062" in told.finding.message


def test_one_registration_that_fails_between_others_is_no_fault(tell: Tell) -> None:
    scene = Scene()
    alice, bob = machines(scene)
    for status in (None, 200):
        scene.request(alice, bob, "REGISTER", status=status, repeats=0 if status else 6)
        scene.wait(30)
    assert tell(RULE, scene).verdicts == ("clear",)
    for status in (None, None, 200):
        scene.request(alice, bob, "REGISTER", status=status, repeats=0 if status else 6)
        scene.wait(30)
    assert len(tell(RULE, scene).findings) == 1


def test_keep_alives_are_another_rules(tell: Tell) -> None:
    scene = Scene()
    alice, bob = machines(scene)
    scene.request(alice, bob, "OPTIONS", status=None, repeats=6)
    assert tell(RULE, scene).verdicts == ()


def test_a_request_within_a_call(tell: Tell) -> None:
    scene = Scene()
    alice, bob = machines(scene)
    call = scene.call(alice, bob)
    call.request(alice, "UPDATE", status=None, repeats=5)
    assert tell(RULE, scene).finding.message.startswith("192.0.2.10 sent UPDATE to 198.51.100.20:5062 over UDP 6 times")


def test_a_bye_that_nobody_hears_is_no_fault(tell: Tell) -> None:
    scene = Scene()
    alice, bob = machines(scene)
    call = scene.call(alice, bob)
    call.request(alice, "BYE", status=None, repeats=6)
    assert tell(RULE, scene).verdicts == ("clear",)


def test_tcp_repeats_nothing_and_waits(tell: Tell) -> None:
    scene = dialled(Scene(), 0, transport="tcp")
    scene.wait(6)
    alice, bob = scene.sent[0].source, scene.sent[0].target
    scene.disconnect(bob, alice)
    told = tell(RULE, scene)
    assert (told.finding.confidence, told.frames) == ("proved", (4,))
    assert "over TCP, and no response was captured" in told.finding.message


def test_tcp_that_the_client_closes_itself_cannot_tell(tell: Tell) -> None:
    scene = dialled(Scene(), 0, transport="tcp")
    scene.wait(1)
    alice, bob = scene.sent[0].source, scene.sent[0].target
    scene.disconnect(alice, bob)
    scene.wait(9)
    scene.datagram(alice, bob, (9, 9), b"later")
    assert "192.0.2.10 closed the connection itself 1.0 s later" in tell(RULE, scene).reasons[0]


def test_another_capture_shows_the_answer_that_never_came(tell: Tell) -> None:
    scene = Scene()
    alice, bob = machines(scene)
    call = Call(scene, [alice, bob], (), delayed_offer=True)
    leg = call.legs[0]
    invite = leg.request(leg.caller, "INVITE", heard=False)
    scene.block(alice)
    leg.repeat(invite, 4)
    leg.respond(invite, 503)
    told = tell(RULE, scene, alice, bob)
    assert told.finding.confidence == "proved"
    assert "bob.pcapng shows the 503 in frame 6, which never came to 192.0.2.10" in told.finding.message


def test_two_captures_of_one_registration_are_one_finding(tell: Tell) -> None:
    scene = Scene()
    alice, bob = machines(scene)
    scene.request(alice, bob, "REGISTER", status=None, repeats=5)
    assert len(tell(RULE, scene, alice, bob).findings) == 1


def test_a_call_answered_by_the_next_server_goes_on(tell: Tell) -> None:
    scene = Scene()
    alice, bob = machines(scene)
    proxy, other = scene.proxy("proxy", "203.0.113.1"), scene.phone("other", "203.0.113.9")
    call = scene.dial(alice, other, via=[proxy])
    tried = Leg(scene, [proxy, bob], (alice.uri, other.uri))
    tried.call_id, tried.caller.tag = call.legs[0].call_id, call.legs[0].caller.tag
    with scene.meanwhile():
        tried.repeat(tried.request(tried.caller, "INVITE", heard=False), 4)
    scene.wait(9)
    call.answer()
    told = tell(RULE, scene)
    assert told.verdicts == ("clear",)


def test_an_invite_that_was_lost_once_is_no_fault(tell: Tell) -> None:
    scene = Scene()
    alice, bob = machines(scene)
    call = scene.dial(alice, bob)
    call.answer()
    assert tell(RULE, scene).verdicts == ("clear",)


def test_a_client_that_does_not_ask_again_may_have_been_answered(tell: Tell) -> None:
    scene = dialled(Scene(), 1)
    scene.wait(20)
    scene.datagram(scene.sent[0].source, scene.sent[0].target, (9, 9), b"later")
    told = tell(RULE, scene)
    assert told.verdicts == ("unknown",)
    assert "192.0.2.10 sent it only 2 times" in told.reasons[0]


def test_a_capture_that_ends_too_early_cannot_tell(tell: Tell) -> None:
    assert "ends 3.5 s too early" in tell(RULE, dialled(Scene(), 1)).reasons[0]
    assert "ends 4.0 s too early" in tell(RULE, dialled(Scene(), 0, transport="tcp")).reasons[0]


@pytest.mark.parametrize("agent", ["friendly-scanner", "sipcli/v1.8"])
def test_what_scanners_ask_is_not_to_be_answered(tell: Tell, agent: str) -> None:
    assert tell(RULE, dialled(Scene(), 6, agent=agent)).verdicts == ()


def test_a_long_invite_may_have_lost_fragments(tell: Tell) -> None:
    scene = Scene()
    alice, bob = machines(scene)
    leg = Call(scene, [alice, bob], (), delayed_offer=True).legs[0]
    leg.repeat(leg.request(leg.caller, "INVITE", headers={"Subject": "x" * 2000}, heard=False), 4)
    assert "travels in IP fragments, which firewalls often drop" in tell(RULE, scene).finding.message


def test_a_connection_seen_in_one_direction_cannot_tell(tell: Tell) -> None:
    scene = dialled(Scene(), 0, transport="tcp")
    alice, bob = scene.sent[0].source, scene.sent[0].target
    alice.hops = bob.hops = 3
    scene.datagram(bob, alice, (9, 9), b"x")
    scene.wait(9)
    scene.datagram(alice, bob, (9, 9), b"x")
    scene.sent = [sent for sent in scene.sent if sent.source is alice or sent.packet[9] == 17]
    assert "x.pcapng holds nothing of that connection from 198.51.100.20" in tell(RULE, scene).reasons[0]


def test_responses_alone_are_not_judged(tell: Tell) -> None:
    scene = Scene()
    alice, bob = machines(scene)
    scene.request(alice, bob, "REGISTER")
    del scene.sent[0]
    assert tell(RULE, scene).verdicts == ("clear",)


def test_whoever_looks_for_a_provisioning_server_may_find_none(tell: Tell) -> None:
    scene = Scene()
    phone, group = scene.phone("phone", "192.0.2.10"), scene.phone("group", "224.0.1.75")
    scene.request(phone, group, "SUBSCRIBE", status=None, repeats=5)
    assert tell(RULE, scene).verdicts == ()


# Answers that the capture may lack


def referred(scene: Scene, transport: str) -> Call:
    """A call in which Alice sends REFER, whose answer the capture does not have; Bob reports how it goes on."""
    alice, bob = machines(scene, transport=transport)
    call = scene.call(alice, bob)
    call.request(alice, "REFER", status=None, repeats=0 if transport == "tcp" else 4)
    return call


def later(call: Call) -> None:
    call.scene.wait(40)
    call.scene.datagram(call.caller, call.callee, (9, 9), b"later")


def test_a_peer_that_goes_on_over_tcp_may_have_answered(tell: Tell) -> None:
    call = referred(Scene(), "tcp")
    call.request(call.callee, "NOTIFY")
    later(call)
    told = tell(RULE, call.scene)
    assert told.verdicts == ("unknown",)
    assert "198.51.100.20 goes on with it in frame" in told.reasons[0]


def test_a_peer_that_says_no_more_over_tcp_did_not_answer(tell: Tell) -> None:
    call = referred(Scene(), "tcp")
    later(call)
    assert "sent REFER to 198.51.100.20:5062 over TCP" in tell(RULE, call.scene).finding.message


def test_what_the_peer_says_in_another_call_shows_nothing(tell: Tell) -> None:
    call = referred(Scene(), "tcp")
    call.scene.call(call.callee, call.caller)
    later(call)
    assert tell(RULE, call.scene).verdicts.count("fault") == 1


def test_who_asks_again_and_again_over_udp_had_no_answer_whatever_follows(tell: Tell) -> None:
    call = referred(Scene(), "udp")
    call.request(call.callee, "NOTIFY")
    assert "sent REFER to 198.51.100.20:5062 over UDP 5 times" in tell(RULE, call.scene).finding.message


# Forks


def forked(scene: Scene, *, after: float, answered: bool = False) -> None:
    """A proxy asks two phones of one line, the second *after* a while; that one is off. One of the others ends it."""
    alice, bob = machines(scene)
    proxy, off = scene.proxy("proxy", "203.0.113.1"), scene.phone("off", "203.0.113.9")
    call = scene.dial(alice, bob, via=[proxy])
    branch = Leg(scene, [proxy, off], (alice.uri, bob.uri))
    branch.call_id, branch.caller.tag = call.legs[0].call_id, call.legs[0].caller.tag
    with scene.meanwhile(after):
        branch.repeat(branch.request(branch.caller, "INVITE", heard=False), 4)
    call.ring()
    scene.wait(after + 9)
    if answered:
        call.answer()
    else:
        call.cancel()
    scene.wait(9)


def test_a_shared_line_may_have_a_phone_that_is_off(tell: Tell) -> None:
    scene = Scene()
    forked(scene, after=0.1)
    assert tell(RULE, scene).verdicts == ("clear",)


def test_a_machine_that_a_call_went_on_without_is_named(tell: Tell) -> None:
    scene = Scene()
    forked(scene, after=5, answered=True)
    told = tell(RULE, scene)
    assert told.verdicts == ("unknown",)
    assert "no response of 203.0.113.9 to the INVITE was captured, which 203.0.113.1 sent it 5 times" in told.reasons[0]


def test_one_phone_of_a_shared_line_that_is_off_says_nothing_of_an_answered_call(tell: Tell) -> None:
    scene = Scene()
    forked(scene, after=0.1, answered=True)
    assert tell(RULE, scene).verdicts == ("clear",)


def test_the_next_server_of_a_list_has_to_answer(tell: Tell) -> None:
    """The second INVITE is sent 5 s later: the proxy hunts, and waits for each before it asks the next."""
    scene = Scene()
    forked(scene, after=5)
    assert "203.0.113.1 sent INVITE to 203.0.113.9:5060 over UDP 5 times" in tell(RULE, scene).finding.message


def test_a_fork_of_which_no_branch_is_answered_is_a_fault(tell: Tell) -> None:
    scene = Scene()
    alice, bob = machines(scene)
    proxy, off = scene.phone("proxy", "203.0.113.1"), scene.phone("off", "203.0.113.9")
    first = Leg(scene, [proxy, bob], (alice.uri, bob.uri))
    for target in (bob, off):
        branch = Leg(scene, [proxy, target], (alice.uri, bob.uri))
        branch.call_id, branch.caller.tag = first.call_id, first.caller.tag
        with scene.meanwhile():
            branch.repeat(branch.request(branch.caller, "INVITE", heard=False), 4)
    assert len(tell(RULE, scene).findings) == 1
