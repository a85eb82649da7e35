from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabtrace.protocols import sdp
from collabtrace.protocols.sdp.origin import Connection, Origin
from collabtrace.protocols.sdp.session import MOST_MEDIA, Group

ENDPOINT = dedent("""\
    v=0
    o=endpoint 7 2 IN IP4 192.0.2.8
    s=-
    c=IN IP4 192.0.2.8
    b=AS:4000
    t=0 0
    a=group:BUNDLE 0 1
    m=audio 2334 RTP/AVP 9 8 101
    a=rtpmap:9 G722/8000
    a=rtpmap:8 PCMA/8000
    a=rtpmap:101 telephone-event/8000
    a=fmtp:101 0-15
    a=sendrecv
    m=video 2336 RTP/AVP 97
    b=TIAS:3700000
    a=rtpmap:97 H264/90000
    a=content:main
    a=label:11
    a=sendrecv
    m=application 5070 UDP/BFCP *
    a=floorctrl:c-s
    a=confid:1
    a=floorid:2 mstrm:12
    a=userid:7
    a=setup:actpass
    a=connection:new
    m=video 2340 RTP/AVP 97
    c=IN IP4 192.0.2.9
    a=rtpmap:97 H264/90000
    a=content:slides
    a=label:12
    a=sendrecv
    m=application 2342 RTP/AVP 100
    a=rtpmap:100 H224/4800
    """)


def parse(text: str) -> sdp.Session:
    return sdp.parse(text.encode().replace(b"\n", b"\r\n"))


def test_the_session() -> None:
    session = parse(ENDPOINT)
    assert session.origin == Origin("endpoint", "7", "2", "IN", "IP4", "192.0.2.8")
    assert session.name == "-"
    assert session.connection == Connection("192.0.2.8")
    assert session.bandwidth == {"AS": 4000}
    assert session.attributes == (("group", "BUNDLE 0 1"),)
    assert session.groups == (Group("BUNDLE", ("0", "1")),)
    assert session.bundle == ("0", "1")
    assert not session.ice_lite
    assert session.flaws == ()


def test_each_m_line_has_its_own_attributes() -> None:
    audio, main, bfcp, slides, camera = parse(ENDPOINT).media
    assert [line.index for line in (audio, main, bfcp, slides, camera)] == [0, 1, 2, 3, 4]
    assert [codec.encoding for codec in audio.codecs] == ["G722/8000", "PCMA/8000", "telephone-event/8000"]
    assert (main.content, main.label, main.address) == ("main", "11", "192.0.2.8")
    assert (slides.content, slides.label, slides.address) == ("slides", "12", "192.0.2.9")
    assert bfcp.is_bfcp
    assert bfcp.floors[0].streams == (slides.label,)
    assert not camera.is_bfcp
    assert str(camera.codecs[0]) == "100 H224/4800"


def test_sections_that_repeat_are_one_object() -> None:
    first, second = parse(ENDPOINT), parse(ENDPOINT.replace("2334", "2434").replace("7 2 IN", "7 3 IN"))
    assert second.media[0].port == 2434
    assert second.media[0].section is first.media[0].section
    assert second.section is first.section
    assert second.origin is not None
    assert second.origin.version_number == 3


@pytest.mark.parametrize("end", ["\n", "\r"])
def test_lines_that_end_otherwise(end: str) -> None:
    session = sdp.parse(ENDPOINT.replace("\n", end).encode())
    assert [str(line) for line in session.media] == [str(line) for line in parse(ENDPOINT).media]
    assert session.flaws == ()


def test_without_media() -> None:
    session = parse("v=0\no=- 1 1 IN IP4 192.0.2.1\ns=-\nt=0 0\n")
    assert session.media == ()
    assert repr(session) == "<SDP without media>"
    assert session.flaws == ()


def test_ice_lite() -> None:
    assert parse("v=0\na=ice-lite\n").ice_lite


def test_a_line_that_cannot_be_read_keeps_its_place() -> None:
    broken, whole = parse(ENDPOINT.replace("audio 2334", "audio none").split("m=application", 1)[0]).media
    assert (broken.port, whole.index) == (0, 1)


@pytest.mark.parametrize(
    ("change", "flaw"),
    [
        (("v=0\n", ""), "no line v=0"),
        (("o=endpoint", "x="), "no readable o= line"),
        (("o=endpoint 7 2 IN", "o=endpoint"), "no readable o= line"),
        (("c=IN IP4 192.0.2.8\n", ""), "no c= line holds for m-line 1"),
        (("s=-\n", "s=-\nrubbish\n"), "'rubbish' is not a line of SDP"),
        (("m=audio 2334", "m=audio 92334"), "m=audio 92334 RTP/AVP 9 8 101 is not kind, port, protocol and formats"),
        (("a=floorid:2", "a=floorid:two"), "floorid 'two mstrm:12' is not a floor and its streams"),
    ],
)
def test_flaws(change: tuple[str, str], flaw: str) -> None:
    assert flaw in parse(ENDPOINT.replace(*change)).flaws


def test_a_rejected_line_needs_no_address() -> None:
    session = parse("v=0\no=- 1 1 IN IP4 192.0.2.1\ns=-\nt=0 0\nm=audio 0 RTP/AVP 0\n")
    assert session.flaws == ()


def test_a_great_many_m_lines() -> None:
    session = parse("m=audio 4000 RTP/AVP 0\n" * (MOST_MEDIA + 100))
    assert len(session.media) == MOST_MEDIA
    assert f"more than {MOST_MEDIA} m-lines" in session.flaws


def test_an_m_line_first() -> None:
    assert [line.port for line in parse("m=audio 4000 RTP/AVP 0\n").media] == [4000]


@given(st.binary() | st.text(alphabet="vocmab=:0 1/\n\rINP4*").map(str.encode))
def test_any_bytes_are_a_session(data: bytes) -> None:
    session = sdp.parse(data)
    assert isinstance(session.flaws, tuple)
    assert session.origin is None or str(session.origin)
    for line in session.media:
        for name in dir(line):
            getattr(line, name)
