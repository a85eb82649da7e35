import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabtrace.errors import ParseError
from collabtrace.protocols import sip
from collabtrace.protocols.cseq import CSeq
from tests.protocols.samples import INVITE, RINGING


@pytest.mark.parametrize("end", [b"\n", b"\r"])
def test_lines_that_end_otherwise(end: bytes) -> None:
    message = sip.parse(RINGING.replace(b"\r\n", end))
    assert message.facts()._replace(size=0, flaws=None) == sip.parse(RINGING).facts()._replace(size=0)
    assert message.flaws == ("a line ends without CR LF",)


def test_one_line_that_ends_in_lf_alone() -> None:
    message = sip.parse(RINGING.replace(b"Ringing\r\n", b"Ringing\n").replace(b"INVITE\r\n", b"INVITE\n"))
    assert (message.reason, message.cseq) == ("Ringing", CSeq(101, "INVITE"))
    assert message.flaws == ("a line ends without CR LF",)


@pytest.mark.parametrize("fold", [b"\r\n ", b"\r\n\t\t"])
def test_a_folded_header(fold: bytes) -> None:
    message = sip.parse(RINGING.replace(b"example.com;branch", b"example.com" + fold + b";branch"))
    assert [via.branch for via in message.vias] == ["z9hG4bK-2", "z9hG4bK-1"]
    assert message.flaws == ()


@pytest.mark.parametrize(
    ("change", "flaw"),
    [
        ((b"Content-Length: 0", b"Content-Length: none"), "Content-Length 'none' is not a number"),
        ((b"Content-Length: 0", b"Content-Length: 12"), "the body is cut: 0 of 12 bytes"),
        ((b"Content-Length: 0\r\n\r\n", b"Content-Length: 0\r\n"), "no empty line ends the headers"),
        ((b"Content-Length: 0\r\n\r\n", b"Content-Length: 0\r\n\r\nab"), "2 bytes after the body"),
        ((b"Content-Length: 0\r\n\r\n", b"\r\nab"), "Content-Length is missing"),
        ((b"Server: Example/2.0", b"this is no header"), "'this is no header' is not a header"),
        ((b"SIP/2.0 180", b"\0\0\r\nSIP/2.0 180"), "4 bytes before the start line"),
        ((b"Call-ID: one@192.0.2.10\r\n", b""), "no Call-ID header"),
        ((b"CSeq: 101 INVITE\r\n", b""), "no CSeq header"),
        ((b"CSeq: 101", b"CSeq: one"), "CSeq cannot be read"),
        ((b"<sip:bob@example.com>;tag=b1", b"nobody"), "To cannot be read"),
        ((b"Reason", b"CSeq: 101 INVITE\r\nReason"), "more than one CSeq header"),
        ((b"Server", b"Content-Type: text\r\nServer"), "Content-Type cannot be read"),
    ],
)
def test_flaws(change: tuple[bytes, bytes], flaw: str) -> None:
    assert sip.parse(RINGING.replace(*change)).flaws == (flaw,)


def test_line_ends_before_the_start_line_are_no_flaw() -> None:
    message = sip.parse(b"\r\n\r\n" + RINGING)
    assert (message.status, message.flaws) == (180, ())


def test_a_message_that_is_cut_within_its_headers() -> None:
    message = sip.parse(RINGING[:150])
    assert message.status == 180
    assert message.flaws[0] == "no empty line ends the headers"


def test_bytes_that_are_no_utf8_can_be_printed() -> None:
    message = sip.parse(RINGING.replace(b"Ringing", b"Ring\xff\xfeing"))
    assert message.reason == "Ring\ufffd\ufffding"


def test_a_great_many_headers() -> None:
    message = sip.parse(RINGING.replace(b"Server", b"A: b\r\n" * 100_000 + b"Server"))
    assert len(message.headers) < sip.MOST_LINES
    assert f"more than {sip.MOST_LINES} header lines" in message.flaws


@pytest.mark.parametrize(
    "data", [b"", b"\r\n\r\n", b"hello", b"GET / HTTP/1.1\r\n\r\n", b"\x80\0\1\2", b"SIP/2.0 9999 No\r\n\r\n"]
)
def test_what_is_no_sip(data: bytes) -> None:
    assert not sip.starts(data)
    with pytest.raises(ParseError):
        sip.parse(data)


def _look_at(message: sip.Message) -> None:
    """Ask for everything, and hold the facts against the typed values."""
    facts = message.facts()
    assert (facts.from_uri, facts.from_tag) == (
        (message.from_.uri, message.from_.tag) if message.from_ else (None, None)
    )
    assert (facts.to_uri, facts.to_tag) == ((message.to.uri, message.to.tag) if message.to else (None, None))
    assert facts.cseq == (message.cseq.number if message.cseq else None)
    assert facts.vias >= len(message.vias)
    if facts.contact is not None:
        assert facts.contact == message.contacts[0].uri
    assert repr(message)
    assert repr(message.parts)
    assert repr(message.sdp)


@given(st.binary())
def test_any_bytes_are_a_message_or_a_parse_error(data: bytes) -> None:
    for tried in (data, b"SIP/2.0 200 OK\r\n" + data, b"A b:c SIP/2.0\n" + data):
        try:
            message = sip.parse(tried)
        except ParseError:
            assert not sip.starts(tried)
            continue
        _look_at(message)


@given(st.sampled_from([INVITE, RINGING]), st.data())
def test_a_message_with_some_bytes_changed(original: bytes, data: st.DataObject) -> None:
    changed = bytearray(original)
    for _ in range(data.draw(st.integers(1, 5))):
        start = data.draw(st.integers(0, len(changed)))
        end = data.draw(st.integers(start, min(start + 20, len(changed))))
        changed[start:end] = data.draw(
            st.binary(max_size=4) | st.sampled_from([b"\r\n", b"\n ", b";", b",", b'"', b"<", b":"])
        )
    try:
        message = sip.parse(bytes(changed))
    except ParseError:
        assert not sip.starts(bytes(changed))
        return
    _look_at(message)
