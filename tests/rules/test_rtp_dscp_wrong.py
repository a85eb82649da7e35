"""rtp-dscp-wrong: media and signalling in the wrong queue, and networks without any policy."""

from collections.abc import Sequence

import pytest

from collabtrace.testing import Call, Line, Machine, Quality, Scene, audio, slides, video
from collabtrace.testing.network import Sent
from tests.rules.conftest import Tell

RULE = "rtp-dscp-wrong"
ALICE, BOB = "10.1.1.10", "10.2.2.20"


def called(*, media: Sequence[Line] | None = None, bob: str = BOB, alice: str = ALICE) -> tuple[Call, Machine, Machine]:
    scene = Scene()
    caller, callee = scene.phone("alice", alice), scene.phone("bob", bob)
    return scene.call(caller, callee, media=media), caller, callee


def talk(call: Call, by: Machine, dscp: int, only: str | None = None) -> None:
    call.talk(by, seconds=3, only=only, quality=Quality(dscp=dscp, rtcp=False))


def mark(scene: Scene, dscp: int, *, source: Machine | None = None, port: int = 5060) -> None:
    """Change the DSCP of what goes between two ports, in the IP header and the frame."""

    def marked(sent: Sent) -> Sent:
        is_meant = int.from_bytes(sent.packet[20:22], "big") == port and source in (None, sent.source)
        if not is_meant:
            return sent
        frame = bytearray(sent.frame)
        frame[15] = dscp << 2
        return sent._replace(frame=bytes(frame))

    scene.sent = [marked(sent) for sent in scene.sent]


def test_sound_and_picture_in_their_queues_are_well(tell: Tell) -> None:
    call, *_ = called(media=[audio(), video(), slides()])
    call.talk(seconds=3)
    assert tell(RULE, call.scene).verdicts == ("clear",)


@pytest.mark.parametrize("dscp", [8, 24, 26, 34, 40, 48])
def test_sound_in_another_class_is_proved(tell: Tell, dscp: int) -> None:
    call, alice, bob = called()
    talk(call, alice, dscp)
    talk(call, bob, 46)
    told = tell(RULE, call.scene)
    assert told.finding.confidence == "proved"
    assert told.frames == (6,)
    assert "audio from 10.1.1.10 to 10.2.2.20 has DSCP" in told.finding.message


def test_a_picture_in_the_queue_for_sound_is_told_once_for_both_ways(tell: Tell) -> None:
    call, alice, bob = called(media=[audio(), video()])
    for machine in (alice, bob):
        talk(call, machine, 46)
    told = tell(RULE, call.scene)
    assert "video from 10.1.1.10 to 10.2.2.20 and from 10.2.2.20 to 10.1.1.10 has DSCP EF (46)" in told.finding.message


@pytest.mark.parametrize("dscp", [32, 34, 36, 38])
def test_every_class_for_pictures_is_well_and_sound_may_follow(tell: Tell, dscp: int) -> None:
    call, alice, bob = called(media=[audio(), video()])
    for machine in (alice, bob):
        talk(call, machine, dscp)
    assert tell(RULE, call.scene).verdicts == ("clear",)


def test_sound_marked_as_in_a_video_call_is_wrong_without_a_picture(tell: Tell) -> None:
    call, alice, bob = called()
    for machine in (alice, bob):
        talk(call, machine, 34)
    assert tell(RULE, call.scene).verdicts == ("fault",)


def test_sound_may_be_marked_as_in_a_video_call_while_the_camera_is_off(tell: Tell) -> None:
    """The picture is offered and declined: the device marks its sound as in any video call."""
    scene = Scene()
    alice, bob = scene.phone("alice", ALICE), scene.phone("bob", BOB)
    call = scene.call(alice, bob, media=[audio(), video()], answer=[audio("PCMU"), video().rejected()])
    for machine in (alice, bob):
        talk(call, machine, 34)
    assert tell(RULE, scene).verdicts == ("clear",)


def test_slides_may_be_marked_as_data(tell: Tell) -> None:
    call, alice, _ = called(media=[audio(), slides()])
    talk(call, alice, 18, only="slides")
    assert tell(RULE, call.scene).verdicts == ("clear",)


def test_one_direction_without_a_mark(tell: Tell) -> None:
    call, alice, bob = called()
    talk(call, alice, 46)
    talk(call, bob, 0)
    told = tell(RULE, call.scene)
    assert told.finding.confidence == "likely"
    assert "audio from 10.2.2.20 to 10.1.1.10 has DSCP default (0), while the other direction has EF (46)" in (
        told.finding.message
    )


def test_on_the_link_of_the_sender_the_first_switch_may_still_mark(tell: Tell) -> None:
    call, alice, bob = called()
    alice.hops = 2
    talk(call, alice, 46)
    talk(call, bob, 0)
    assert tell(RULE, call.scene).finding.confidence == "possible"


def test_a_picture_without_a_mark_beside_sound_with_one(tell: Tell) -> None:
    call, alice, _ = called(media=[audio(), video()])
    talk(call, alice, 46, only="audio")
    talk(call, alice, 0, only="main")
    assert "while its audio has EF (46)" in tell(RULE, call.scene).finding.message


@pytest.mark.parametrize("dscp", [24, 26])
def test_media_without_a_mark_beside_sip_with_one(tell: Tell, dscp: int) -> None:
    call, alice, bob = called()
    for machine in (alice, bob):
        talk(call, machine, 0)
    mark(call.scene, dscp)
    told = tell(RULE, call.scene)
    assert told.finding.confidence == "likely"
    assert "while the SIP of 10.1.1.10 has" in told.finding.message


@pytest.mark.parametrize("dscp", [46, 34, 8])
def test_sip_in_another_queue_is_likely(tell: Tell, dscp: int) -> None:
    call, *_ = called()
    call.talk(seconds=3)
    mark(call.scene, dscp)
    told = tell(RULE, call.scene)
    assert told.finding.confidence == "likely"
    assert told.frames == (1, 2)


@pytest.mark.parametrize("dscp", [24, 26, 30, 40, 48, 4, 0])
def test_usual_marks_of_sip_are_well(tell: Tell, dscp: int) -> None:
    call, *_ = called()
    call.talk(seconds=3)
    mark(call.scene, dscp)
    assert tell(RULE, call.scene).verdicts == ("clear",)


def test_a_mark_that_is_lost_between_two_captures_is_proved(tell: Tell) -> None:
    """The far capture is behind two routers, of which one clears the DSCP."""
    call, alice, _ = called()
    talk(call, alice, 46)
    near = call.scene.pcapng(alice)
    far_call, far_alice, far_bob = called()
    far_alice.hops = 2
    talk(far_call, far_alice, 0)
    told = tell(RULE, {"near": near, "far": far_call.scene.pcapng(far_bob)})
    assert told.finding.confidence == "proved"
    assert (
        "EF (46) in near.pcapng and default (0) in far.pcapng: it is remarked between the two" in told.finding.message
    )


def test_a_switch_that_marks_what_came_without_is_well(tell: Tell) -> None:
    near_call, near_alice, _ = called()
    talk(near_call, near_alice, 0)
    far_call, far_alice, far_bob = called()
    far_alice.hops = 2
    talk(far_call, far_alice, 46)
    captures = {"near": near_call.scene.pcapng(near_alice), "far": far_call.scene.pcapng(far_bob)}
    assert tell(RULE, captures).verdicts == ("clear",)


@pytest.mark.parametrize("dscp", [0, 4])
def test_a_network_without_any_mark_has_no_policy_to_break(tell: Tell, dscp: int) -> None:
    call, alice, bob = called()
    for machine in (alice, bob):
        talk(call, machine, dscp)
    assert tell(RULE, call.scene).verdicts == ("unknown",)


def test_what_the_internet_clears_is_no_fault(tell: Tell) -> None:
    call, alice, bob = called(bob="198.51.100.20")
    talk(call, alice, 46)
    talk(call, bob, 0)
    assert tell(RULE, call.scene).verdicts == ("clear",)


def test_a_few_packets_show_nothing(tell: Tell) -> None:
    call, alice, _ = called()
    call.talk(alice, seconds=0.5, quality=Quality(dscp=8, rtcp=False))
    assert tell(RULE, call.scene).verdicts == ()


def test_the_first_packet_does_not_speak_for_the_stream(tell: Tell) -> None:
    call, alice, _ = called()
    call.talk(alice, seconds=0.1, quality=Quality(dscp=0, rtcp=False))
    talk(call, alice, 46)
    assert tell(RULE, call.scene).verdicts == ("clear",)
