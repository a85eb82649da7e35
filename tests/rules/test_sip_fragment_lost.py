"""sip-fragment-lost believes that fragments got lost only where nobody heard the message."""

from collections.abc import Sequence

import pytest

from collabtrace.rules import sip_fragment_lost
from collabtrace.schema import Message, Partial
from collabtrace.testing import Machine, Scene
from collabtrace.testing.dialogs import Leg
from collabtrace.testing.files import Pcapng
from collabtrace.testing.wire import icmp_error, icmpv6_error
from tests.rules.conftest import Tell

RULE = "sip-fragment-lost"
NAME = sip_fragment_lost._name
LONG = {"Subject": "x" * 3000}


def machines(scene: Scene, *, six: bool = False, hops: int = 2) -> tuple[Machine, Machine]:
    """A caller some routers away, and a server near the capture."""
    alice = scene.phone("alice", "2001:db8::10" if six else "192.0.2.10")
    bob = scene.phone("bob", "2001:db8::20" if six else "198.51.100.20")
    bob.port, alice.hops = 5062, hops
    return alice, bob


def dialled(scene: Scene, ends: Sequence[Machine], repeats: int, *, status: int | None = None) -> Leg:
    """A long INVITE, its retransmissions, and an answer where there is one."""
    leg = Leg(scene, ends)
    sent = leg.request(leg.caller, "INVITE", headers=LONG, heard=False)
    leg.repeat(sent, repeats)
    if status:
        leg.respond(sent, status)
    return leg


@pytest.mark.parametrize("six", [False, True])
def test_three_tries_without_their_fragments(tell: Tell, six: bool) -> None:
    scene = Scene()
    alice, bob = machines(scene, six=six)
    scene.block_fragments(bob)
    leg = dialled(scene, (alice, bob), 2)
    told = tell(RULE, scene, bob)
    assert (told.finding.severity, told.finding.confidence, told.frames) == ("critical", "likely", (1, 3))
    assert (told.finding.calls, told.verdicts) == ((leg.call_id,), ("fault",))
    assert ":5062 the INVITE 3 times in 1.5 s, each in IP fragments of which only 14" in told.finding.message
    assert "(last missing), and no answer was captured" in told.finding.message


def test_the_display_filter_shows_all_fragments(tell: Tell) -> None:
    scene = Scene()
    alice, bob = machines(scene)
    scene.block_fragments(bob)
    dialled(scene, (alice, bob), 2)
    shown = "(ip.flags.mf == 1 || ip.frag_offset > 0) && ip.addr == 192.0.2.10 && ip.addr == 198.51.100.20"
    assert tell(RULE, scene, bob).finding.display_filter == shown


def test_two_captures_prove_it(tell: Tell) -> None:
    scene = Scene()
    alice, bob = machines(scene)
    scene.request(alice, bob, "OPTIONS")
    scene.block_fragments(bob)
    dialled(scene, (alice, bob), 3)
    told = tell(RULE, scene, alice, bob)
    assert told.finding.confidence == "proved"
    assert "In alice.pcapng it is whole (frame 5)" in told.finding.message


@pytest.mark.parametrize("six", [False, True])
def test_a_receiver_that_waited_in_vain_says_so(tell: Tell, six: bool) -> None:
    scene = Scene()
    alice, bob = machines(scene, six=six)
    scene.block_fragments(bob)
    dialled(scene, (alice, bob), 0)
    first = scene.sent[0].packet
    scene.wait(30)
    error = icmpv6_error(first[:1232], type=3, code=1) if six else icmp_error(first[:576], type=11, code=1)
    scene.transmit(bob, alice, error)
    told = tell(RULE, scene, bob)
    assert (told.finding.confidence, told.frames) == ("proved", (1, 2))
    assert "reports by ICMP that it waited for fragments in vain" in told.finding.message


def test_long_requests_that_nobody_answers_beside_short_ones(tell: Tell) -> None:
    scene = Scene()
    alice, bob = machines(scene)
    scene.request(alice, bob, "REGISTER")
    dialled(scene, (alice, bob), 4)
    told = tell(RULE, scene)
    assert (told.finding.confidence, told.frames) == ("likely", (5, 1))
    assert "the INVITE of 3" in told.finding.message
    assert "was answered in frame 2" in told.finding.message


def test_long_requests_to_a_server_that_answers_nothing_are_another_fault(tell: Tell) -> None:
    scene = Scene()
    dialled(scene, machines(scene), 4)
    assert tell(RULE, scene).findings == ()


def test_long_requests_that_are_answered(tell: Tell) -> None:
    scene = Scene()
    alice, bob = machines(scene)
    scene.request(alice, bob, "REGISTER")
    dialled(scene, (alice, bob), 1, status=486)
    assert tell(RULE, scene).verdicts == ("clear",)


def test_a_lost_200_is_sent_again_and_again(tell: Tell) -> None:
    scene = Scene()
    alice, bob = machines(scene)
    scene.block_fragments(alice)
    leg = Leg(scene, (alice, bob))
    invite = leg.request(leg.caller, "INVITE", heard=False)
    leg.respond(invite, 200, headers=LONG)
    leg.repeat_answer(invite, 4)
    told = tell(RULE, scene, alice)
    assert "the 200 to INVITE 5 times" in told.finding.message


@pytest.mark.parametrize("status", [200, 486])
def test_a_message_that_was_answered_was_whole(tell: Tell, status: int) -> None:
    scene = Scene()
    alice, bob = machines(scene)
    scene.block_fragments(bob)
    dialled(scene, (alice, bob), 2, status=status)
    told = tell(RULE, scene, bob)
    assert told.verdicts == ("clear",)
    assert "was heard (frame 4)" in told.reasons[0]


def test_a_retransmission_that_comes_whole(tell: Tell) -> None:
    scene = Scene()
    alice, bob = machines(scene)
    leg = Leg(scene, (alice, bob))
    sent = leg.request(leg.caller, "INVITE", headers=LONG, heard=False)
    del scene.sent[1]
    leg.repeat(sent, 1)
    assert "but came whole in frame 5" in tell(RULE, scene).reasons[0]


def test_a_long_ack_that_ends_the_repetitions_was_heard(tell: Tell) -> None:
    scene = Scene()
    alice, bob = machines(scene)
    scene.block_fragments(bob)
    leg = Leg(scene, (alice, bob))
    invite = leg.request(leg.caller, "INVITE")
    leg.respond(invite, 200)
    leg.acknowledge(invite, headers=LONG)
    assert tell(RULE, scene, bob).verdicts == ("clear",)


def filtered(scene: Scene, near: Machine, capture_filter: str) -> bytes:
    file = Pcapng().interface(resolution=9, capture_filter=capture_filter)
    for time, frame in scene.packets(near):
        file.packet(time, frame)
    return file.finish()


def test_a_filter_that_names_ports_cannot_tell(tell: Tell) -> None:
    scene = Scene()
    alice, bob = machines(scene)
    scene.block_fragments(bob)
    dialled(scene, (alice, bob), 4)
    told = tell(RULE, filtered(scene, bob, "udp port 5062"))
    assert told.verdicts == ("unknown",)
    assert "the capture filter names ports" in told.reasons[0]
    assert tell(RULE, filtered(scene, bob, "host 198.51.100.20")).verdicts == ("fault",)


def test_a_capture_next_to_the_sender_makes_it_only_possible(tell: Tell) -> None:
    scene = Scene()
    alice, bob = machines(scene, hops=0)
    scene.block_fragments(bob)
    dialled(scene, (alice, bob), 3)
    told = tell(RULE, scene, bob)
    assert told.finding.confidence == "possible"
    assert "a capture filter may have kept the fragments out" in told.finding.message


def test_one_try_tells_nothing(tell: Tell) -> None:
    scene = Scene()
    alice, bob = machines(scene)
    scene.block_fragments(bob)
    dialled(scene, (alice, bob), 0)
    assert "ends 4.0 s too early" in tell(RULE, scene, bob).reasons[0]
    scene.wait(9)
    scene.request(alice, bob, "OPTIONS")
    assert "it was sent only once" in tell(RULE, scene, bob).reasons[0]


def test_short_messages_have_no_fragments(tell: Tell) -> None:
    scene = Scene()
    scene.call(*machines(scene))
    assert tell(RULE, scene).verdicts == ()


def test_a_capture_that_dropped_packets_cannot_tell(tell: Tell) -> None:
    scene = Scene()
    alice, bob = machines(scene)
    scene.block_fragments(bob)
    dialled(scene, (alice, bob), 4)
    file = Pcapng().interface(resolution=9)
    for time, frame in scene.packets(bob):
        file.packet(time, frame)
    told = tell(RULE, file.statistics(time, dropped=9).finish())
    assert "lacks fragments, but x.pcapng dropped 9 packets" in told.reasons[0]


def test_a_receiver_that_waited_in_vain_proves_what_left_whole(tell: Tell) -> None:
    scene = Scene()
    alice, bob = machines(scene)
    dialled(scene, (alice, bob), 0)
    scene.wait(30)
    scene.transmit(bob, alice, icmp_error(scene.sent[0].packet[:576], type=11, code=1))
    told = tell(RULE, scene)
    assert (told.finding.confidence, told.frames) == ("proved", (3, 4))


def test_a_long_request_to_a_closed_port_lost_no_fragments(tell: Tell) -> None:
    scene = Scene()
    alice, bob = machines(scene)
    scene.request(alice, bob, "REGISTER")
    dialled(scene, (alice, bob), 3)
    first = next(sent for sent in scene.sent if len(sent.packet) > 1000)
    scene.transmit(bob, alice, icmp_error(first.packet[:576], code=3))
    assert tell(RULE, scene).findings == ()


def test_incomplete_messages_of_one_capture_are_not_compared_with_one_another(
    tell: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    named: list[Partial | Message] = []

    def name(each: Partial | Message) -> tuple[object, ...]:
        named.append(each)
        return NAME(each)

    monkeypatch.setattr(sip_fragment_lost, "_name", name)
    counts = []
    for messages in (10, 20):
        scene = Scene()
        alice, bob = machines(scene)
        scene.block_fragments(bob)
        for _ in range(messages):
            dialled(scene, (alice, bob), 0)
        named.clear()
        tell(RULE, scene, bob)
        counts.append(len(named))
    assert counts[1] == 2 * counts[0]
