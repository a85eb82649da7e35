"""A Content-Length that is wrong by what an address grew or shrank."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabtrace.errors import ParseError
from collabtrace.protocols import sip
from collabtrace.protocols.length_slip import LengthSlip, find

INSIDE, OUTSIDE = "192.168.1.10", "1.2.3.4"


def invite(
    *, inside: str = INSIDE, outside: str = OUTSIDE, call_id: str = "", slip: int | None = None, after: str = ""
) -> sip.Message:
    """An INVITE in which a device wrote *outside* for *inside*, but for the Call-ID and Content-Length."""
    origin = f"v=0\r\no=- 1 1 IN IP4 {outside}\r\ns=-\r\n"
    body = f"{origin}c=IN IP4 {outside}\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n"
    length = len(body) - 2 * (len(outside) - len(inside)) if slip is None else len(body) - slip
    head = [
        "INVITE sip:bob@198.51.100.20 SIP/2.0",
        f"Via: SIP/2.0/UDP {outside}:5060;branch=z9hG4bK1",
        "From: <sip:alice@example.com>;tag=1",
        "To: <sip:bob@example.com>",
        f"Call-ID: {call_id or f'abc@{inside}'}",
        "CSeq: 1 INVITE",
        "Content-Type: application/sdp",
        f"Content-Length: {length}",
    ]
    return sip.parse("\r\n".join([*head, "", body + after]).encode())


@pytest.mark.parametrize(
    ("inside", "outside", "excess"),
    [
        (INSIDE, OUTSIDE, -10),
        ("192.168.1.1", "203.0.113.109", 4),
        ("10.0.0.5", "198.51.100.200", 12),
        ("100.64.1.1", "203.0.113.200", 6),
    ],
)
def test_the_difference_is_that_of_the_addresses(inside: str, outside: str, excess: int) -> None:
    assert find(invite(inside=inside, outside=outside)) == LengthSlip(excess, inside, outside, 2)


def test_only_one_of_two_addresses_may_have_been_replaced() -> None:
    assert find(invite(slip=-5)) == LengthSlip(-5, INSIDE, OUTSIDE, 1)


def test_a_length_that_fits_is_no_slip() -> None:
    assert find(invite(slip=0)) is None


def test_an_address_that_grew_by_one_looks_like_a_last_line_end_that_was_not_counted() -> None:
    slip = find(invite(outside="203.0.113.109"))
    assert slip == LengthSlip(2, INSIDE, "203.0.113.109", 2)
    assert slip is not None
    assert slip.is_habit
    assert not LengthSlip(-2).is_habit
    assert not LengthSlip(4).is_habit


def test_a_private_address_did_not_come_from_a_public_one() -> None:
    assert find(invite(inside=OUTSIDE, outside=INSIDE)) == LengthSlip(10)


def test_no_address_explains_a_slip() -> None:
    assert find(invite(slip=7)) == LengthSlip(7)
    assert find(invite(call_id="nothing here")) == LengthSlip(-10)


def test_what_follows_a_whole_description_is_a_habit() -> None:
    assert find(invite(slip=0, after="\r\n")) is None
    assert find(invite(slip=0, after="\0\0\0")) is None


def test_a_body_of_a_stream_that_took_the_beginning_of_the_next_message() -> None:
    message = invite(slip=-10, after="SIP/2.0 20")
    assert message.excess == 0
    assert find(message) == LengthSlip(-10, INSIDE, OUTSIDE, 2)


def test_other_bodies_have_no_addresses_to_replace() -> None:
    assert find(sip.parse(b"MESSAGE sip:a@b SIP/2.0\r\nContent-Length: 3\r\n\r\nhello")) is None


@given(st.binary(max_size=200))
def test_no_bytes_raise(data: bytes) -> None:
    try:
        message = sip.parse(b"INVITE sip:a@192.168.1.1 SIP/2.0\r\nContent-Length: 40\r\n\r\nv=0\r\n" + data)
    except ParseError:
        return
    find(message)
