"""rtp-payload-mismatch holds payload types against what the receiver itself wanted at the time."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from collabtrace.testing import Call, Codec, Line, Machine, Quality, Scene, audio, files, video
from tests.rules.conftest import Tell

RULE = "rtp-payload-mismatch"
ALICE, BOB = "192.0.2.10", "198.51.100.20"


def called(
    offer: Sequence[Line] = (audio(),),
    answer: Sequence[Line] | None = None,
    *,
    via: Sequence[Machine] = (),
    scene: Scene | None = None,
    delayed: bool = False,
    addresses: tuple[str, str] = (ALICE, BOB),
) -> Call:
    """Alice has called Bob."""
    made = scene or Scene()
    alice, bob = made.phone("alice", addresses[0]), made.phone("bob", addresses[1])
    return made.call(alice, bob, media=offer, answer=answer, via=via, delayed_offer=delayed)


def sent(call: Call, payload_type: int | None, *, seconds: float = 5.0, by: Machine | None = None) -> Scene:
    """Let one side talk with a payload type of its own choice, and hang up."""
    call.talk(by or call.caller, seconds=seconds, quality=Quality(payload_type=payload_type))
    call.hang_up(call.caller)
    return call.scene


def test_a_type_that_nobody_named(tell: Tell) -> None:
    told = tell(RULE, sent(called(), 8))
    assert told.finding.confidence == "proved"
    assert told.finding.message.startswith(f"{ALICE} sends payload type 8 to {BOB} port 20000, ")
    assert "but the receiver named 0, 101 in frame" in told.finding.message
    assert [each.shows for each in told.finding.evidence] == [
        "the first packet with payload type 8 that is wrong",
        "what the receiver wants: 0, 101",
        "what the sender named for itself",
    ]


def test_the_right_types_are_clear(tell: Tell) -> None:
    assert tell(RULE, sent(called(), None)).reasons == ("1 streams use payload types that their receivers named",)


def test_ipv6_and_a_delayed_offer(tell: Tell) -> None:
    call = called(delayed=True, addresses=("2001:db8::10", "2001:db8::20"))
    assert "2001:db8::10 sends payload type 8" in tell(RULE, sent(call, 8)).finding.message


@pytest.mark.parametrize("by_callee", [False, True])
def test_each_side_uses_the_numbers_of_the_other(tell: Tell, by_callee: bool) -> None:
    def between() -> Call:
        return called([audio(Codec("opus", 114, 48000))], [audio(Codec("opus", 96, 48000))])

    call = between()
    speaker = call.callee if by_callee else call.caller
    assert tell(RULE, sent(call, None, by=speaker)).verdicts == ("clear",)
    call = between()
    speaker = call.callee if by_callee else call.caller
    own, wanted = (96, 114) if by_callee else (114, 96)
    message = tell(RULE, sent(call, own, by=speaker)).finding.message
    assert f"{own} is the number that the sender named for itself, the receiver's is {wanted}" in message


@pytest.mark.parametrize("number", [13, 19])
def test_comfort_noise_needs_no_negotiation(tell: Tell, number: int) -> None:
    assert tell(RULE, sent(called(), number)).verdicts == ("clear",)


def test_keys_are_another_rule_s_matter(tell: Tell) -> None:
    call = called([audio("PCMU", Codec("telephone-event", 101))], [audio("PCMU", Codec("telephone-event", 96))])
    call.talk(call.caller, seconds=2)
    call.press(call.caller, "1234567890" * 2, payload_type=101)
    assert tell(RULE, sent(call, None)).verdicts == ("clear",)


def test_keys_that_nobody_named_are_too(tell: Tell) -> None:
    call = called([audio("PCMU")], [audio("PCMU")])
    call.talk(call.caller, seconds=2)
    call.press(call.caller, "1234567890" * 2, payload_type=105)
    assert tell(RULE, sent(call, None)).findings == ()


def test_repair_formats_of_the_sender_are_left_out(tell: Tell) -> None:
    call = called([video("H264", Codec("rtx", 99, 90000))], [video("H264")])
    assert tell(RULE, sent(call, 99)).findings == ()


def test_numbers_like_those_of_rtcp_are_left_out(tell: Tell) -> None:
    assert tell(RULE, sent(called(), 73)).findings == ()


@pytest.mark.parametrize("seconds", [0.3, 0.9])
def test_a_moment_is_no_fault(tell: Tell, seconds: float) -> None:
    call = called()
    call.scene.wait(3)
    assert tell(RULE, sent(call, 8, seconds=seconds)).verdicts == ("clear",)


def test_early_packets_before_the_answer_are_not_judged(tell: Tell) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", ALICE), scene.phone("bob", BOB)
    call = scene.dial(alice, bob, media=[audio("PCMU", "PCMA")])
    call.ring(183, early_media=True)
    call.talk(alice, seconds=4, quality=Quality(payload_type=8))
    call.answer([audio("PCMU")])
    assert tell(RULE, sent(call, None)).verdicts == ("clear",)


def test_the_answerer_may_send_whatever_was_offered(tell: Tell) -> None:
    call = called([audio("PCMU", "PCMA")], [audio("PCMU")])
    assert tell(RULE, sent(call, 8, by=call.callee)).verdicts == ("clear",)


def test_the_offerer_may_send_only_what_was_answered(tell: Tell) -> None:
    call = called([audio("PCMU", "PCMA")], [audio("PCMU")])
    message = tell(RULE, sent(call, 8)).finding.message
    assert "sends payload type 8 (PCMA/8000)" in message


def renegotiated() -> Call:
    call = called([audio("G722")], [audio("G722")])
    call.talk(seconds=4)
    call.offer(call.caller, [audio("PCMU")], answer=[audio("PCMU")])
    return call


def test_a_re_invite_changes_what_is_right(tell: Tell) -> None:
    assert tell(RULE, sent(renegotiated(), None)).verdicts == ("clear",)


def test_what_is_under_way_when_the_types_change_is_right(tell: Tell) -> None:
    call = renegotiated()
    call.talk(call.caller, seconds=1.5, quality=Quality(payload_type=9))
    assert tell(RULE, sent(call, None)).verdicts == ("clear",)


def test_the_type_of_the_round_before_is_wrong_after_a_while(tell: Tell) -> None:
    told = tell(RULE, sent(renegotiated(), 9, seconds=8))
    assert "the description before that one had named it" in told.finding.message
    assert told.finding.confidence == "proved"


def test_a_refused_re_invite_changes_nothing(tell: Tell) -> None:
    call = called([audio("G722")], [audio("G722")])
    leg = call.legs[0]
    refused = leg.request(leg.caller, "INVITE", body=b"v=0\r\nc=IN IP4 192.0.2.10\r\nm=audio 20000 RTP/AVP 0\r\n")
    leg.respond(refused, 488)
    assert tell(RULE, sent(call, None, by=call.callee)).verdicts == ("clear",)


def test_a_b2bua_does_not_make_the_receiver_want_another_number(tell: Tell) -> None:
    def renumbered(lines: tuple[Line, ...]) -> tuple[Line, ...]:
        return tuple(replace(line, codecs=(Codec("opus", 96, 48000),)) for line in lines)

    scene = Scene()
    server = scene.b2bua("server", "203.0.113.5", edit_offer=renumbered)
    call = called([audio(Codec("opus", 114, 48000))], None, via=[server], scene=scene)
    told = tell(RULE, sent(call, 96, by=call.callee))
    assert "but the receiver named 114" in told.finding.message


@pytest.mark.parametrize(("attributes", "verdict"), [(("group:BUNDLE 0 1",), "clear"), ((), "fault")])
def test_lines_of_a_bundle_share_their_numbers(tell: Tell, attributes: tuple[str, ...], verdict: str) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", ALICE), scene.phone("bob", BOB)
    alice.session_attributes = bob.session_attributes = attributes
    call = scene.call(alice, bob, media=[audio(attributes=["mid:0"]), video(attributes=["mid:1"])])
    call.talk(alice, seconds=5, only="audio", quality=Quality(payload_type=97))
    assert tell(RULE, scene).verdicts == (verdict,)


def test_a_stream_from_another_machine_of_the_call_is_not_judged(tell: Tell) -> None:
    call = called()
    carol = call.scene.phone("carol", "198.51.100.30")
    other = call.scene.call(carol, call.callee, media=[audio("PCMA")])
    call.talk(call.caller, seconds=3)
    assert tell(RULE, sent(other, None)).findings == ()


def test_behind_a_nat_it_is_likely(tell: Tell) -> None:
    scene = Scene()
    alice = scene.phone("alice", "203.0.113.77", advertises="192.168.1.10")
    call = scene.call(alice, scene.phone("bob", BOB))
    told = tell(RULE, sent(call, 8, by=call.callee))
    assert told.finding.confidence == "likely"
    assert f"{BOB} sends payload type 8 to 203.0.113.77" in told.finding.message


def test_an_offer_that_was_not_captured_leaves_it_open(tell: Tell) -> None:
    call = called()
    scene = sent(call, 8, by=call.callee)
    del scene.sent[0]
    told = tell(RULE, scene)
    assert told.verdicts == ("unknown",)
    assert told.reasons[0] == f"the SDP of {ALICE}, which gets payload types 8, was not captured"


def test_two_captures_tell_it_once(tell: Tell) -> None:
    call = called()
    scene = sent(call, 8)
    assert len(tell(RULE, scene, call.caller, call.callee).findings) == 1


def test_both_ways_wrong_are_one_fault(tell: Tell) -> None:
    call = called()
    call.talk(seconds=5, quality=Quality(payload_type=8))
    assert "1 more streams of the call have a wrong number too" in tell(RULE, call.scene).finding.message


def test_a_call_without_media_is_not_judged(tell: Tell) -> None:
    call = called()
    call.hang_up(call.caller)
    assert tell(RULE, call.scene).verdicts == ()


def test_captures_whose_clocks_differ_are_not_held_against_each_other(tell: Tell) -> None:
    """A re-INVITE changes the codec; the second capture is 3.3 s ahead of the first."""
    call = called([audio("PCMU", "G722")], [audio("PCMU")])
    call.talk(seconds=6)
    call.offer(call.caller, [audio("G722")])
    scene = sent(call, None)
    late = files.pcapng([(time + 3_300_000_000, frame) for time, frame in scene.packets(call.callee)])
    told = tell(RULE, {"alice": scene.pcapng(call.caller), "bob": late})
    assert told.verdicts == ("clear",)


def test_each_of_two_captures_is_held_against_its_own_signalling(tell: Tell) -> None:
    call = called()
    scene = sent(call, 8)
    late = files.pcapng([(time + 3_300_000_000, frame) for time, frame in scene.packets(call.callee)])
    assert tell(RULE, {"alice": scene.pcapng(call.caller), "bob": late}).verdicts == ("fault",)
