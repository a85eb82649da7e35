"""What differs between two views of one message."""

import copy

import pytest

from collabtrace.columns import Table
from collabtrace.protocols import sip
from collabtrace.schema import Message
from collabtrace.sessions import rewrites
from collabtrace.sessions.rewrites import Change, changes
from collabtrace.sessions.sightings import Sighting
from collabtrace.testing.conversation import conversation

SDP = "v=0\r\no=- 1 1 IN IP4 10.0.0.5\r\ns=-\r\nc=IN IP4 10.0.0.5\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\na=rtcp:4001\r\n"
HEAD = (
    "INVITE sip:bob@example.com SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.5;branch=z9hG4bK1\r\nRoute: <sip:a>, <sip:b>\r\n"
    "Contact: <sip:alice@10.0.0.5>\r\nAuthorization: Digest x\r\nContent-Length: 99\r\n\r\n"
)


def told(*replacements: tuple[str, str], body: str = SDP) -> list[Change]:
    before = after = HEAD + body
    for old, new in replacements:
        assert old in after
        after = after.replace(old, new)
    return list(changes(sip.parse(before.encode()), sip.parse(after.encode())))


def test_each_header_and_line_that_changed_is_named() -> None:
    assert told(("10.0.0.5", "203.0.113.9"), ("4000", "50000")) == [
        Change("Via", "SIP/2.0/UDP 10.0.0.5;branch=z9hG4bK1", "SIP/2.0/UDP 203.0.113.9;branch=z9hG4bK1"),
        Change("Contact", "<sip:alice@10.0.0.5>", "<sip:alice@203.0.113.9>"),
        Change("o=", "o=- 1 1 IN IP4 10.0.0.5", "o=- 1 1 IN IP4 203.0.113.9"),
        Change("c=", "c=IN IP4 10.0.0.5", "c=IN IP4 203.0.113.9"),
        Change("m=audio", "m=audio 4000 RTP/AVP 0", "m=audio 50000 RTP/AVP 0"),
    ]


def test_the_request_uri_and_the_status_line() -> None:
    assert told(("bob@example.com", "bob@10.0.0.9")) == [
        Change("Request-URI", "sip:bob@example.com", "sip:bob@10.0.0.9")
    ]
    one, other = (sip.parse(f"SIP/2.0 200 {reason}\r\nCSeq: 1 BYE\r\n\r\n".encode()) for reason in ("OK", "Fine"))
    assert list(changes(one, other)) == [Change("status line", "200 OK", "200 Fine")]


def test_headers_and_lines_that_were_added_or_removed() -> None:
    assert told(("Route: <sip:a>, <sip:b>\r\n", "")) == [Change("Route", "<sip:a>, <sip:b>", None)]
    assert told(("Route:", "X-Router: yes\r\nRoute:")) == [Change("X-Router", None, "yes")]
    assert told(("a=rtcp:4001\r\n", "")) == [Change("a=rtcp", "a=rtcp:4001", None)]
    assert told(("t=0 0\r\n", "b=AS:64\r\nt=0 0\r\n")) == [Change("b=", None, "b=AS:64")]


def test_headers_are_grouped_once() -> None:
    """Each of so many names would take minutes if all headers were looked through for it."""
    start = sip.parse(HEAD.encode())
    many = [(f"X-{number}", str(number)) for number in range(30_000)]
    one, other = (_with_headers(start, [*many, ("X-Last", last)]) for last in ("a", "b"))
    assert list(changes(one, other)) == [Change("X-Last", "a", "b")]


def _with_headers(message: sip.Message, headers: list[tuple[str, str]]) -> sip.Message:
    made = copy.copy(message)
    made.headers = tuple(headers)
    return made


def test_another_order_is_no_other_text() -> None:
    assert told(("s=-\r\nc=IN IP4 10.0.0.5\r\n", "c=IN IP4 10.0.0.5\r\ns=-\r\n")) == [
        Change("order of the body", None, None)
    ]
    assert told(("Contact: <", "Contact:  <")) == [Change("layout", None, None)]


def test_secrets_and_other_bodies_are_not_shown() -> None:
    assert told(("Digest x", "Digest y")) == [Change("Authorization", "(not shown)", "(not shown)")]
    crypto = SDP + "a=crypto:1 AES inline:abc\r\na=ice-pwd:abc\r\n"
    assert told(("inline:abc", "inline:de"), ("pwd:abc", "pwd:de"), body=crypto) == [
        Change("a=crypto", "(not shown)", "(not shown)"),
        Change("a=ice-pwd", "(not shown)", "(not shown)"),
    ]
    assert told(("Signal=1", "Signal=22"), body="Signal=1\r\n") == [Change("body", "10 bytes", "11 bytes")]


def test_passwords_and_digits_in_uris_are_not_shown() -> None:
    (change,) = told(("sip:bob@example.com", "sip:bob:1234@example.com;postd=77"))
    assert change.after == "sip:bob:(not shown)@example.com;postd=(not shown)"


def test_long_values_are_cut() -> None:
    (change,) = told(("sip:alice@", f"sip:{'a' * 500}@"))
    assert change.after is not None
    assert len(change.after) == 200


@pytest.mark.parametrize(
    ("flaws", "transport", "rows"),
    [
        (None, "udp", 1),
        (("the body is cut: 1 of 2 bytes",), "udp", 1),
        (("the body is cut: 1 of 2 bytes",), "tcp", 0),
        (("the capture cut the last 9 bytes off",), "udp", 0),
    ],
)
def test_messages_that_were_cut_are_not_compared(flaws: tuple[str, ...] | None, transport: str, rows: int) -> None:
    (message,) = conversation("0.0 alice bob INVITE 1 a").messages
    table = Table.of(Message, [message, message]).replace(flaws=[flaws, None], transport=[transport] * 2)
    texts = (HEAD.encode(), HEAD.replace("alice", "bob").encode())
    assert len(rewrites.build(table, [Sighting(0, 1)], texts.__getitem__)) == rows
