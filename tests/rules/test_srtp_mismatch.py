"""srtp-mismatch compares profiles and keys, and the length of packets where that tells."""

from dataclasses import replace

import pytest

from collabtrace.testing import Codec, Line, Quality, Scene, audio, files, video
from collabtrace.testing.sdp_text import Description
from tests.rules.conftest import Tell

RULE = "srtp-mismatch"
KEY = "inline:" + "A" * 40
SUITE = "AES_CM_128_HMAC_SHA1_80"
FALLBACK = "replaces,X-cisco-srtp-fallback"
CRYPTO = f"crypto:1 {SUITE} {KEY}"
FINGERPRINT = "fingerprint:sha-256 " + ":".join(["AB"] * 32)


def secured(*attributes: str, protocol: str = "RTP/SAVP", codec: str = "PCMU") -> Line:
    return replace(audio(codec, "telephone-event"), protocol=protocol, attributes=attributes or (CRYPTO,))


def called(
    offer: Line,
    answer: Line,
    *,
    tag: int | None = None,
    seconds: float = 6.0,
    headers: dict[str, str] | None = None,
    ipv6: bool = False,
) -> Scene:
    """Alice calls Bob, and both talk."""
    scene = Scene()
    alice = scene.phone("alice", "2001:db8::10" if ipv6 else "192.0.2.10")
    bob = scene.phone("bob", "2001:db8::20" if ipv6 else "198.51.100.20")
    call = scene.call(alice, bob, media=[offer], answer=[answer], headers=headers)
    call.talk(seconds=seconds, quality=Quality(tag=tag))
    call.hang_up(alice)
    return scene


def test_keys_that_fit_and_packets_with_tags_are_clear(tell: Tell) -> None:
    told = tell(RULE, called(secured(), secured()))
    assert told.verdicts == ("clear",)
    assert told.reasons[0].endswith("the packets of 2 streams have their tags")


def test_a_plain_call_is_not_judged(tell: Tell) -> None:
    assert tell(RULE, called(audio(), audio())).verdicts == ()


# Profiles


def test_srtp_answered_by_rtp(tell: Tell) -> None:
    told = tell(RULE, called(secured(), audio()))
    assert told.finding.confidence == "proved"
    assert "192.0.2.10 offers RTP/SAVP for audio, and 198.51.100.20 answers RTP/AVP" in told.finding.message
    assert [each.shows for each in told.finding.evidence] == ["answers RTP/AVP", "offers RTP/SAVP"]


def test_rtp_answered_by_srtp(tell: Tell) -> None:
    assert "the offerer does not encrypt" in tell(RULE, called(audio(), secured())).finding.message


def test_a_fallback_that_was_offered_is_legal(tell: Tell) -> None:
    scene = called(secured(), audio(), headers={"Supported": "replaces,X-cisco-srtp-fallback,norefersub"})
    assert tell(RULE, scene).verdicts == ("clear",)


@pytest.mark.parametrize(("said", "verdict"), [(FALLBACK, "clear"), ("replaces", "fault")])
def test_a_delayed_offer_may_fall_back_by_the_invite_that_asked_for_it(tell: Tell, said: str, verdict: str) -> None:
    """The INVITE says it, the 200 offers SRTP, and the ACK answers without."""
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    call = scene.dial(alice, bob, media=[secured()], delayed_offer=True, headers={"Supported": said})
    call.answer(in_ack=[audio()])
    assert tell(RULE, scene).verdicts == (verdict,)


@pytest.mark.parametrize(("said", "verdict"), [(FALLBACK, "clear"), ("replaces", "fault")])
def test_a_refresh_may_fall_back_as_the_call_did(tell: Tell, said: str, verdict: str) -> None:
    """Only the first INVITE says it; the session timer offers and answers the same again."""
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    call = scene.call(alice, bob, media=[secured()], answer=[audio()], headers={"Supported": said})
    scene.wait(900)
    call.offer(alice, [secured()], answer=[audio()])
    assert tell(RULE, scene).verdicts == (verdict,)


def test_a_fallback_that_only_the_answer_speaks_of_counts_too(tell: Tell) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    call = scene.dial(alice, bob, media=[secured()])
    call.answer([audio()], headers={"Supported": FALLBACK})
    assert tell(RULE, scene).verdicts == ("clear",)


def test_another_call_s_fallback_does_not_count(tell: Tell) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    scene.call(alice, bob, headers={"Supported": FALLBACK}).hang_up(alice)
    scene.call(alice, bob, media=[secured()], answer=[audio()])
    assert tell(RULE, scene).verdicts == ("fault",)


@pytest.mark.parametrize("answer", [audio(), replace(audio(), attributes=(CRYPTO,))])
def test_opportunistic_encryption_is_legal(tell: Tell, answer: Line) -> None:
    told = tell(RULE, called(replace(audio(), attributes=(CRYPTO,)), answer, tag=10 if answer.attributes else 0))
    assert told.findings == ()


def test_keys_on_both_sides_under_different_profiles_still_fit(tell: Tell) -> None:
    assert tell(RULE, called(replace(audio(), attributes=(CRYPTO,)), secured())).verdicts == ("clear",)


def test_one_of_two_alternatives_may_be_taken(tell: Tell) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    scene.call(alice, bob, media=[secured(), audio()], answer=[secured().rejected(), audio("PCMU")])
    assert tell(RULE, scene).findings == ()


def test_a_line_on_hold_is_not_judged(tell: Tell) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    silent = audio("PCMU", direction="inactive")
    scene.call(alice, bob, media=[replace(secured(), direction="inactive")], answer=[silent])
    assert tell(RULE, scene).findings == ()


# Keys


def test_an_answer_without_a_key(tell: Tell) -> None:
    told = tell(RULE, called(secured(), secured("ptime:20")))
    assert "answers RTP/SAVP without a key" in told.finding.message
    assert KEY not in told.finding.message


def test_an_answer_that_was_cut_may_have_had_one(tell: Tell) -> None:
    scene = called(secured(), secured("ptime:20"))
    cut = scene.pcapng().replace(b"Content-Length: 2", b"Content-Length: 9")
    assert tell(RULE, cut).verdicts == ("unknown",)


def test_a_savpf_answer_without_a_key_may_be_healthy(tell: Tell) -> None:
    profile = "RTP/SAVPF"
    told = tell(RULE, called(secured(protocol=profile), secured("ptime:20", protocol=profile)))
    assert told.verdicts == ("unknown",)
    assert "Expressway" in told.reasons[0]


def test_an_offer_without_a_key(tell: Tell) -> None:
    assert "offers RTP/SAVP without a key" in tell(RULE, called(secured("ptime:20"), secured())).finding.message


@pytest.mark.parametrize(
    ("chosen", "confidence"),
    [(f"2 {SUITE}", "likely"), ("1 AEAD_AES_256_GCM", "proved"), ("2 AES_CM_128_HMAC_SHA1_32", "proved")],
)
def test_a_crypto_line_that_was_not_offered(tell: Tell, chosen: str, confidence: str) -> None:
    told = tell(RULE, called(secured(), secured(f"crypto:{chosen} {KEY}")))
    assert told.finding.confidence == confidence
    assert f"answers crypto {chosen}, which is not among them" in told.finding.message
    assert KEY not in str(told.finding)


def test_the_second_of_two_suites_may_be_chosen(tell: Tell) -> None:
    offer = secured(f"crypto:1 AEAD_AES_256_GCM {KEY}", f"crypto:2 {SUITE} {KEY}")
    assert tell(RULE, called(offer, secured(f"crypto:2 {SUITE.lower()} {KEY}"))).verdicts == ("clear",)


def test_sdes_meets_dtls(tell: Tell) -> None:
    told = tell(RULE, called(secured(), secured(FINGERPRINT, "setup:active")))
    assert "offers keys by SDES (crypto) for audio" in told.finding.message
    assert "answers with DTLS (fingerprint)" in told.finding.message


def test_dtls_on_both_sides_is_clear(tell: Tell) -> None:
    profile = "UDP/TLS/RTP/SAVPF"
    offer = secured(FINGERPRINT, "setup:actpass", protocol=profile)
    assert tell(RULE, called(offer, secured(FINGERPRINT, "setup:active", protocol=profile))).verdicts == ("clear",)


def test_either_of_two_key_exchanges_may_be_taken(tell: Tell) -> None:
    assert tell(RULE, called(secured(CRYPTO, FINGERPRINT), secured(FINGERPRINT))).verdicts == ("clear",)


def test_other_key_exchanges_are_left_alone(tell: Tell) -> None:
    mikey = secured("key-mgmt:mikey AQAFgM0XflAB")
    assert tell(RULE, called(mikey, mikey)).verdicts == ("clear",)


# Media


@pytest.mark.parametrize("codec", ["PCMU", "G722"])
def test_plain_packets_on_an_encrypted_line(tell: Tell, codec: str) -> None:
    told = tell(RULE, called(secured(codec=codec), secured(codec=codec), tag=0, ipv6=True))
    assert told.finding.confidence == "proved"
    assert "have exactly the 160 bytes that" in told.finding.message
    assert told.finding.evidence[0].shows == "payload of 160 bytes, no tag"


@pytest.mark.parametrize("tag", [4, 10, 16, 14])
def test_encrypted_packets_on_a_plain_line(tell: Tell, tag: int) -> None:
    told = tell(RULE, called(audio(), audio(), tag=tag))
    assert told.finding.confidence == "likely"
    assert f"{tag} bytes more than PCMU/8000 needs" in told.finding.message


def test_packets_longer_by_what_is_no_tag_are_left_alone(tell: Tell) -> None:
    assert tell(RULE, called(audio(), audio(), tag=25)).verdicts == ()


def test_a_short_talk_tells_nothing(tell: Tell) -> None:
    assert tell(RULE, called(secured(), secured(), tag=0, seconds=2.5)).verdicts == ("clear",)


def test_a_codec_of_any_length_tells_nothing(tell: Tell) -> None:
    opus = replace(secured(), codecs=(Codec("opus", 114, 48000),))
    assert tell(RULE, called(opus, opus, tag=0)).verdicts == ("clear",)


def test_packets_without_tags_may_be_agreed(tell: Tell) -> None:
    bare = secured(f"{CRYPTO} UNAUTHENTICATED_SRTP")
    assert tell(RULE, called(bare, bare, tag=0)).verdicts == ()


def test_captures_whose_clocks_differ_are_not_held_against_each_other(tell: Tell) -> None:
    """A plain call becomes encrypted after 20 s; the second capture is 12 s ahead."""
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    call = scene.call(alice, bob)
    call.talk(seconds=20)
    call.offer(alice, [secured()])
    call.talk(seconds=10)
    call.hang_up(alice)
    ahead = files.pcapng([(time + 12_000_000_000, frame) for time, frame in scene.packets(bob)])
    told = tell(RULE, {"alice": scene.pcapng(alice), "bob": ahead})
    assert told.findings == ()


def test_losses_and_keys_pressed_do_not_disturb(tell: Tell) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    call = scene.call(alice, bob, media=[secured()], answer=[secured()])
    call.talk(alice, seconds=4, quality=Quality(tag=0, loss=0.1))
    call.press(alice, "12")
    assert "plain RTP" in tell(RULE, scene).finding.message


# Refusals


def refused(
    line: Line, *, status: int = 488, headers: dict[str, str] | None = None, reason: str = "", bob: Line | None = None
) -> Scene:
    scene = Scene()
    alice, peer = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    if bob is not None:
        scene.call(peer, alice, media=[bob]).hang_up(peer)
    scene.dial(alice, peer, media=[line]).reject(status, headers=headers, reason=reason)
    return scene


def test_srtp_alone_is_refused(tell: Tell) -> None:
    told = tell(RULE, refused(secured()))
    assert told.finding.confidence == "likely"
    assert "192.0.2.10 offers SRTP alone (RTP/SAVP), and 198.51.100.20 refuses it with 488" in told.finding.message


def test_a_codec_that_few_have_may_be_the_reason_as_well(tell: Tell) -> None:
    assert tell(RULE, refused(secured(codec="G729"))).finding.confidence == "possible"


def test_the_own_offer_of_the_refuser_shows_that_it_wants_none(tell: Tell) -> None:
    told = tell(RULE, refused(secured(codec="G729"), bob=audio()))
    assert told.finding.confidence == "likely"
    assert told.finding.message.endswith(", and offers RTP/AVP itself.")


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({"Warning": '399 bob "SRTP not supported"'}, ""),
        ({"ms-diagnostics": '52017;reason="Encryption levels do not match"'}, ""),
        (None, "Secure Media Required"),
    ],
)
def test_a_refusal_that_speaks_of_encryption_proves_it(tell: Tell, headers: dict[str, str] | None, reason: str) -> None:
    assert tell(RULE, refused(audio(), headers=headers, reason=reason)).finding.confidence == "proved"


def test_plain_rtp_is_refused_by_who_encrypts(tell: Tell) -> None:
    told = tell(RULE, refused(audio(), bob=secured()))
    assert "offers plain RTP (RTP/AVP), and 198.51.100.20 refuses it" in told.findings[0].message


def test_a_refusal_for_codecs_is_another_rule_s(tell: Tell) -> None:
    assert tell(RULE, refused(audio("G729"))).verdicts == ()
    assert tell(RULE, refused(secured(), headers={"Warning": "305 bob"})).verdicts == ()


def test_a_second_try_without_encryption_is_clear(tell: Tell) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    scene.dial(alice, bob, media=[secured()]).reject(488)
    scene.call(alice, bob, media=[audio()])
    told = tell(RULE, scene)
    assert told.verdicts == ("clear",)
    assert told.reasons[0].endswith("did not end the call: it is answered")


def test_a_later_refusal_without_a_reason_leaves_it_open(tell: Tell) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    call = scene.call(bob, alice)
    leg = call.legs[0]
    body = bytes(Description("alice", alice.address, (replace(secured(), port=4000),), 2))
    leg.respond(leg.request(leg.callee, "INVITE", body=body), 488)
    call.hang_up(bob)
    told = tell(RULE, scene)
    assert told.verdicts == ("unknown",)
    assert "the call goes on" in told.reasons[0]


def test_sound_switched_off_by_who_wants_no_encryption(tell: Tell) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    scene.call(bob, alice).hang_up(bob)
    scene.call(alice, bob, media=[secured(), video()], answer=[secured().rejected(), video()])
    told = tell(RULE, scene)
    assert "switches the sound off (port 0)" in told.finding.message
    assert told.finding.confidence == "likely"


def test_sound_switched_off_without_a_reason_leaves_it_open(tell: Tell) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    scene.call(alice, bob, media=[secured(), video()], answer=[secured().rejected(), video()])
    assert tell(RULE, scene).verdicts == ("unknown",)


def test_a_server_between_may_encrypt_on_one_side_only(tell: Tell) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    plain = lambda lines: tuple(replace(line, protocol="RTP/AVP", attributes=()) for line in lines)  # noqa: E731
    keyed = lambda lines: tuple(replace(line, protocol="RTP/SAVP", attributes=(CRYPTO,)) for line in lines)  # noqa: E731
    sbc = scene.b2bua("sbc", "203.0.113.5", anchors_media=True, edit_offer=plain, edit_answer=keyed)
    scene.call(alice, bob, via=[sbc], media=[secured()])
    assert tell(RULE, scene).verdicts == ("clear",)


def test_a_re_invite_that_turns_encryption_off_is_as_agreed(tell: Tell) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    call = scene.call(alice, bob, media=[secured()])
    call.talk(seconds=4)
    call.offer(alice, [audio()])
    call.talk(seconds=6)
    call.hang_up(alice)
    assert tell(RULE, scene).verdicts == ("clear",)
