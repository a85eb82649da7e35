"""What an offer and its answer make of one m-line."""

import pytest

from collabtrace.protocols import sdp
from collabtrace.protocols.sdp import Media
from collabtrace.sessions.media_line import Outcomes, outcome


def line(text: str, connection: str = "192.0.2.1") -> Media:
    """An m-line with its attributes, divided by semicolons."""
    media, *attributes = text.split("; ")
    lines = ["v=0", "o=- 1 1 IN IP4 192.0.2.1", "s=-", f"c=IN IP4 {connection}", "t=0 0", f"m={media}"]
    return sdp.parse("\r\n".join([*lines, *(f"a={each}" for each in attributes), ""]).encode()).media[0]


@pytest.mark.parametrize(
    ("offer", "answer", "expected"),
    [
        ("sendrecv", "sendrecv", "sendrecv"),
        ("sendrecv", "recvonly", "sendonly"),
        ("sendrecv", "sendonly", "recvonly"),
        ("sendonly", "recvonly", "sendonly"),
        ("sendonly", "sendonly", "inactive"),
        ("recvonly", "sendonly", "recvonly"),
        ("inactive", "sendrecv", "inactive"),
        ("sendonly", "inactive", "inactive"),
    ],
)
def test_media_flows_where_one_side_sends_and_the_other_receives(offer: str, answer: str, expected: str) -> None:
    both = line(f"audio 4000 RTP/AVP 0; {offer}"), line(f"audio 5000 RTP/AVP 0; {answer}")
    assert outcome(*both).direction == expected


def test_the_offer_alone_says_what_it_asks_for() -> None:
    assert outcome(line("audio 4000 RTP/AVP 0; recvonly"), None).direction == "recvonly"


def test_the_answer_alone_says_what_it_leaves() -> None:
    assert outcome(None, line("audio 4000 RTP/AVP 0; recvonly")).direction == "sendonly"


def test_no_address_is_a_hold() -> None:
    held = outcome(line("audio 4000 RTP/AVP 0", connection="0.0.0.0"), line("audio 5000 RTP/AVP 0"))
    assert held.direction == "sendonly"


def test_a_line_without_port_is_off() -> None:
    both = outcome(line("video 4000 RTP/AVP 97; rtpmap:97 H264/90000"), line("video 0 RTP/AVP 97"))
    assert (both.is_off, both.direction, both.codecs) == (True, "inactive", "H264/90000")


def test_the_answer_chooses_the_codecs() -> None:
    both = outcome(
        line("audio 4000 RTP/AVP 0 8 101; rtpmap:101 telephone-event/8000"),
        line("audio 5000 RTP/AVP 8 96; rtpmap:96 telephone-event/8000"),
    )
    assert both.codecs == "PCMA/8000, telephone-event/8000"
    assert both.payload_types == (
        "0=PCMU/8000", "8=PCMA/8000", "101=telephone-event/8000", "96=telephone-event/8000",
    )  # fmt: skip
    assert both.offer_payload_types == ("0=PCMU/8000", "8=PCMA/8000", "101=telephone-event/8000")
    assert both.answer_payload_types == ("8=PCMA/8000", "96=telephone-event/8000")


def test_while_unanswered_only_the_offer_names_payload_types() -> None:
    alone = outcome(line("audio 4000 RTP/AVP 0"), None)
    assert (alone.offer_payload_types, alone.answer_payload_types) == (("0=PCMU/8000",), None)


def test_a_codec_is_named_once_however_it_is_spelled() -> None:
    both = outcome(
        line("audio 4000 RTP/AVP 8 101; rtpmap:101 telephone-event/8000"),
        line("audio 5000 RTP/AVP 8 101; rtpmap:8 pcma/8000/1; rtpmap:101 Telephone-Event/8000/1"),
    )
    assert both.codecs == "PCMA/8000, telephone-event/8000"
    assert both.payload_types == ("8=PCMA/8000", "101=telephone-event/8000")


def test_a_codec_that_is_offered_twice_is_named_once() -> None:
    modes = line("video 4000 RTP/AVP 97 98; rtpmap:97 H264/90000; rtpmap:98 h264/90000")
    assert outcome(modes, None).codecs == "H264/90000"
    assert outcome(modes, None).payload_types == ("97=H264/90000", "98=H264/90000")


def test_what_is_no_rtp_has_its_formats_as_codecs() -> None:
    fax = outcome(line("image 4000 udptl t38"), None)
    assert (fax.protocol, fax.codecs, fax.payload_types) == ("udptl", "t38", ())


@pytest.mark.parametrize(
    ("text", "security"),
    [
        ("audio 4000 RTP/AVP 0", None),
        ("audio 4000 RTP/SAVP 0; crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + "A" * 40, "sdes"),
        ("audio 4000 UDP/TLS/RTP/SAVPF 0; setup:actpass; fingerprint:sha-256 AB:CD", "dtls"),
    ],
)
def test_security(text: str, security: str | None) -> None:
    assert outcome(line(text), None).security == security


def test_both_sides_must_speak_ice_and_mux() -> None:
    ready = line("audio 4000 RTP/AVP 0; ice-ufrag:abcd; rtcp-mux")
    plain = line("audio 5000 RTP/AVP 0")
    assert (outcome(ready, ready).ice, outcome(ready, ready).muxed) == (True, True)
    assert (outcome(ready, plain).ice, outcome(ready, plain).muxed) == (False, False)
    assert outcome(ready, None).ice


def test_a_side_that_says_nothing_is_shown() -> None:
    both = outcome(
        line("application 4000 UDP/BFCP *; floorctrl:c-s"), line("application 5000 UDP/BFCP *; setup:active")
    )
    assert (both.floorctrl, both.setup, both.floors) == ("c-s/-", "-/active", None)


def test_offer_and_answer_make_one_side_the_floor_control_server() -> None:
    offer, answer = (
        line("application 4000 UDP/BFCP *; floorctrl:c-s"),
        line("application 5000 UDP/BFCP *; floorctrl:c-only"),
    )
    assert outcome(offer, answer).floor_roles == "server/client"
    assert outcome(offer, None).floor_roles is None
    assert outcome(line("application 4000 UDP/UDT/IX *"), line("application 5000 UDP/UDT/IX *")).floor_roles is None


def test_floors_with_their_streams() -> None:
    several = line("application 4000 UDP/BFCP *; floorid:1 mstrm:10 11; floorid:2")
    assert outcome(several, line("application 5000 UDP/BFCP *")).floors == "1=10 11, 2"


def test_an_outcome_is_made_once_whatever_the_addresses_are() -> None:
    outcomes = Outcomes()
    first = outcomes.of(line("audio 4000 RTP/AVP 0", connection="192.0.2.1"), None)
    assert outcomes.of(line("audio 4002 RTP/AVP 0", connection="192.0.2.2"), None) is first
    held = outcomes.of(line("audio 4000 RTP/AVP 0", connection="0.0.0.0"), None)
    assert (first.direction, held.direction) == ("sendrecv", "sendonly")


def test_outcomes_are_forgotten_before_they_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("collabtrace.sessions.media_line.MOST_REMEMBERED", 2)
    outcomes = Outcomes()
    first = outcomes.of(line("audio 4000 RTP/AVP 0"), None)
    for number in (8, 9):
        outcomes.of(line(f"audio 4000 RTP/AVP {number}"), None)
    assert outcomes.of(line("audio 4000 RTP/AVP 0"), None) is not first
