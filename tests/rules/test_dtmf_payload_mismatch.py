"""Keys with a payload type that the receiver did not name."""

from dataclasses import replace

import pytest

from collabtrace.testing import Call, Codec, Line, Machine, Scene, audio
from tests.rules.conftest import Tell

RULE = "dtmf-payload-mismatch"
SAYS_96 = audio("PCMU", Codec("telephone-event", 96, 8000, "0-15"))
WIDE = audio("opus", "telephone-event", Codec("telephone-event", 110, 48000, "0-15"))


def make_call(scene: Scene, *, media: Line | None = None, answer: Line | None = None, **options: bool) -> Call:
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    return scene.call(alice, bob, media=[media or audio()], answer=None if answer is None else [answer], **options)  # type: ignore[arg-type]


def pressed(call: Call, by: Machine, payload_type: int | None = None) -> int:
    """Press keys in the middle of some talk; the frame of the first."""
    call.talk(by, seconds=0.2)
    frame = len(call.scene.sent) + 1
    call.press(by, "1234", payload_type=payload_type)
    call.talk(seconds=1)
    call.hang_up(call.caller)
    return frame


@pytest.mark.parametrize("delayed", [False, True])
def test_the_sender_uses_the_number_that_it_named_itself(tell: Tell, delayed: bool) -> None:
    scene = Scene()
    call = make_call(scene, answer=None if delayed else SAYS_96, delayed_offer=delayed)
    first = pressed(call, call.caller, 96 if delayed else 101)
    told = tell(RULE, scene)
    assert (told.finding.confidence, told.frames[0]) == ("proved", first)
    assert "4 keys went from 192.0.2.10 to 198.51.100.20" in told.finding.message


def test_the_frames_are_the_key_and_both_descriptions(tell: Tell) -> None:
    scene = Scene()
    call = make_call(scene, answer=SAYS_96)
    first = pressed(call, call.caller, 101)
    told = tell(RULE, scene)
    assert told.frames == (first, 4, 1)
    assert told.finding.message == (
        "4 keys went from 192.0.2.10 to 198.51.100.20 as telephone-events with payload type 101, but the SDP for "
        "198.51.100.20 names 96; 101 is the number that the sender named for what it gets itself"
    )


def test_the_answer_names_no_telephone_event(tell: Tell) -> None:
    scene = Scene()
    call = make_call(scene, answer=audio("PCMU"))
    pressed(call, call.caller, 101)
    assert "names no number at all" in tell(RULE, scene).finding.message


def test_a_number_that_nobody_named(tell: Tell) -> None:
    scene = Scene()
    call = make_call(scene)
    pressed(call, call.callee, 97)
    assert (
        "from 198.51.100.20 to 192.0.2.10 as telephone-events with payload type 97" in tell(RULE, scene).finding.message
    )


def test_in_srtp_the_number_can_be_read(tell: Tell) -> None:
    scene = Scene()
    secure = replace(audio(), protocol="RTP/SAVP", attributes=("crypto:1 AES_CM_128_HMAC_SHA1_80 inline:a2V5",))
    answer = replace(SAYS_96, protocol="RTP/SAVP", attributes=secure.attributes)
    call = make_call(scene, media=secure, answer=answer)
    pressed(call, call.caller, 101)
    assert len(tell(RULE, scene).findings) == 1


def test_behind_a_b2bua_that_renumbers_what_the_other_end_named_counts(tell: Tell) -> None:
    """The B2BUA tells bob 96, though alice, to whom he sends, had named 101."""
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    pbx = scene.b2bua("pbx", "203.0.113.5", edit_offer=lambda lines: tuple(renumbered(line) for line in lines))
    call = scene.call(alice, bob, via=[pbx])
    pressed(call, bob, 96)
    told = tell(RULE, scene)
    assert "with payload type 96, but the SDP for 192.0.2.10 names 101" in told.finding.message
    assert told.frames[1] == 1


def renumbered(line: Line) -> Line:
    codecs = [codec._replace(payload_type=96) if codec.name == "telephone-event" else codec for codec in line.codecs]
    return replace(line, codecs=tuple(codecs))


@pytest.mark.parametrize(
    ("media", "answer", "by_caller", "payload_type"),
    [
        (audio(), None, True, None),
        (audio(), SAYS_96, True, 96),
        (audio(), SAYS_96, False, 101),
        (WIDE, WIDE, True, 101),
        (WIDE, WIDE, True, 110),
    ],
    ids=["one number", "two numbers forth", "two numbers back", "8000 Hz beside opus", "48000 Hz"],
)
def test_what_the_receiver_named_is_right(
    tell: Tell, media: Line, answer: Line | None, by_caller: bool, payload_type: int | None
) -> None:
    scene = Scene()
    call = make_call(scene, media=media, answer=answer)
    pressed(call, call.caller if by_caller else call.callee, payload_type)
    assert tell(RULE, scene).verdicts == ("clear",)


def test_the_number_of_the_round_before_is_good_while_the_next_is_answered(tell: Tell) -> None:
    scene = Scene()
    call = make_call(scene)
    call.offer(call.callee, [SAYS_96])
    call.press(call.caller, "1", payload_type=101)
    call.hang_up(call.caller)
    assert tell(RULE, scene).verdicts == ("clear",)


def test_later_it_is_not(tell: Tell) -> None:
    scene = Scene()
    call = make_call(scene)
    call.offer(call.callee, [SAYS_96])
    call.scene.wait(5)
    pressed(call, call.caller, 101)
    assert len(tell(RULE, scene).findings) == 1


def test_without_the_receivers_sdp_nothing_is_known(tell: Tell) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    call = scene.call(alice, bob)
    scene.sent[:] = [sent for sent in scene.sent if b"200 OK" not in bytes(sent.packet)]
    call.press(alice, "12")
    call.hang_up(alice)
    told = tell(RULE, scene)
    assert told.verdicts == ("unknown",)
    assert "does not show the SDP of 198.51.100.20" in told.reasons[0]


def test_a_call_without_keys_is_not_judged(tell: Tell) -> None:
    scene = Scene()
    call = make_call(scene, answer=SAYS_96)
    call.talk(seconds=1)
    assert tell(RULE, scene).verdicts == ()


def test_the_same_call_at_two_capture_points_is_one_finding(tell: Tell) -> None:
    scene = Scene()
    call = make_call(scene, answer=SAYS_96)
    pressed(call, call.caller, 101)
    assert len(tell(RULE, scene, call.caller, call.callee).findings) == 1
