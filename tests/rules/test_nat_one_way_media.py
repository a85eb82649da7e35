"""nat-one-way-media: both agreed to speak, and one of them is never heard."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from collabtrace.protocols.rtp import Rtp
from collabtrace.testing import Call, Line, Machine, Nat, Quality, Scene, audio, files, slides, video
from tests.rules.conftest import Tell
from tests.subjects.packets import send_rtp

RULE = "nat-one-way-media"
QUIET = Quality(rtcp=False)


def called(*, media: Sequence[Line] | None = None, bob: str = "198.51.100.20") -> tuple[Call, Machine, Machine]:
    scene = Scene()
    alice = scene.phone("alice", "192.0.2.10" if ":" not in bob else "2001:db8::10")
    callee = scene.phone("bob", bob)
    return scene.call(alice, callee, media=media), alice, callee


def comfort_noise(call: Call, source: Machine, target: Machine) -> None:
    """Send two packets of silence, a second apart."""
    for count in range(2):
        packet = Rtp(13, count, 8000 * count, 7, b"\x40", marker=False)
        call.scene.datagram(source, target, (20000, 20000), bytes(packet))
        call.scene.wait(1)


@pytest.mark.parametrize("bob", ["198.51.100.20", "2001:db8::20"])
def test_sound_from_one_side_alone_is_likely(tell: Tell, bob: str) -> None:
    call, alice, _ = called(bob=bob)
    call.talk(alice, seconds=8, quality=QUIET)
    call.hang_up(alice)
    told = tell(RULE, call.scene)
    assert told.finding.confidence == "likely"
    assert told.frames == (6, 1, 4)  # the first packet, and the two descriptions
    assert (
        f"{alice.address} sent 400 audio packets in 8 s to {bob} port 20000, and none came back" in told.finding.message
    )


def test_sound_that_stops_after_a_moment_is_neither_a_fault_nor_well(tell: Tell) -> None:
    call, alice, bob = called()
    with call.scene.meanwhile():
        call.talk(bob, seconds=0.6, quality=QUIET)
    call.talk(alice, seconds=20, quality=QUIET)
    told = tell(RULE, call.scene)
    assert told.verdicts == ("unknown",)
    assert told.reasons[0].startswith(f"{bob.address} sent about 0.6 s of audio in 20 s (30 packets, and 1000 came")


def test_who_speaks_a_tenth_of_the_time_is_heard(tell: Tell) -> None:
    call, alice, bob = called()
    with call.scene.meanwhile():
        call.talk(bob, seconds=3, quality=QUIET)
    call.talk(alice, seconds=20, quality=QUIET)
    assert tell(RULE, call.scene).verdicts == ("clear",)


def test_the_side_that_is_not_heard_may_be_the_caller(tell: Tell) -> None:
    call, _, bob = called()
    call.talk(bob, seconds=8, quality=QUIET)
    assert f"{bob.address} sent 400" in tell(RULE, call.scene).finding.message


def test_a_delayed_offer_is_no_different(tell: Tell) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    call = scene.call(alice, bob, delayed_offer=True)
    call.talk(alice, seconds=8, quality=QUIET)
    assert f"{alice.address} sent 400" in tell(RULE, scene).finding.message


def test_a_sender_report_of_the_silent_side_proves_it(tell: Tell) -> None:
    call, alice, bob = called()
    call.scene.block(alice, 20000)
    call.talk(seconds=11)
    told = tell(RULE, call.scene, alice)
    assert told.finding.confidence == "proved"
    assert f"by its own RTCP {bob.address} has sent 501" in told.finding.message


def test_two_captures_prove_where_it_is_lost(tell: Tell) -> None:
    call, alice, bob = called()
    call.scene.block(alice, 20000)
    call.talk(seconds=8, quality=QUIET)
    told = tell(RULE, call.scene, alice, bob)
    assert told.finding.confidence == "proved"
    assert [each.file for each in told.finding.evidence] == ["bob.pcapng", "alice.pcapng"]
    assert "lost between the two" in told.finding.message


def test_both_directions_lost_between_two_captures_are_proved_too(tell: Tell) -> None:
    call, alice, bob = called()
    for machine in (alice, bob):
        call.scene.block(machine, 20000)
    call.talk(seconds=8, quality=QUIET)
    assert tell(RULE, call.scene, alice, bob).finding.confidence == "proved"


def test_a_capture_next_to_the_silent_side_shows_that_it_sends_nothing(tell: Tell) -> None:
    call, alice, bob = called()
    alice.hops = 3
    call.talk(alice, seconds=8, quality=QUIET)
    assert f"next to {bob.address}, which sends nothing" in tell(RULE, call.scene, bob).finding.message


def test_in_the_middle_other_packets_must_show_the_way_back(tell: Tell) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    alice.hops = bob.hops = 3
    call = scene.call(alice, bob)
    call.talk(alice, seconds=8, quality=QUIET)
    told = tell(RULE, scene)
    assert told.finding.confidence == "possible"
    assert "other packets from 198.51.100.20" in told.finding.message


def test_in_the_middle_of_media_that_passes_the_server_by_nothing_can_be_told(tell: Tell) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    alice.hops = bob.hops = 3
    call = scene.call(alice, bob, via=[scene.b2bua("server", "203.0.113.5")])
    call.talk(alice, seconds=8, quality=QUIET)
    told = tell(RULE, scene)
    assert told.verdicts == ("unknown",)
    assert "may not be on their path" in told.reasons[0]


def test_a_machine_that_nothing_was_seen_to_reach_cannot_be_judged(tell: Tell) -> None:
    """A media server of its own: whether the capture shows what is sent to it, nothing proves."""
    call, _, _ = called(media=[replace(audio(), address="192.0.2.77", port=30000)])
    call.agreed.owners["192.0.2.77", 30000] = call.scene.phone("server", "192.0.2.77")
    call.talk(call.caller, seconds=8, quality=QUIET)
    assert "no packet to 192.0.2.77 at all" in tell(RULE, call.scene).reasons[0]


def test_icmp_tells_that_nobody_listens(tell: Tell) -> None:
    call, alice, bob = called()
    call.talk(alice, seconds=8, quality=QUIET)
    call.scene.unreachable(bob)
    told = tell(RULE, call.scene)
    assert "refuses what is sent to 198.51.100.20 port 20000 by ICMP (type 3, code 3)" in told.finding.message
    assert told.frames[-1] == 6 + 400


def refused(call: Call, sender: Machine, by: Machine, seconds: float) -> None:
    """Let *sender* talk, and *by* answer with ICMP once a second."""
    for _ in range(round(seconds)):
        call.talk(sender, seconds=1, quality=QUIET)
        call.scene.unreachable(by)


def test_media_that_is_refused_until_the_end_does_not_arrive(tell: Tell) -> None:
    """A NAT that lets media in from nobody: seen outside of it, media flows both ways."""
    call, alice, bob = called()
    with call.scene.meanwhile():
        call.talk(alice, seconds=8, quality=QUIET)
    refused(call, bob, call.scene.phone("router", "192.0.2.1"), 8)
    told = tell(RULE, call.scene)
    assert told.finding.confidence == "proved"
    assert "192.0.2.1 refuses what is sent to 192.0.2.10 port 20000" in told.finding.message


def test_media_that_is_refused_at_first_alone_is_well(tell: Tell) -> None:
    call, alice, bob = called()
    with call.scene.meanwhile():
        call.talk(alice, seconds=8, quality=QUIET)
    with call.scene.meanwhile():
        refused(call, bob, alice, 3)
    call.scene.wait(3.5)
    call.talk(bob, seconds=4.5, quality=QUIET)
    assert tell(RULE, call.scene).verdicts == ("clear",)


def test_media_that_is_refused_when_one_side_is_gone_is_well(tell: Tell) -> None:
    call, alice, bob = called()
    call.talk(seconds=8, quality=QUIET)
    for _ in range(4):
        call.talk(bob, seconds=0.1, quality=QUIET)
        call.scene.unreachable(alice)
    call.hang_up(alice)
    assert tell(RULE, call.scene).verdicts == ("clear",)


def test_media_that_is_refused_at_first_and_at_the_end_is_well(tell: Tell) -> None:
    """The phone opens its port late, and closes it before the other side has heard of the end."""
    call, alice, bob = called()
    with call.scene.meanwhile():
        call.talk(alice, seconds=12, quality=QUIET)
    refused(call, bob, alice, 2)
    call.talk(bob, seconds=9, quality=QUIET)
    refused(call, bob, alice, 1)
    call.hang_up(bob)
    assert tell(RULE, call.scene).verdicts == ("clear",)


def test_early_media_does_not_count(tell: Tell) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    call = scene.dial(alice, bob)
    call.ring(183, early_media=True)
    call.talk(bob, seconds=4, quality=QUIET)
    call.answer()
    call.talk(alice, seconds=8, quality=QUIET)
    assert "before the answer only" in tell(RULE, scene).finding.message


def test_a_leg_that_got_nothing_is_told_where_it_starts(tell: Tell) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    call = scene.call(alice, bob, via=[scene.b2bua("sbc", "203.0.113.5", anchors_media=True)])
    call.talk(alice, seconds=8, quality=QUIET)
    assert "203.0.113.5 sent 400 audio packets in 8 s to 198.51.100.20" in tell(RULE, scene).finding.message


def test_a_few_packets_show_that_the_way_is_open(tell: Tell) -> None:
    call, alice, _ = called()
    call.talk(seconds=0.06, quality=QUIET)
    call.talk(alice, seconds=8, quality=QUIET)
    told = tell(RULE, call.scene)
    assert told.finding.confidence == "possible"
    assert "only 3 came back" in told.finding.message


def test_both_directions_are_well(tell: Tell) -> None:
    call, *_ = called()
    call.talk(seconds=8)
    assert tell(RULE, call.scene).verdicts == ("clear",)


def test_comfort_noise_is_silence_on_purpose(tell: Tell) -> None:
    call, alice, bob = called()
    with call.scene.meanwhile():
        call.talk(alice, seconds=8, quality=QUIET)
    comfort_noise(call, bob, alice)
    assert tell(RULE, call.scene).verdicts == ("clear",)


@pytest.mark.parametrize("direction", ["sendonly", "recvonly", "inactive"])
def test_who_agreed_to_be_silent_may_be(tell: Tell, direction: str) -> None:
    call, alice, _ = called(media=[audio(direction=direction)])
    call.talk(alice, seconds=8, quality=QUIET)
    assert tell(RULE, call.scene).verdicts == ()


def test_hold_is_no_fault(tell: Tell) -> None:
    call, _, bob = called()
    call.talk(seconds=6, quality=QUIET)
    call.hold(bob)
    call.talk(bob, seconds=8, quality=QUIET)
    assert tell(RULE, call.scene).verdicts == ("clear",)


def test_after_a_hold_the_way_back_may_be_gone(tell: Tell) -> None:
    call, alice, bob = called()
    call.talk(seconds=6, quality=QUIET)
    call.hold(bob)
    call.scene.wait(3)
    call.resume(bob)
    call.talk(alice, seconds=8, quality=QUIET)
    assert tell(RULE, call.scene).verdicts == ("fault",)


@pytest.mark.parametrize("short", [0, 3])
def test_who_falls_silent_after_a_refresh_may_be_muted(tell: Tell, short: float) -> None:
    """The session timer says the same again, also twice within a few seconds."""
    call, alice, bob = called(media=[audio("PCMU")])
    call.talk(seconds=8, quality=QUIET)
    call.offer(bob, [replace(audio("PCMU"), port=20000)])
    if short:
        call.talk(alice, seconds=short, quality=QUIET)
        call.offer(bob, [replace(audio("PCMU"), port=20000)])
    call.talk(alice, seconds=8, quality=QUIET)
    assert tell(RULE, call.scene).verdicts == ("clear",)


def test_a_refresh_does_not_excuse_who_was_silent_before(tell: Tell) -> None:
    call, alice, bob = called(media=[audio("PCMU")])
    call.talk(alice, seconds=8, quality=QUIET)
    call.offer(bob, [replace(audio("PCMU"), port=20000)])
    call.talk(alice, seconds=8, quality=QUIET)
    assert tell(RULE, call.scene).verdicts == ("fault",)


def test_a_round_that_names_another_port_begins_anew(tell: Tell) -> None:
    call, alice, bob = called(media=[audio("PCMU")])
    call.talk(seconds=8, quality=QUIET)
    call.offer(bob, [replace(audio("PCMU"), port=30000)])
    call.talk(alice, seconds=8, quality=QUIET)
    assert "to 198.51.100.20 port 30000, and none came back" in tell(RULE, call.scene).finding.message


def test_a_refused_round_is_no_hold(tell: Tell) -> None:
    """A picture is declined, and the session timer says the same again."""
    call, alice, bob = called(media=[audio("PCMU")])
    call.talk(seconds=8, quality=QUIET)
    leg = call.legs[0]
    leg.respond(leg.request(leg.caller, "INVITE", body=bytes(call.agreed.said[leg.caller])), 488)
    call.offer(bob, [replace(audio("PCMU"), port=20000)])
    call.talk(alice, seconds=8, quality=QUIET)
    assert tell(RULE, call.scene).verdicts == ("clear",)


@pytest.mark.parametrize(("said", "verdict"), [("on - - - -", "unknown"), ("off - - - -", "fault")])
def test_who_agreed_to_suppress_silence_may_be_silent(tell: Tell, said: str, verdict: str) -> None:
    call, alice, _ = called(media=[audio(attributes=[f"silenceSupp:{said}"])])
    call.talk(alice, seconds=8, quality=QUIET)
    assert tell(RULE, call.scene).verdicts == (verdict,)


@pytest.mark.parametrize(("agent", "verdict"), [("Algo-8301/1.7.8", "unknown"), ("Algorithm/1.0", "fault")])
def test_a_speaker_may_have_no_microphone(tell: Tell, agent: str, verdict: str) -> None:
    scene = Scene()
    alice, hall = scene.phone("alice", "192.0.2.10"), scene.phone("hall", "198.51.100.20", user_agent=agent)
    scene.call(alice, hall).talk(alice, seconds=8, quality=QUIET)
    assert tell(RULE, scene).verdicts == (verdict,)


def test_a_group_of_speakers_answers_nothing(tell: Tell) -> None:
    call, alice, _ = called(media=[replace(audio(), address="239.1.1.1", port=30000)])
    send_rtp(call.scene, alice, call.scene.phone("group", "239.1.1.1"), (20000, 30000), 400)
    assert tell(RULE, call.scene).findings == ()


def with_clocks(scene: Scene, one: Machine, other: Machine, seconds: int) -> dict[str, bytes]:
    """A capture at each of two machines, of which the second is ahead by some seconds, or behind."""
    ahead = files.pcapng([(time + seconds * 10**9, frame) for time, frame in scene.packets(other)])
    return {one.name: scene.pcapng(one), other.name: ahead}


SKEWS = [-3600, -17, -3, 0, 3, 17, 3600]


@pytest.mark.parametrize("skew", SKEWS)
def test_early_media_by_another_clock_is_no_silence(tell: Tell, skew: int) -> None:
    """A gateway plays an announcement for 14 s, and both talk for 14 s."""
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    call = scene.dial(alice, bob)
    call.ring(183, early_media=True)
    call.talk(bob, seconds=14, quality=QUIET)
    call.answer()
    call.talk(seconds=14, quality=QUIET)
    call.hang_up(alice)
    assert tell(RULE, with_clocks(scene, alice, bob, skew)).verdicts == ("clear",)


@pytest.mark.parametrize("skew", SKEWS)
def test_two_captures_prove_where_it_is_lost_whatever_their_clocks_say(tell: Tell, skew: int) -> None:
    call, alice, bob = called()
    call.scene.block(alice, 20000)
    call.talk(seconds=8, quality=QUIET)
    call.hang_up(alice)
    assert tell(RULE, with_clocks(call.scene, alice, bob, skew)).finding.confidence == "proved"


def test_four_seconds_are_too_short(tell: Tell) -> None:
    call, alice, _ = called()
    call.talk(alice, seconds=4, quality=QUIET)
    call.hang_up(alice)
    assert tell(RULE, call.scene).verdicts == ()


def test_slides_have_one_direction(tell: Tell) -> None:
    call, alice, _ = called(media=[audio(), slides()])
    with call.scene.meanwhile():
        call.talk(alice, seconds=8, only="slides", quality=QUIET)
    call.talk(seconds=8, only="audio", quality=QUIET)
    assert tell(RULE, call.scene).verdicts == ("clear",)


def test_a_camera_may_be_off(tell: Tell) -> None:
    call, alice, _ = called(media=[audio(), video()])
    with call.scene.meanwhile():
        call.talk(alice, seconds=8, only="video", quality=QUIET)
    call.talk(seconds=8, only="audio", quality=QUIET)
    told = tell(RULE, call.scene)
    assert told.verdicts == ("unknown",)
    assert "camera may be off" in told.reasons[0]


def test_a_picture_that_its_sender_counts_and_nobody_gets_is_a_fault(tell: Tell) -> None:
    call, alice, _ = called(media=[audio(), video()])
    call.scene.block(alice, 20002)
    call.talk(seconds=11)
    told = tell(RULE, call.scene, alice)
    assert told.finding.confidence == "proved"
    assert "video packets" in told.finding.message


def test_media_that_comes_back_from_a_relay_counts(tell: Tell) -> None:
    scene = Scene()
    alice = scene.phone("alice", "192.168.1.10", advertises="203.0.113.9", nat=Nat("203.0.113.9"))
    bob, relay = scene.phone("bob", "198.51.100.20"), scene.phone("relay", "198.51.100.99")
    call = scene.call(alice, bob)
    with scene.meanwhile():
        call.talk(alice, seconds=8, quality=QUIET)
    send_rtp(scene, relay, alice, (7000, 20000), 300)
    assert tell(RULE, scene, alice).verdicts == ("clear",)


def test_media_on_a_port_that_nobody_named_leaves_it_open(tell: Tell) -> None:
    call, alice, bob = called()
    with call.scene.meanwhile():
        call.talk(alice, seconds=8, quality=QUIET)
    send_rtp(call.scene, bob, alice, (9000, 9002), 300)
    told = tell(RULE, call.scene)
    assert told.reasons == ("198.51.100.20 sends RTP to port 9002, which no description names",)


def test_packets_that_cannot_be_read_leave_it_open(tell: Tell) -> None:
    call, alice, bob = called()
    with call.scene.meanwhile():
        call.talk(alice, seconds=8, quality=QUIET)
    for _ in range(50):
        call.scene.datagram(bob, alice, (20000, 20000), b"\x17 no RTP at all")
        call.scene.wait(0.02)
    assert tell(RULE, call.scene).verdicts == ("unknown",)


def test_a_call_whose_media_was_not_captured_cannot_be_judged(tell: Tell) -> None:
    call, alice, _ = called()
    call.scene.wait(10)
    call.hang_up(alice)
    assert tell(RULE, call.scene).reasons == ("no RTP of this call was captured",)


def test_who_counted_nothing_received_proves_it_without_media(tell: Tell) -> None:
    call, alice, _ = called()
    call.scene.wait(60)
    call.hang_up(alice, headers={"P-RTP-Stat": "PS=3000,OS=480000,PR=0,OR=0,PL=0,JI=0,LA=0,DU=60"})
    told = tell(RULE, call.scene)
    assert told.finding.confidence == "proved"
    assert told.frames == (6,)
    assert "sent 3000 RTP packets in this call and received none" in told.finding.message


def test_a_phone_may_count_in_its_answer_to_the_bye(tell: Tell) -> None:
    call, _, _ = called()
    call.scene.wait(60)
    leg = call.legs[0]
    bye = leg.request(leg.caller, "BYE")
    leg.respond(bye, 200, headers={"RTP-RxStat": "Dur=60,Pkt=0", "RTP-TxStat": "Dur=60,Pkt=2990"})
    assert tell(RULE, call.scene).frames == (7,)


@pytest.mark.parametrize("counted", ["PS=3000,PR=2990", "PS=0,PR=2990", "PS=0,PR=0", "PL=0,DU=60"])
def test_other_counts_are_no_fault(tell: Tell, counted: str) -> None:
    """A recorder only listens; a server that passed media by counts nothing."""
    call, alice, _ = called()
    call.scene.wait(60)
    call.hang_up(alice, headers={"P-RTP-Stat": counted})
    assert "fault" not in tell(RULE, call.scene).verdicts


def test_counts_of_a_call_that_ended_on_hold_are_no_fault(tell: Tell) -> None:
    call, alice, bob = called()
    call.scene.wait(10)
    call.hold(bob)
    call.scene.wait(10)
    call.hang_up(alice, headers={"P-RTP-Stat": "PS=500,PR=0"})
    assert "fault" not in tell(RULE, call.scene).verdicts
