"""SDP as text."""

from dataclasses import replace

import pytest

from collabtrace.protocols import sdp
from collabtrace.testing import Codec, Line, audio, bfcp, slides, video
from collabtrace.testing.sdp_text import Description, answered


def placed(line: Line, port: int = 4000) -> Line:
    return replace(line, port=port)


def test_a_description_is_written_line_by_line() -> None:
    lines = (placed(audio()), replace(placed(video(direction="sendonly"), 4002), address="192.0.2.99"))
    text = bytes(Description("alice", "192.0.2.10", lines, version=3, attributes=("group:BUNDLE 0 1",)))
    assert text.decode().split("\r\n") == [
        "v=0",
        "o=alice 1 3 IN IP4 192.0.2.10",
        "s=-",
        "c=IN IP4 192.0.2.10",
        "t=0 0",
        "a=group:BUNDLE 0 1",
        "m=audio 4000 RTP/AVP 0 101",
        "a=rtpmap:0 PCMU/8000",
        "a=rtpmap:101 telephone-event/8000",
        "a=fmtp:101 0-15",
        "a=sendrecv",
        "m=video 4002 RTP/AVP 97",
        "c=IN IP4 192.0.2.99",
        "a=rtpmap:97 H264/90000",
        "a=fmtp:97 profile-level-id=42e01f;packetization-mode=1",
        "a=content:main",
        "a=sendonly",
        "",
    ]


def test_ipv6_is_called_so() -> None:
    text = bytes(Description("alice", "2001:db8::1", ()))
    assert b"o=alice 1 1 IN IP6 2001:db8::1\r\n" in text
    assert b"c=IN IP6 2001:db8::1\r\n" in text


def test_the_parser_reads_what_is_written() -> None:
    lines = tuple(placed(line) for line in (audio("opus", Codec("X", 99, 16000)), slides(label=5), bfcp(floors={3: 5})))
    session = sdp.parse(bytes(Description("alice", "192.0.2.10", lines)))
    assert session.flaws == ()
    assert [media.kind for media in session.media] == ["audio", "video", "application"]
    assert [media.port for media in session.media] == [4000] * 3
    assert session.media[1].content == "slides"
    assert session.media[2].floorctrl == ("c-s",)


@pytest.mark.parametrize(
    ("offered", "direction"),
    [("sendrecv", "sendrecv"), ("sendonly", "recvonly"), ("recvonly", "sendonly"), ("inactive", "inactive")],
)
def test_an_answer_reverses_the_direction(offered: str, direction: str) -> None:
    assert answered(placed(audio(direction=offered))).direction == direction


def test_an_answer_chooses_the_first_codec_and_events() -> None:
    line = answered(placed(audio("G722", "PCMU", "telephone-event")))
    assert [codec.name for codec in line.codecs] == ["G722", "telephone-event"]
    assert line.port is None


def test_an_answer_takes_the_other_role() -> None:
    roles = [answered(placed(bfcp(floorctrl=role))).value("floorctrl") for role in ("c-s", "c-only", "s-only")]
    assert roles == ["s-only", "s-only", "c-only"]
    assert answered(placed(bfcp())).value("setup") == "active"


def test_a_rejected_line_stays_rejected() -> None:
    line = audio().rejected()
    assert line.port == 0
    assert answered(line) is line
