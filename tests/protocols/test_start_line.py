import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabtrace.errors import ParseError
from collabtrace.protocols import start_line
from collabtrace.protocols.start_line import StartLine, starts


@pytest.mark.parametrize(
    "data",
    [
        b"INVITE sip:bob@example.com SIP/2.0\r\nVia: x",
        b"SIP/2.0 200 OK\r\n",
        b"SIP/2.0 100 \r\n",
        b"SIP/2.0 486\r\n",
        b"OPTIONS sip:example.com SIP/2.0\n",
        b"OPTIONS sip:example.com SIP/2.0",
        b"INVITE1 sip:bob@example.com SIP/2.0\r\n",
        b"!odd-Method.%indeed'~ tel:112 SIP/2.0\r\n",
        b"\r\n\r\nINVITE sip:bob@example.com SIP/2.0\r\n",
        b"\0\0 INVITE sip:bob@example.com SIP/2.0\r\n",
        b"OPTIONS  sip:a@example.com  SIP/2.0  \r\n",
        b"OPTIONS sip:a@example.com; lr SIP/2.0\r\n",
        b"OPTIONS sip:a@example.com SIP/7.0\r\n",
        b"OPTIONS sip:a@example.com sip/2.0\r\n",
    ],
)
def test_what_begins_like_sip(data: bytes) -> None:
    assert starts(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\r\n\r\n",
        b"\0\0\0\0",
        b"hello",
        b"GET / HTTP/1.1\r\n",
        b"DESCRIBE rtsp://example.com RTSP/1.0\r\n",
        b"INVITE sip:bob@example.com",
        b"INVITE sip:bob@example.com SIP/2.0 \x01\r\n",
        b"Via: SIP/2.0/UDP 192.0.2.1\r\n",
        b"INVITE\r\nsip:bob@example.com SIP/2.0\r\n",
        b"SIP/2.0 20 OK\r\n",
        b"SIP/2.0 2000 OK\r\n",
        b"SIP/2.0\r\n",
        b"\x80\x00\x12\x34INVITE sip:bob@example.com SIP/2.0\r\n",
    ],
)
def test_what_does_not(data: bytes) -> None:
    assert not starts(data)


def test_a_request_line() -> None:
    assert start_line.parse("INVITE sip:bob@example.com SIP/2.0") == StartLine(
        "INVITE", "sip:bob@example.com", None, None, "2.0", ()
    )


def test_a_status_line() -> None:
    assert start_line.parse("SIP/2.0 486 Busy Here") == StartLine(None, None, 486, "Busy Here", "2.0", ())


@pytest.mark.parametrize(
    ("line", "flaw"),
    [
        ("SIP/2.0 200", "no space after the status code"),
        ("SIP/2.0 099 What", "status code 099 is not between 100 and 699"),
        ("SIP/3.0 200 OK", "SIP version 3.0 is not 2.0"),
        ("INVITE bob SIP/2.0", "the Request-URI has no scheme"),
        ("INVITE <sip:bob> SIP/2.0", "the Request-URI holds spaces or angle brackets"),
        ("INVITE sip:bob  SIP/2.0", "the request line holds too many spaces"),
    ],
)
def test_flaws(line: str, flaw: str) -> None:
    assert start_line.parse(line).flaws == (flaw,)


@pytest.mark.parametrize(
    "line", ["", "INVITE", "INVITE sip:bob", "SIP/2.0 20 OK", "To: sip:bob SIP/2.0", "a\nb c SIP/2.0"]
)
def test_what_is_no_start_line(line: str) -> None:
    with pytest.raises(ParseError, match="neither a SIP request line nor a status line"):
        start_line.parse(line)


@given(st.text(alphabet="INVITE sip:/2.0\t<9") | st.text())
def test_any_text_is_a_value_or_a_parse_error(line: str) -> None:
    try:
        found = start_line.parse(line)
    except ParseError:
        return
    assert (found.method is None) != (found.status is None)
    assert starts(line.encode())
