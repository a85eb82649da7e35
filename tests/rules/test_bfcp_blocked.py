"""bfcp-blocked speaks where the channel of floor control was agreed, could have been seen, and did not come up."""

from dataclasses import replace

import pytest

from collabtrace.protocols.bfcp import Fragment, Message
from collabtrace.testing import Line, Machine, Scene, audio, slides, video
from collabtrace.testing.files import Pcapng
from collabtrace.testing.machines import Nat
from tests.rules.conftest import Tell, Told
from tests.rules.sharing import BFCP_PORT, Sharing, answered, lines, machines, offered, share, written

RULE = "bfcp-blocked"
HELLO = bytes(Message(1, 11, 1, 1, 1))


def blocked(sharing: Sharing, seconds: float = 12.0) -> Scene:
    """The room says Hello four times in vain."""
    sharing.meanwhile_passes(seconds)
    with sharing.scene.meanwhile():
        sharing.call.hello(sharing.room, answered=False, repeats=3)
    sharing.scene.wait(seconds)
    sharing.call.hang_up(sharing.jabber)
    return sharing.scene


def healthy(sharing: Sharing, seconds: float = 12.0) -> Scene:
    sharing.meanwhile_passes(seconds)
    with sharing.scene.meanwhile():
        sharing.call.hello(sharing.room)
    sharing.scene.wait(seconds)
    sharing.call.hang_up(sharing.jabber)
    return sharing.scene


def sent(scene: Scene, port: int = BFCP_PORT) -> list[int]:
    """The frames of what went to a port over UDP or TCP."""
    frames = sorted(scene.sent, key=lambda each: each.time)
    start = 40 if frames[0].packet[0] >> 4 == 6 else 20
    return [
        number
        for number, each in enumerate(frames, 1)
        if int.from_bytes(each.packet[start + 2 : start + 4], "big") == port
    ]


def confidence(told: Told) -> str:
    return told.finding.confidence


def test_hellos_without_an_answer_are_a_fault_at_the_first_of_them(tell: Tell) -> None:
    scene = blocked(share())
    told = tell(RULE, scene)
    assert confidence(told) == "likely"
    assert told.frames[:4] == tuple(sent(scene))
    assert told.frames[4:] == (1, 4)
    assert "Hello from 10.10.3.30:20006 to 10.10.2.20:5904, sent 4 times (at 0.0, 0.5, 1.5, 3.5 s)" in told.reasons[0]
    assert told.finding.display_filter == "udp.port in {5904, 20006} && ip.addr == 10.10.3.30 && ip.addr == 10.10.2.20"


def test_a_channel_that_works_is_clear(tell: Tell) -> None:
    told = tell(RULE, healthy(share()))
    assert (told.findings, told.verdicts) == ((), ("clear",))
    assert "was answered after" in told.reasons[0]


PAIRS = {
    "version 1": (offered(), answered()),
    "version 2": (offered(version=2), answered(version=2)),
    "offerer is client": (offered(role="c-only"), answered(role="s-only")),
    "answerer is client": (offered(role="s-only"), answered(role="c-only")),
    "no floorctrl": (offered(role=None), answered(role=None)),
    "m-stream": (
        written(offered(), "floorid:1 m-stream:12", without="floorid"),
        written(answered(), "floorid:1 m-stream:12", without="floorid"),
    ),
    "mstrm without colon": (
        written(offered(), "floorid:1 mstrm 12", without="floorid"), written(answered(), without="floorid")
    ),
    "a=inactive below it": (written(offered(), "inactive"), written(answered(), "inactive")),
    "no setup": (written(offered(), without="setup"), written(answered(), without="setup")),
    "a list of roles": (offered(role="c-only s-only"), answered(role="c-only")),
}  # fmt: skip


@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
@pytest.mark.parametrize("works", [True, False])
def test_however_it_is_written(tell: Tell, pair: tuple[Line, Line], *, works: bool) -> None:
    sharing = share(*pair)
    told = tell(RULE, healthy(sharing) if works else blocked(sharing))
    assert told.verdicts == ("clear" if works else "fault",)


@pytest.mark.parametrize("works", [True, False])
def test_version_1_without_the_r_bit(tell: Tell, *, works: bool) -> None:
    sharing = share()
    sharing.call.channel.marks_responses = False
    told = tell(RULE, healthy(sharing) if works else blocked(sharing))
    assert told.verdicts == ("clear" if works else "fault",)


def test_the_client_may_be_the_offerer(tell: Tell) -> None:
    sharing = share(offered(role="c-only"), answered(role="s-only"))
    sharing.call.hello(sharing.jabber, answered=False, repeats=3)
    sharing.passes()
    told = tell(RULE, sharing.scene)
    assert "from 10.10.2.20:5904 to 10.10.3.30:20006" in told.reasons[0]
    assert told.frames[:4] == tuple(sent(sharing.scene, 20006))


def test_the_server_may_say_hello(tell: Tell) -> None:
    sharing = share()
    sharing.call.hello(sharing.jabber)
    sharing.passes()
    assert tell(RULE, sharing.scene).verdicts == ("clear",)
    silent = share()
    silent.call.hello(silent.jabber, answered=False, repeats=3)
    silent.passes()
    assert confidence(tell(RULE, silent.scene)) == "likely"


@pytest.mark.parametrize("works", [True, False])
def test_over_ipv6(tell: Tell, *, works: bool) -> None:
    sharing = share(six=True)
    told = tell(RULE, healthy(sharing) if works else blocked(sharing))
    assert told.verdicts == ("clear" if works else "fault",)
    if not works:
        assert "to [2001:db8:2::20]:5904" in told.reasons[0]
        assert "ipv6.addr == 2001:db8:2::20" in str(told.finding.display_filter)


def test_the_address_below_the_m_line_counts(tell: Tell) -> None:
    sharing = share(replace(offered(), address="10.10.9.9"))
    sharing.call.agreed.owners["10.10.9.9", BFCP_PORT] = Machine("other", "10.10.9.9")
    told = tell(RULE, blocked(sharing))
    assert "to 10.10.9.9:5904" in told.reasons[0]


def test_a_delayed_offer_is_answered_in_the_ack(tell: Tell) -> None:
    scene = Scene()
    jabber, room = machines(scene)
    call = scene.dial(room, jabber, delayed_offer=True)
    call.answer(lines(offered(role="s-only")))
    sharing = Sharing(scene, jabber, room, call)
    told = tell(RULE, blocked(sharing))
    assert told.frames[:4] == tuple(sent(scene))
    offer, answer = (each.shows for each in told.finding.evidence[4:])
    assert offer == "offers UDP/BFCP at 10.10.2.20:5904, floorctrl s-only"
    assert answer == "answers UDP/BFCP at 10.10.3.30:20006, floorctrl c-only"


def test_fragments_are_one_hello(tell: Tell) -> None:
    """The F bit: the Hello of version 2 comes in two datagrams, four times."""
    sharing = share(offered(version=2), answered(version=2))
    sharing.meanwhile_passes()
    parts = [Message(2, 11, 1, 1, 1, fragment=Fragment(at, 1, 2), rest=bytes([20 + at, 4, 0, 0])) for at in (0, 1)]
    with sharing.scene.meanwhile():
        for wait in (0.5, 1.0, 2.0, 4.0):
            for part in parts:
                sharing.scene.datagram(sharing.room, sharing.jabber, (20006, BFCP_PORT), bytes(part))
            sharing.scene.wait(wait)
    sharing.scene.wait(12)
    told = tell(RULE, sharing.scene)
    assert "sent 4 times" in told.reasons[0]
    assert told.frames[:4] == tuple(sent(sharing.scene)[1::2])


def test_no_answer_to_a_single_hello_is_possible_at_the_most(tell: Tell) -> None:
    sharing = share()
    sharing.call.hello(sharing.room, answered=False)
    sharing.passes()
    assert confidence(tell(RULE, sharing.scene)) == "possible"


def test_an_endpoint_may_number_every_hello_anew(tell: Tell) -> None:
    sharing = share()
    sharing.meanwhile_passes()
    for _ in range(3):
        sharing.call.hello(sharing.room, answered=False)
        sharing.scene.wait(2)
    sharing.scene.wait(6)
    assert confidence(tell(RULE, sharing.scene)) == "likely"


@pytest.mark.parametrize("same", [True, False])
def test_hellos_that_keep_a_channel_alive_are_no_retransmissions(tell: Tell, *, same: bool) -> None:
    sharing = share()
    for _ in range(4):
        sharing.call.channel.transaction -= same
        sharing.call.hello(sharing.room)
        sharing.passes(10)
    assert tell(RULE, sharing.scene).verdicts == ("clear",)


def test_a_short_call_proves_nothing(tell: Tell) -> None:
    told = tell(RULE, blocked(share(), seconds=6))
    assert told.verdicts == ("unknown",)
    assert "was in force for 6.0 s" in told.reasons[0]


def test_a_capture_that_ends_early_proves_nothing(tell: Tell) -> None:
    sharing = share()
    sharing.passes(9)
    sharing.call.hello(sharing.room, answered=False)
    told = tell(RULE, sharing.scene)
    assert told.verdicts == ("unknown",)
    assert "goes on for only" in told.reasons[0]


def test_a_capture_that_starts_after_the_answer_is_not_judged(tell: Tell) -> None:
    sharing = share()
    sharing.scene.sent.clear()
    assert tell(RULE, blocked(sharing)).verdicts == ()


def test_a_call_without_floor_control_is_not_judged(tell: Tell) -> None:
    scene = Scene()
    jabber, room = machines(scene)
    for media in ([audio()], [audio(), video()], [audio(), Line("application", (), "UDP/UDT/IX", port=5070)]):
        scene.call(jabber, room, media=media).talk(seconds=12)
    scene.call(jabber, room, media=lines(offered()), answer=lines(answered().rejected())).talk(seconds=12)
    assert tell(RULE, scene).verdicts == ()


def icmp(code: int, by: str = "10.10.3.1", *, six: bool = False, hellos: int = 4) -> Sharing:
    """Every Hello of the room is answered by ICMP."""
    sharing = share(six=six)
    device = sharing.jabber if by == sharing.jabber.address else Machine("firewall", by)
    sharing.meanwhile_passes()
    with sharing.scene.meanwhile():
        for _ in range(hellos):
            sharing.call.hello(sharing.room, answered=False)
            sharing.scene.unreachable(device, code=code)
            sharing.scene.wait(1)
    sharing.scene.wait(12)
    return sharing


@pytest.mark.parametrize("code", [1, 3, 9, 10, 13])
def test_icmp_proves_it_and_names_the_device(tell: Tell, code: int) -> None:
    told = tell(RULE, icmp(code).scene)
    assert confidence(told) == "proved"
    assert "ICMP of 10.10.3.1" in told.reasons[0]
    assert told.finding.evidence[0].shows.startswith("ICMP")
    assert told.finding.evidence[1].shows == "Hello, which did not arrive"


def test_icmp_of_the_machine_itself_says_that_nothing_listens(tell: Tell) -> None:
    told = tell(RULE, icmp(3, "10.10.2.20").scene)
    assert "nothing on it listens" in told.reasons[0]


def test_icmpv6_counts_too(tell: Tell) -> None:
    told = tell(RULE, icmp(3, "2001:db8:3::1", six=True).scene)
    assert confidence(told) == "proved"
    assert "port unreachable" in told.reasons[0]


def test_icmp_before_the_server_is_ready_is_forgiven(tell: Tell) -> None:
    sharing = icmp(3, "10.10.2.20", hellos=1)
    sharing.call.hello(sharing.room)
    sharing.passes()
    assert tell(RULE, sharing.scene).verdicts == ("clear",)


def both_ends(sharing: Sharing, *deaf: tuple[Machine, int]) -> tuple[Scene, Machine, Machine]:
    sharing.jabber.hops = 0
    for machine, port in deaf:
        sharing.scene.block(machine, port)
    return sharing.scene, sharing.room, sharing.jabber


def test_two_captures_prove_that_the_request_never_arrives(tell: Tell) -> None:
    sharing = share()
    ends = both_ends(sharing, (sharing.jabber, BFCP_PORT))
    blocked(sharing)
    told = tell(RULE, *ends)
    assert confidence(told) == "proved"
    assert "None of it arrives in jabber.pcapng" in told.reasons[0]
    assert len(told.findings) == 1


def test_two_captures_prove_that_the_answer_never_arrives(tell: Tell) -> None:
    sharing = share()
    ends = both_ends(sharing, (sharing.room, 20006))
    sharing.meanwhile_passes()
    with sharing.scene.meanwhile():
        for wait in (0.5, 1.0, 2.0, 4.0):
            sharing.call.channel.transaction = 0
            sharing.call.floor_message(sharing.room, "Hello")
            sharing.call.channel.transaction = 0
            sharing.call.floor_message(sharing.jabber, "HelloAck", responder=True)
            sharing.scene.wait(wait - 0.04)
    sharing.scene.wait(12)
    told = tell(RULE, *ends)
    assert confidence(told) == "proved"
    assert "the answer gets lost on the way back" in told.reasons[0]


def test_two_captures_prove_that_nobody_answers(tell: Tell) -> None:
    sharing = share()
    ends = both_ends(sharing)
    blocked(sharing)
    told = tell(RULE, *ends)
    assert confidence(told) == "proved"
    assert "It arrives in jabber.pcapng, taken at 10.10.2.20, which answers nothing." in told.reasons[0]


def in_vain(sharing: Sharing) -> Scene:
    """The room repeats its Hello, though each was answered."""
    sharing.meanwhile_passes()
    with sharing.scene.meanwhile():
        for wait in (0.5, 1.0, 2.0, 4.0):
            sharing.call.channel.transaction = 0
            sharing.call.floor_message(sharing.room, "Hello")
            sharing.call.channel.transaction = 0
            sharing.call.floor_message(sharing.jabber, "HelloAck", responder=True)
            sharing.scene.wait(wait - 0.04)
    sharing.scene.wait(12)
    return sharing.scene


def test_answers_that_do_not_stop_the_repeats_prove_that_the_way_back_is_closed(tell: Tell) -> None:
    sharing = share()
    sharing.jabber.hops, sharing.room.hops = 0, 2
    told = tell(RULE, in_vain(sharing))
    assert confidence(told) == "proved"
    assert [each.shows for each in told.finding.evidence][:2] == [
        "HelloAck to 10.10.3.30:20006", "Hello again, as if there were no answer",
    ]  # fmt: skip


def test_answers_to_another_address_than_the_requests_come_from(tell: Tell) -> None:
    """The room is behind a NAT, and the server answers to the address in its SDP."""
    sharing = share()
    outside = Machine("outside", "203.0.113.7")
    sharing.meanwhile_passes()
    with sharing.scene.meanwhile():
        for wait in (0.5, 1.0, 2.0, 4.0):
            sharing.scene.datagram(outside, sharing.jabber, (61000, BFCP_PORT), HELLO)
            sharing.scene.wait(0.02)
            answer = bytes(Message(1, 12, 1, 1, 1, responder=True))
            sharing.scene.datagram(sharing.jabber, sharing.room, (BFCP_PORT, 20006), answer)
            sharing.scene.wait(wait - 0.02)
    sharing.scene.wait(12)
    told = tell(RULE, sharing.scene)
    assert "They go to 10.10.3.30:20006, as the SDP says, and not to 203.0.113.7:61000" in told.reasons[0]


def test_a_nat_that_is_answered_does_no_harm(tell: Tell) -> None:
    scene = Scene()
    room = scene.phone("room", "10.10.3.30", nat=Nat("203.0.113.7"))
    jabber = scene.phone("jabber", "198.51.100.20")
    call = scene.call(jabber, room, media=lines(offered()), answer=lines(answered()))
    call.talk(seconds=1)
    sharing = Sharing(scene, jabber, room, call)
    outside = Machine("outside", "203.0.113.7")
    scene.datagram(outside, jabber, (20006, BFCP_PORT), HELLO)
    scene.datagram(jabber, outside, (BFCP_PORT, 20006), bytes(Message(1, 12, 1, 1, 1, responder=True)))
    sharing.passes()
    assert tell(RULE, scene).verdicts == ("clear",)


def silent(sharing: Sharing, seconds: float = 15.0) -> Scene:
    sharing.passes(seconds)
    sharing.call.hang_up(sharing.jabber)
    return sharing.scene


def at_server(sharing: Sharing) -> Sharing:
    sharing.jabber.hops, sharing.room.hops = 0, 2
    return sharing


def test_nothing_at_all_is_likely_where_the_clients_media_arrive(tell: Tell) -> None:
    told = tell(RULE, silent(at_server(share())))
    assert confidence(told) == "likely"
    assert told.frames[0] == 4
    assert "not one packet of it is in x.pcapng, while 750 RTP packets of the same client arrive" in told.reasons[0]


def test_nothing_at_all_is_possible_at_the_client(tell: Tell) -> None:
    """A client that says Hello only when somebody shares looks the same."""
    assert confidence(tell(RULE, silent(share()))) == "possible"


def test_nothing_from_a_bridge_is_possible_at_the_most(tell: Tell) -> None:
    scene = Scene()
    jabber, bridge = machines(scene)
    bridge.user_agent = "Acano CallBridge"
    jabber.hops, bridge.hops = 0, 2
    call = scene.call(jabber, bridge, media=lines(offered()), answer=lines(answered()))
    assert confidence(tell(RULE, silent(Sharing(scene, jabber, bridge, call)))) == "possible"


def test_a_client_that_waits_until_somebody_shares_is_clear(tell: Tell) -> None:
    sharing = at_server(share())
    sharing.passes(30)
    sharing.call.hello(sharing.room)
    sharing.call.share(sharing.room, seconds=5)
    assert tell(RULE, sharing.scene).verdicts == ("clear",)


def test_nothing_is_expected_at_once(tell: Tell) -> None:
    told = tell(RULE, silent(share(), seconds=9))
    assert told.verdicts == ("unknown",)
    assert "too short to expect one" in told.reasons[0]


def test_nothing_is_expected_without_pictures_or_where_both_sides_have_one_role(tell: Tell) -> None:
    scene = Scene()
    jabber, room = machines(scene)
    without = [audio(), video().rejected(), slides().rejected(), answered()]
    scene.call(jabber, room, media=lines(offered()), answer=without).talk(seconds=15)
    told = tell(RULE, scene)
    assert told.verdicts == ("unknown",)
    assert "no picture or no slides were agreed" in told.reasons[0]
    scene = Scene()
    jabber, room = machines(scene)
    scene.call(jabber, room, media=lines(offered()), answer=[audio(), video(), slides().rejected(), answered()]).talk(
        seconds=15
    )
    assert tell(RULE, scene).verdicts == ("unknown",)
    both = tell(RULE, silent(share(offered(role="s-only"), answered(role="s-only"))))
    assert both.verdicts == ("unknown",)
    assert "both sides are server" in both.reasons[0]


def test_a_call_manager_that_relays_the_sdp_sees_no_floor_control(tell: Tell) -> None:
    """Every packet that CUCM sends or gets: signalling alone."""
    scene = Scene()
    cucm = scene.b2bua("cucm", "10.10.1.10", user_agent="Cisco-CUCM12.5")
    sharing = share(scene=scene, via=[cucm])
    sharing.call.hello(sharing.room, answered=False, repeats=3)
    silent(sharing)
    told = tell(RULE, scene, cucm)
    assert told.verdicts == ("unknown",)
    assert "nothing else between the two machines either" in told.reasons[0]


def test_both_legs_of_a_call_manager_are_one_channel(tell: Tell) -> None:
    scene = Scene()
    cucm = scene.b2bua("cucm", "10.10.1.10", user_agent="Cisco-CUCM12.5")
    told = tell(RULE, blocked(share(scene=scene, via=[cucm])))
    assert told.verdicts == ("fault",)
    assert len(told.finding.calls) == 2


def test_a_machine_that_media_flows_through_makes_two_channels(tell: Tell) -> None:
    scene = Scene()
    border = scene.b2bua("border", "10.10.1.10", anchors_media=True)
    sharing = share(scene=scene, via=[border])
    scene.block(border)
    told = tell(RULE, blocked(sharing))
    assert told.verdicts == ("fault", "fault")
    assert len({finding.evidence[0].frame for finding in told.findings}) == 2


def test_ice_chooses_other_endpoints(tell: Tell) -> None:
    candidates = ("ice-ufrag:abcd", "ice-pwd:" + "x" * 22)
    told = tell(RULE, silent(share(written(offered(), *candidates), written(answered(), *candidates))))
    assert told.verdicts == ("unknown",)
    assert "ICE chose the endpoints" in told.reasons[0]


def test_a_port_mirrored_one_way_shows_no_answers(tell: Tell) -> None:
    sharing = share()
    blocked(sharing)
    sharing.scene.sent[:] = [each for each in sharing.scene.sent if each.source is sharing.room]
    assert "fault" not in tell(RULE, sharing.scene).verdicts


def test_a_span_port_shows_everything_twice(tell: Tell) -> None:
    scene = Scene()
    scene.span()
    assert tell(RULE, healthy(share(scene=scene))).verdicts == ("clear",)
    scene = Scene()
    scene.span(routed=True)
    assert "sent 4 times" in tell(RULE, blocked(share(scene=scene))).reasons[0]


def test_floor_control_that_a_later_round_adds(tell: Tell) -> None:
    scene = Scene()
    jabber, room = machines(scene)
    call = scene.call(jabber, room, media=[audio(), video()])
    call.talk(seconds=5, only="audio")
    call.offer(jabber, lines(offered()), answer=lines(answered()))
    told = tell(RULE, blocked(Sharing(scene, jabber, room, call)))
    assert told.verdicts == ("fault",)
    assert told.frames[:4] == tuple(sent(scene))


@pytest.mark.parametrize("works", [True, False])
def test_a_later_round_may_change_the_port(tell: Tell, *, works: bool) -> None:
    sharing = share()
    sharing.passes(3)
    sharing.call.offer(sharing.jabber, lines(replace(offered(), port=6000)), answer=lines(answered()))
    told = tell(RULE, healthy(sharing) if works else blocked(sharing))
    assert told.verdicts == ("clear" if works else "fault",)
    assert "10.10.2.20:6000" in told.reasons[0]


def test_a_port_that_nothing_was_sent_to_before_it_changed_is_forgiven(tell: Tell) -> None:
    sharing = share()
    sharing.passes(15)
    sharing.call.offer(sharing.jabber, lines(replace(offered(), port=6000)), answer=lines(answered()))
    assert tell(RULE, healthy(sharing)).verdicts == ("clear",)


def test_hold_and_resume_leave_a_channel_that_works_alone(tell: Tell) -> None:
    sharing = share()
    sharing.call.hello(sharing.room)
    sharing.passes(5)
    sharing.call.hold(sharing.jabber)
    sharing.call.hello(sharing.room, answered=False, repeats=3)
    sharing.scene.wait(10)
    sharing.call.resume(sharing.jabber)
    assert tell(RULE, healthy(sharing)).verdicts == ("clear",)


def test_what_was_asked_on_hold_alone_is_not_judged(tell: Tell) -> None:
    sharing = share()
    sharing.passes(12)
    sharing.call.hold(sharing.jabber)
    sharing.call.hello(sharing.room, answered=False, repeats=3)
    sharing.scene.wait(10)
    sharing.call.hang_up(sharing.jabber)
    assert "fault" not in tell(RULE, sharing.scene).verdicts


def test_a_call_on_hold_all_the_time_is_not_judged(tell: Tell) -> None:
    scene = Scene()
    jabber, room = machines(scene)
    held = [audio(direction="inactive"), video(), slides(), offered()]
    call = scene.call(jabber, room, media=held)
    call.hello(jabber, answered=False, repeats=3)
    scene.wait(12)
    call.hang_up(jabber)
    assert tell(RULE, scene).verdicts == ("unknown",)


def dead(quiet: float, *, media: bool = True) -> Scene:
    """The channel works, is idle, and answers no more."""
    sharing = share()
    sharing.call.hello(sharing.room)
    if media:
        sharing.meanwhile_passes(quiet + 12)
    else:
        sharing.meanwhile_passes(quiet - 5)
    sharing.scene.wait(quiet)
    sharing.call.hello(sharing.room, answered=False, repeats=3)
    sharing.scene.wait(8)
    sharing.call.hang_up(sharing.jabber)
    return sharing.scene


def test_a_channel_that_dies_after_a_silence(tell: Tell) -> None:
    scene = dead(60)
    told = tell(RULE, scene)
    assert confidence(told) == "likely"
    assert "60 s after its last message, longer than some firewalls and NATs keep a UDP flow" in told.reasons[0]
    assert told.frames[:4] == tuple(sent(scene)[1:])


def test_a_peer_that_is_gone_altogether_is_another_matter(tell: Tell) -> None:
    told = tell(RULE, dead(60, media=False))
    assert told.verdicts == ("unknown",)
    assert "stopped sending sound and pictures too" in told.reasons[0]


def test_goodbye_ends_a_channel_in_peace(tell: Tell) -> None:
    sharing = share()
    sharing.call.hello(sharing.room)
    sharing.call.floor_message(sharing.jabber, "Goodbye")
    sharing.meanwhile_passes(60)
    sharing.scene.wait(40)
    sharing.call.hello(sharing.room, answered=False, repeats=3)
    sharing.scene.wait(8)
    assert tell(RULE, sharing.scene).verdicts == ("clear",)


TCP = offered("TCP/BFCP", setup="passive"), answered("TCP/BFCP", setup="active")


def test_over_tcp_an_answered_hello_is_clear(tell: Tell) -> None:
    assert tell(RULE, healthy(share(*TCP))).verdicts == ("clear",)


def test_over_tcp_a_hello_may_be_unanswered_too(tell: Tell) -> None:
    assert tell(RULE, blocked(share(*TCP))).verdicts == ("fault",)


def knocks(sharing: Sharing, *, refused: bool = False, repeats: int = 0) -> Scene:
    sharing.meanwhile_passes()
    with sharing.scene.meanwhile():
        sharing.scene.knock(sharing.room, sharing.jabber, (40000, BFCP_PORT), refused=refused, repeats=repeats)
    sharing.scene.wait(12)
    return sharing.scene


def test_a_refused_connection_is_proved_by_its_reset(tell: Tell) -> None:
    told = tell(RULE, knocks(share(*TCP), refused=True))
    assert confidence(told) == "proved"
    assert [each.shows for each in told.finding.evidence][:2] == [
        "RST: the port is closed", "SYN to the port of floor control",
    ]  # fmt: skip
    assert str(told.finding.display_filter).startswith("tcp.port in {5904")


@pytest.mark.parametrize(("repeats", "sure"), [(3, "likely"), (0, "possible")])
def test_a_syn_without_answer(tell: Tell, repeats: int, sure: str) -> None:
    told = tell(RULE, knocks(share(*TCP), repeats=repeats))
    assert confidence(told) == sure
    assert "10.10.3.30 to 10.10.2.20:5904" in told.reasons[0]


def test_a_syn_at_the_end_of_the_capture_cannot_tell(tell: Tell) -> None:
    sharing = share(*TCP)
    sharing.passes(10)
    sharing.scene.knock(sharing.room, sharing.jabber, (40000, BFCP_PORT))
    told = tell(RULE, sharing.scene)
    assert told.verdicts == ("unknown",)
    assert "goes on for only 0.0 s after it" in told.reasons[0]


def test_a_syn_that_icmp_answers(tell: Tell) -> None:
    sharing = share(*TCP)
    sharing.meanwhile_passes()
    with sharing.scene.meanwhile():
        sharing.scene.knock(sharing.room, sharing.jabber, (40000, BFCP_PORT))
        sharing.scene.unreachable(Machine("firewall", "10.10.3.1"), code=13)
    sharing.scene.wait(12)
    told = tell(RULE, sharing.scene)
    assert confidence(told) == "proved"
    assert told.finding.evidence[0].shows == "ICMP: the SYN did not arrive"


@pytest.mark.parametrize("setup", ["active", "passive"])
def test_both_sides_with_one_setup(tell: Tell, setup: str) -> None:
    told = tell(RULE, silent(share(offered("TCP/BFCP", setup=setup), answered("TCP/BFCP", setup=setup))))
    assert confidence(told) == "proved"
    assert f"Both sides say a=setup:{setup}" in told.reasons[0]


def test_setup_means_nothing_over_udp(tell: Tell) -> None:
    assert tell(RULE, healthy(share(offered(setup="passive"), answered(setup="passive")))).verdicts == ("clear",)


def test_no_connection_at_all_is_possible(tell: Tell) -> None:
    scene = silent(share(*TCP))
    scene.connect(scene.phone("browser", "10.10.2.21"), scene.phone("site", "203.0.113.80"), 80)
    assert confidence(tell(RULE, scene)) == "possible"


def test_a_capture_of_udp_alone_shows_no_connection(tell: Tell) -> None:
    told = tell(RULE, silent(share(*TCP)))
    assert told.verdicts == ("unknown",)
    assert "x.pcapng holds no TCP at all, so it may have been left out" in told.reasons[0]


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_a_capture_of_sip_and_the_port_of_floor_control_alone_proves_no_absence(tell: Tell, transport: str) -> None:
    """Nobody has shared yet, and RTP, which could show that the capture sees the two, was not wanted."""
    sharing = share(*(TCP if transport == "tcp" else ()))
    scene = silent(sharing)
    scene.sent = [sent for sent in scene.sent if sent.packet[20:22] == b"\x13\xc4"]
    assert tell(RULE, scene).verdicts == ("unknown",)


@pytest.mark.parametrize(
    ("capture_filter", "verdict"),
    [("port 5060 or udp portrange 16384-32767", "unknown"), ("host 10.10.2.20", "fault"), (None, "fault")],
)
def test_a_capture_filter_that_names_ports_may_have_left_it_out(
    tell: Tell, capture_filter: str | None, verdict: str
) -> None:
    file = Pcapng().interface(resolution=9, capture_filter=capture_filter)
    for time, frame in silent(at_server(share())).packets():
        file.packet(time, frame)
    assert tell(RULE, file.finish()).verdicts == (verdict,)


DTLS = offered("UDP/TLS/BFCP"), answered("UDP/TLS/BFCP")
CLIENT_HELLO = bytes.fromhex("16feff0000000000000000002a0100001e") + bytes(37)


def handshake(sharing: Sharing, *, answers: bool, count: int = 4) -> Scene:
    sharing.meanwhile_passes()
    with sharing.scene.meanwhile():
        for _ in range(count):
            sharing.scene.datagram(sharing.room, sharing.jabber, (20006, BFCP_PORT), CLIENT_HELLO)
            if answers:
                sharing.scene.datagram(sharing.jabber, sharing.room, (BFCP_PORT, 20006), CLIENT_HELLO)
            sharing.scene.wait(1)
    sharing.scene.wait(12)
    return sharing.scene


def test_dtls_both_ways_is_clear(tell: Tell) -> None:
    assert tell(RULE, handshake(share(*DTLS), answers=True)).verdicts == ("clear",)


def test_dtls_one_way_is_a_fault(tell: Tell) -> None:
    told = tell(RULE, handshake(share(*DTLS), answers=False))
    assert confidence(told) == "likely"
    assert "4 packets from 10.10.3.30:20006 to 10.10.2.20:5904" in told.reasons[0]


def test_a_dtls_handshake_that_hardly_began_cannot_be_read(tell: Tell) -> None:
    assert tell(RULE, handshake(share(*DTLS), answers=True, count=1)).verdicts == ("unknown",)


def test_what_is_no_bfcp_on_its_ports_cannot_be_read(tell: Tell) -> None:
    sharing = share()
    sharing.scene.datagram(sharing.room, sharing.jabber, (20006, BFCP_PORT), b"\0\0\0\0")
    told = tell(RULE, silent(sharing))
    assert told.verdicts == ("unknown",)
    assert "what they say cannot be read" in told.reasons[0]


def test_a_capture_with_holes_proves_no_absence(tell: Tell) -> None:
    sharing = share()
    blocked(sharing)
    file = Pcapng().interface(resolution=9)
    for time, frame in sharing.scene.packets():
        file.packet(time, frame)
    told = tell(RULE, file.statistics(0, received=1000, dropped=500).finish())
    assert told.verdicts == ("unknown",)
    assert "dropped 500 packets" in told.reasons[0]


def test_a_tls_connection_that_carries_bytes_both_ways_is_clear(tell: Tell) -> None:
    sharing = share(offered("TCP/TLS/BFCP", setup="passive"), answered("TCP/TLS/BFCP", setup="active"))
    record = bytes.fromhex("1603010005") + bytes(5)
    for source, target in ((sharing.room, sharing.jabber), (sharing.jabber, sharing.room)):
        sharing.scene.connect(sharing.room, sharing.jabber, BFCP_PORT, purpose="bfcp")
        sharing.scene.stream(source, target, BFCP_PORT, record, purpose="bfcp")
    assert tell(RULE, silent(sharing)).verdicts == ("clear",)


def test_a_connection_on_which_nothing_can_be_read(tell: Tell) -> None:
    sharing = share(*TCP)
    sharing.scene.connect(sharing.room, sharing.jabber, BFCP_PORT, purpose="bfcp")
    assert tell(RULE, silent(sharing)).verdicts == ("unknown",)


def test_an_answer_without_its_offer_leaves_the_ends_open(tell: Tell) -> None:
    sharing = share()
    del sharing.scene.sent[:3]
    told = tell(RULE, blocked(sharing))
    assert told.verdicts == ("unknown",)
    assert "only one of offer and answer" in told.reasons[0]


def test_a_capture_that_began_in_the_middle_may_have_missed_the_hello(tell: Tell) -> None:
    """All that it shows is a session refresh."""
    sharing = at_server(share())
    sharing.scene.sent.clear()
    sharing.passes(3)
    sharing.call.offer(sharing.jabber, lines(offered()), answer=lines(answered()))
    told = tell(RULE, silent(sharing))
    assert told.verdicts == ("unknown",)
    assert "began in the middle of the call" in told.reasons[0]


def test_answers_with_other_identifiers_come_from_a_server_that_heard(tell: Tell) -> None:
    sharing = share()
    sharing.meanwhile_passes()
    with sharing.scene.meanwhile():
        for wait in (0.5, 1.0, 2.0, 4.0):
            sharing.scene.datagram(sharing.room, sharing.jabber, (20006, BFCP_PORT), HELLO)
            answer = bytes(Message(1, 12, 1, 99, 1, responder=True))
            sharing.scene.datagram(sharing.jabber, sharing.room, (BFCP_PORT, 20006), answer)
            sharing.scene.wait(wait)
    sharing.scene.wait(12)
    told = tell(RULE, sharing.scene)
    assert told.verdicts == ("unknown",)
    assert "HelloAck with other identifiers comes back" in told.reasons[0]
