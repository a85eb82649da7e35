"""codec-mismatch compares what both sides say that they can do, and leaves other reasons for a refusal alone."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from collabtrace.testing import Codec, Line, Machine, Scene, audio, slides, video
from collabtrace.testing.sdp_text import Description
from tests.rules.conftest import Tell

RULE = "codec-mismatch"


def scene_of_two() -> tuple[Scene, Machine, Machine]:
    scene = Scene()
    return scene, scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")


def refused(
    *lines: Line, status: int = 488, headers: dict[str, str] | None = None, bob_offers: Sequence[Line] = ()
) -> Scene:
    """Bob, who may have called before, refuses what Alice offers."""
    scene, alice, bob = scene_of_two()
    if bob_offers:
        scene.call(bob, alice, media=bob_offers).hang_up(bob)
    call = scene.dial(alice, bob, media=lines)
    call.reject(status, headers=headers)
    return scene


def test_a_refusal_that_names_formats_proves_it(tell: Tell) -> None:
    told = tell(
        RULE, refused(audio("G729", "telephone-event"), headers={"Warning": '305 bob "Incompatible media format"'})
    )
    assert told.finding.confidence == "proved"
    assert told.finding.message == (
        "192.0.2.10 offers audio: G729/8000, telephone-event/8000; 198.51.100.20 refuses it with 488 and says why: "
        "305 incompatible media format, so the call fails."
    )
    assert [each.shows for each in told.finding.evidence] == ["the 488 to INVITE from 198.51.100.20", "the offer"]


def test_a_refusal_that_describes_what_it_can_do_proves_it(tell: Tell) -> None:
    scene, alice, bob = scene_of_two()
    call = scene.dial(alice, bob, media=[audio("G729")])
    leg, invite = call.legs[0], call._invites[0][1]
    leg.respond(invite, 488, body=bytes(Description("bob", bob.address, (replace(audio("PCMU"), port=4000),))))
    told = tell(RULE, scene)
    assert told.finding.confidence == "proved"
    assert "refuses it with 488 and can do PCMU/8000 for audio only" in told.finding.message


def test_the_own_offer_of_whoever_refuses_makes_it_likely(tell: Tell) -> None:
    told = tell(RULE, refused(audio("G729"), status=606, bob_offers=[audio("PCMU", "opus")]))
    assert told.finding.confidence == "likely"
    assert "can do PCMU/8000, opus/48000/2 for audio only" in told.finding.message
    assert told.finding.evidence[-1].shows == "what 198.51.100.20 or the side behind it can do"


def test_a_static_payload_type_needs_no_name(tell: Tell) -> None:
    scene = refused(audio("PCMU"), bob_offers=[audio("PCMU")])
    bare = scene.pcapng().replace(b"a=rtpmap:0 PCMU/8000\r\n", b"a=x-nothing-at-all-1\r\n")
    assert tell(RULE, bare).verdicts[-1] == "unknown"


def test_a_codec_in_common_means_another_reason(tell: Tell) -> None:
    told = tell(RULE, refused(audio("PCMU", "G729"), bob_offers=[audio("G722", "G729")]))
    assert told.verdicts == ("clear", "unknown")
    assert "both sides can do G729/8000, so the 488 to INVITE" in told.reasons[1]


def test_another_clock_rate_is_another_codec(tell: Tell) -> None:
    offers = [audio(Codec("speex", 97, 8000))]
    assert tell(RULE, refused(audio(Codec("speex", 97, 16000)), bob_offers=offers)).finding.confidence == "likely"


def test_a_name_in_another_case_is_the_same_codec(tell: Tell) -> None:
    told = tell(RULE, refused(audio(Codec("ilbc", 97)), bob_offers=[audio(Codec("iLBC", 98))]))
    assert told.verdicts[-1] == "unknown"


@pytest.mark.parametrize(("codec", "confidence"), [("G729", "likely"), ("PCMU", "possible")])
def test_a_refusal_without_a_reason_is_no_proof(tell: Tell, codec: str, confidence: str) -> None:
    assert tell(RULE, refused(audio(codec))).finding.confidence == confidence


@pytest.mark.parametrize("warning", ['370 bob "Insufficient Bandwidth"', '301 bob "Incompatible address formats"'])
def test_a_refusal_for_another_reason_is_clear(tell: Tell, warning: str) -> None:
    told = tell(RULE, refused(audio("G729"), headers={"Warning": warning}))
    assert told.verdicts == ("clear",)
    assert "not about codecs" in told.reasons[0]


@pytest.mark.parametrize(
    "line",
    [replace(audio("G729"), protocol="RTP/SAVP"), replace(audio("G729"), protocol="UDP/TLS/RTP/SAVPF")],
)
def test_encryption_comes_first(tell: Tell, line: Line) -> None:
    assert tell(RULE, refused(line)).verdicts == ()


def test_encryption_that_may_be_left_away_does_not(tell: Tell) -> None:
    scene, alice, bob = scene_of_two()
    line = replace(audio("G729"), protocol="RTP/SAVP")
    scene.dial(alice, bob, media=[line], headers={"Supported": "X-cisco-srtp-fallback"}).reject(488)
    assert tell(RULE, scene).finding.confidence == "likely"


def test_a_plain_offer_to_who_encrypts_is_not_about_codecs(tell: Tell) -> None:
    assert tell(RULE, refused(audio(), bob_offers=[replace(audio(), protocol="RTP/SAVP")])).verdicts == ("clear",)


def test_an_offer_without_any_port_offers_nothing(tell: Tell) -> None:
    told = tell(RULE, refused(audio().rejected()))
    assert told.finding.confidence == "proved"
    assert "offers no media at all" in told.finding.message


def test_a_second_try_that_is_answered_had_no_such_fault(tell: Tell) -> None:
    scene, alice, bob = scene_of_two()
    call = scene.dial(alice, bob, media=[audio("G729")])
    call.reject(488)
    leg = call.legs[0]
    leg.callee.known = False
    again = leg.request(
        leg.caller, "INVITE", body=bytes(Description("alice", alice.address, (replace(audio("PCMU"), port=4000),)))
    )
    leg.respond(again, 200, body=bytes(Description("bob", bob.address, (replace(audio("PCMU"), port=5000),))))
    leg.acknowledge(again)
    told = tell(RULE, scene)
    assert told.verdicts == ("clear",)
    assert "did not end the call, which is answered" in told.reasons[0]


def test_over_a_b2bua_it_is_told_once_at_the_side_that_refused(tell: Tell) -> None:
    scene, alice, bob = scene_of_two()
    cucm = scene.b2bua("cucm", "203.0.113.5")
    call = scene.dial(alice, bob, via=[cucm], media=[audio("G729")])
    call.reject(488, headers={"Warning": "304 bob"})
    told = tell(RULE, scene)
    assert told.finding.evidence[0].shows == "the 488 to INVITE from 198.51.100.20"
    assert len(told.finding.calls) == 2


def test_an_invite_that_was_not_captured_leaves_it_open(tell: Tell) -> None:
    scene = refused(audio("G729"))
    del scene.sent[0]
    told = tell(RULE, scene)
    assert told.verdicts == ("unknown",)
    assert "was not captured" in told.reasons[0]


def test_a_refused_request_without_an_offer_leaves_it_open(tell: Tell) -> None:
    scene, alice, bob = scene_of_two()
    scene.dial(alice, bob, delayed_offer=True).reject(488)
    assert tell(RULE, scene).verdicts == ("unknown",)


def test_a_format_without_a_name_leaves_it_open(tell: Tell) -> None:
    scene = refused(audio(Codec("G729", 96)), bob_offers=[audio("PCMU")])
    bare = scene.pcapng().replace(b"a=rtpmap:96 G729/8000\r\n", b"a=x-nothing-at-all-12\r\n")
    told = tell(RULE, bare)
    assert told.verdicts == ("clear", "unknown")
    assert "has no name" in told.reasons[1]


# Later rounds


def renegotiated(
    *lines: Line,
    headers: dict[str, str] | None = None,
    method: str = "INVITE",
    had: Sequence[Line] = (audio("PCMU", "G722"),),
    then: Sequence[Line] = (),
) -> Scene:
    """A call in which Bob offered PCMU and G722, and refuses a new offer of Alice; what she offers *then* he takes."""
    scene, alice, bob = scene_of_two()
    call = scene.call(bob, alice, media=had)
    leg = call.legs[0]
    placed = tuple(replace(line, port=4000 + 2 * place) for place, line in enumerate(lines))
    sent = leg.request(leg.callee, method, body=bytes(Description("alice", alice.address, placed, 2)))
    leg.respond(sent, 488, headers=headers)
    if then:
        call.offer(alice, then)
    call.talk(seconds=1)
    call.hang_up(bob)
    return scene


@pytest.mark.parametrize("method", ["INVITE", "UPDATE"])
def test_a_later_offer_without_a_common_codec_is_told_too(tell: Tell, method: str) -> None:
    told = tell(RULE, renegotiated(audio("G729"), method=method))
    assert told.finding.confidence == "likely"
    assert "so what it had before goes on" in told.finding.message


def test_a_later_refusal_without_a_reason_leaves_it_open(tell: Tell) -> None:
    assert tell(RULE, renegotiated(audio("G722"))).verdicts == ("unknown",)


def test_a_refused_fax_is_no_codec(tell: Tell) -> None:
    fax = Line("image", (), "udptl")
    assert tell(RULE, renegotiated(fax)).verdicts == ("clear",)


def test_a_picture_refused_by_a_telephone_is_refused_on_purpose(tell: Tell) -> None:
    assert tell(RULE, renegotiated(video())).verdicts == ("unknown",)


NO_PICTURE = {"Warning": '304 bob "Media type not available"'}


@pytest.mark.parametrize("headers", [None, NO_PICTURE, {"Warning": '305 bob "Incompatible media format"'}])
def test_a_picture_that_is_declined_in_a_call_of_sound_leaves_it_open(
    tell: Tell, headers: dict[str, str] | None
) -> None:
    told = tell(RULE, renegotiated(audio("PCMU"), video(), headers=headers))
    assert told.verdicts == ("unknown",)


def test_a_picture_that_is_declined_first_and_accepted_later_leaves_it_open(tell: Tell) -> None:
    lines = (audio("PCMU"), video())
    assert tell(RULE, renegotiated(*lines, headers=NO_PICTURE, then=lines)).findings == ()


def test_other_pictures_for_a_call_that_has_one_are_told(tell: Tell) -> None:
    lines = (audio("PCMU"), video("VP8"))
    told = tell(RULE, renegotiated(*lines, headers=NO_PICTURE, had=(audio("PCMU"), video())))
    assert "and says why: 304" in told.finding.message


def test_other_sound_for_a_call_that_goes_on_is_told(tell: Tell) -> None:
    headers = {"Warning": '305 bob "Incompatible media format"'}
    told = tell(RULE, renegotiated(audio("G729"), headers=headers))
    assert told.finding.confidence == "proved"


def test_a_first_offer_with_a_picture_is_told(tell: Tell) -> None:
    assert "so the call fails" in tell(RULE, refused(audio(), video(), headers=NO_PICTURE)).finding.message


# Answers


def answered(
    offer: Sequence[Line], answer: Sequence[Line], *, bob_offers: Sequence[Line] = (), delayed: bool = False
) -> Scene:
    scene, alice, bob = scene_of_two()
    if bob_offers:
        scene.call(bob, alice, media=bob_offers).hang_up(bob)
    call = scene.call(alice, bob, media=offer, answer=answer, delayed_offer=delayed)
    scene.wait(5)
    call.hang_up(alice)
    return scene


def test_an_answer_with_another_codec_is_no_answer(tell: Tell) -> None:
    told = tell(RULE, answered([audio("G729", "telephone-event")], [audio("PCMA", "telephone-event")]))
    assert told.finding.confidence == "proved"
    assert told.finding.evidence[0].shows == "the answer: PCMA/8000, telephone-event/8000"


def test_keys_alone_are_no_sound(tell: Tell) -> None:
    assert (
        "answers with telephone-event/8000"
        in tell(RULE, answered([audio()], [audio("telephone-event")])).finding.message
    )


def test_an_answer_with_the_codec_under_another_number_is_clear(tell: Tell) -> None:
    told = tell(RULE, answered([audio(Codec("opus", 114, 48000))], [audio(Codec("OPUS", 96, 48000))]))
    assert told.verdicts == ("clear",)
    assert told.reasons == ("both sides can do opus/48000/2",)


def test_a_picture_that_a_telephone_switches_off_is_no_fault(tell: Tell) -> None:
    assert tell(RULE, answered([audio(), video()], [audio("PCMU"), video().rejected()])).verdicts == ("clear",)


def test_a_picture_switched_off_without_a_common_codec(tell: Tell) -> None:
    scene = answered(
        [audio(), video("VP8")], [audio("PCMU"), video("VP8").rejected()], bob_offers=[audio(), video("H264")]
    )
    told = tell(RULE, scene)
    assert told.finding.confidence == "likely"
    assert "switches the line off in its answer (port 0); it can do H264/90000 only" in told.finding.message


def test_a_picture_switched_off_by_who_could_show_it_is_a_choice(tell: Tell) -> None:
    lines = [audio(), video("H264")]
    assert tell(RULE, answered(lines, [audio("PCMU"), video().rejected()], bob_offers=lines)).verdicts == ("clear",) * 2


def test_slides_beside_an_agreed_picture_are_not_its_matter(tell: Tell) -> None:
    scene = answered([audio(), video(), slides()], [audio("PCMU"), video(), slides().rejected()])
    assert tell(RULE, scene).verdicts == ("clear",)


def test_an_answer_without_any_media_may_lack_a_codec(tell: Tell) -> None:
    told = tell(RULE, answered([audio("G729")], [audio("G729").rejected()]))
    assert told.finding.confidence == "possible"
    assert "no media is left of the call" in told.finding.message


def test_an_encrypted_line_beside_a_plain_one_may_be_refused(tell: Tell) -> None:
    secure = replace(audio(), protocol="RTP/SAVP")
    assert tell(RULE, answered([secure, audio()], [secure.rejected(), audio("PCMU")])).verdicts == ("clear",)


def test_a_delayed_offer_is_answered_in_the_ack(tell: Tell) -> None:
    scene, alice, bob = scene_of_two()
    call = scene.dial(alice, bob, delayed_offer=True)
    leg, invite = call._invites[0]
    leg.respond(invite, 200, body=bytes(Description("bob", bob.address, (replace(audio("G729"), port=5000),))))
    leg.acknowledge(invite, body=bytes(Description("alice", alice.address, (replace(audio("PCMU"), port=4000),))))
    assert "198.51.100.20 offers G729/8000 for audio, and 192.0.2.10 answers with" in tell(RULE, scene).finding.message


def test_an_answer_that_the_capture_does_not_show_is_not_judged(tell: Tell) -> None:
    scene, alice, bob = scene_of_two()
    scene.dial(alice, bob)
    assert tell(RULE, scene).verdicts == ()


def test_what_stands_behind_a_server_shows_why_it_refuses(tell: Tell) -> None:
    scene, alice, bob = scene_of_two()
    cucm = scene.b2bua("cucm", "203.0.113.5")
    call = scene.dial(alice, bob, via=[cucm], media=[audio("G729")])
    near, far = call.legs
    inner = call._invites[1][1]
    far.respond(inner, 488, body=bytes(Description("bob", bob.address, (replace(audio("PCMU"), port=5000),))))
    near.respond(call._invites[0][1], 488)
    assert "and can do PCMU/8000 for audio only" in tell(RULE, scene).finding.message


def test_numbers_without_names_are_not_compared(tell: Tell) -> None:
    scene = answered([audio(Codec("G729", 96))], [audio(Codec("opus", 97))])
    bare = scene.pcapng().replace(b"a=rtpmap:96 G729/8000\r\n", b"a=x-nothing-at-all-12\r\n")
    assert tell(RULE, bare).verdicts == ()


def test_the_clock_of_g722_is_written_either_way(tell: Tell) -> None:
    assert tell(RULE, answered([audio("G722")], [audio(Codec("G722", 9, 16000))])).verdicts == ("clear",)
