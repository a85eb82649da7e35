"""SIP messages found in a byte stream."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabtrace.protocols.sip_stream import MOST_BODY, MOST_HEAD, MOST_LINE, SipFramer

pytestmark = pytest.mark.usefixtures("both_ways")

VIA = b"Via: SIP/2.0/TCP 192.0.2.1;branch=z9hG4bK1\r\n"
OPTIONS = b"OPTIONS sip:bob@example.com SIP/2.0\r\n" + VIA + b"Content-Length: 0\r\n\r\n"
RINGING = b"SIP/2.0 180 Ringing\r\n" + VIA + b"l: 0\r\n\r\n"
INVITE = b"INVITE sip:bob@example.com SIP/2.0\r\n" + VIA + b"Content-Length:4\r\n\r\nv=0\n"
UNSIZED = b"INVITE sip:bob@example.com SIP/2.0\r\n" + VIA + b"\r\n"


def whole(data: bytes) -> list[bytes]:
    return [message for message, _ in SipFramer[int]().push(data, 1)]


def byte_by_byte(data: bytes) -> list[bytes]:
    framer = SipFramer[int]()
    return [message for at in range(len(data)) for message, _ in framer.push(data[at : at + 1], at)]


def followed(data: bytes) -> list[bytes]:
    """Further bytes that come with the data change nothing."""
    return [message for message, _ in SipFramer[int]().push(data + OPTIONS[:-1], 1)]


@pytest.mark.parametrize("feed", [whole, byte_by_byte, followed])
@pytest.mark.parametrize(
    ("data", "messages"),
    [
        (OPTIONS, [OPTIONS]),
        (INVITE, [INVITE]),
        (RINGING + INVITE + OPTIONS, [RINGING, INVITE, OPTIONS]),
        (b"\r\n\r\n" + OPTIONS + b"\r\n\r\n" + INVITE + b"\r\n", [OPTIONS, INVITE]),
        (b"\0\0\0\0" + OPTIONS, [OPTIONS]),
        (INVITE.replace(b"\r\n", b"\n") + OPTIONS, [INVITE.replace(b"\r\n", b"\n"), OPTIONS]),
        (INVITE.replace(b"Length:", b"LENGTH :\r\n "), [INVITE.replace(b"Length:", b"LENGTH :\r\n ")]),
        (b"FOO sip:a b@example.com SIP/2.0 \r\nl: 0\r\n\r\n", [b"FOO sip:a b@example.com SIP/2.0 \r\nl: 0\r\n\r\n"]),
        (INVITE.replace(b":4", b":3") + OPTIONS, [INVITE.replace(b":4", b":3")[:-1], OPTIONS]),
        (INVITE.replace(b":4", b":1") + OPTIONS, [INVITE.replace(b":4", b":1")[:-3], OPTIONS]),
        (b"no SIP\r\nat all\r\n" + OPTIONS, [OPTIONS]),
        (b"\x16\x03\x01\x00\xa5" + b"no SIP" + OPTIONS, [OPTIONS]),
        (b"GET / HTTP/1.1\r\nHost: example.com\r\n\r\n" + RINGING + OPTIONS, [RINGING, OPTIONS]),
        (UNSIZED + OPTIONS, [UNSIZED, OPTIONS]),
    ],
    ids=[
        "no body",
        "body",
        "three at once",
        "keep-alives",
        "zeros",
        "line feeds alone",
        "a folded Content-Length",
        "an odd start line",
        "a body longer by a line end",
        "a body longer by half",
        "text before",
        "binary before",
        "HTTP before",
        "no Content-Length and no body",
    ],
)
def test_messages_are_found_however_they_are_cut(
    feed: Callable[[bytes], list[bytes]], data: bytes, messages: list[bytes]
) -> None:
    assert feed(data) == messages


@pytest.mark.parametrize("length", [b"", b"Content-Length: many\r\n", b"Content-Length: -1\r\n", b"l: 99999999\r\n"])
def test_without_a_usable_content_length_the_body_reaches_to_the_next_start_line(length: bytes) -> None:
    message = UNSIZED[:-2] + length + b"\r\nv=0\r\no=- 1 1 IN IP4 192.0.2.1\r\n"
    assert whole(message) == [message]
    assert whole(message + OPTIONS) == [message, OPTIONS]


def test_what_follows_a_message_without_content_length_is_skipped() -> None:
    framer = SipFramer[int]()
    assert framer.push(UNSIZED, 1) == [(UNSIZED, 1)]
    assert framer.push(b"v=0\r\n", 2) == []
    assert framer.push(OPTIONS, 3) == [(OPTIONS, 3)]


def test_a_message_has_the_greatest_mark_of_its_bytes() -> None:
    framer = SipFramer[int]()
    data = INVITE + OPTIONS + RINGING
    cut = len(INVITE) + 10
    assert framer.push(data[:9], 7) == []
    assert framer.push(data[9:cut], 5) == [(INVITE, 7)]
    assert framer.push(data[cut:], 6) == [(OPTIONS, 6), (RINGING, 6)]


@pytest.mark.parametrize("cut", [1, 20, len(INVITE) - 10, len(INVITE) - 1])
def test_after_a_gap_the_next_start_line_counts(cut: int) -> None:
    framer = SipFramer[int]()
    framer.push(INVITE[:cut], 1)
    framer.gap()
    assert framer.push(INVITE[20:] + RINGING + OPTIONS[:30], 3) == [(RINGING, 3)]
    assert framer.push(OPTIONS[30:], 4) == [(OPTIONS, 4)]


def test_a_gap_in_a_body_leaves_the_message_as_far_as_it_goes() -> None:
    framer = SipFramer[int]()
    framer.push(INVITE[:-2], 4)
    assert framer.gap() == [(INVITE[:-2], 4)]
    assert framer.gap() == []
    framer.push(INVITE[:30], 5)
    assert framer.gap() == []


def test_a_start_line_inside_a_body_is_no_message_after_a_gap() -> None:
    framer = SipFramer[int]()
    framer.gap()
    assert framer.push(b"cut here\r\n\r\nSIP/2.0 180 Ringing\r\n" + OPTIONS, 1) == [(OPTIONS, 1)]


def test_a_head_or_a_body_without_end_is_given_up() -> None:
    framer = SipFramer[int]()
    endless = UNSIZED[:-2] + b"X: " + b"x" * 100 + b"\r\n"
    for _ in range(MOST_HEAD // len(endless) + 2):
        framer.push(endless, 1)
    assert framer.push(b"\r\n" + OPTIONS, 2)[-1] == (OPTIONS, 2)
    for _ in range(2 * MOST_BODY // MOST_LINE):
        framer.push(b"x" * MOST_LINE, 3)
    assert framer.push(b"\n" + OPTIONS, 4) == [(OPTIONS, 4)]


TOKENS = st.sampled_from([b"INVITE", b"ACK", b"FOO", b"sip:bob@example.com", b"X-Y", b"p: v"])
BODIES = st.binary(max_size=40) | st.sampled_from([OPTIONS, b"SIP/2.0 200 OK\r\n", b"\r\n\r\n", b"v=0\r\n"])


@st.composite
def messages(draw: st.DrawFn) -> bytes:
    start = draw(st.sampled_from([b"INVITE sip:bob@example.com SIP/2.0", b"SIP/2.0 200 OK", b"FOO tel:1 SIP/2.0"]))
    body = draw(BODIES)
    headers = draw(st.lists(st.sampled_from([b"Via: x", b"Subject: a\r\n folded", b"To: <sip:b@example.com>"])))
    headers.insert(draw(st.integers(0, len(headers))), b"Content-Length: %d" % len(body))
    return b"\r\n".join([start, *headers, b"", body])


@given(st.lists(messages(), max_size=6), st.lists(st.integers(1, 2000)), st.sampled_from([b"", b"\r\n\r\n", b"\0"]))
def test_any_cut_gives_the_same_messages(sent: list[bytes], cuts: list[int], between: bytes) -> None:
    stream = between.join([b"", *sent, b""])
    framer = SipFramer[int]()
    ends = sorted({cut for cut in cuts if cut < len(stream)} | {len(stream)})
    found = []
    for begin, end in zip([0, *ends], ends, strict=False):
        found += framer.push(stream[begin:end], end)
    assert [message for message, _ in found] == sent
    assert all(stream[:end].endswith(message) or message in stream[:end] for message, end in found)


@given(st.lists(st.binary(max_size=60) | TOKENS | messages() | st.just(b" SIP/2.0\r\n") | st.none()))
def test_any_bytes_and_gaps_give_messages_that_were_there(pushed: list[bytes | None]) -> None:
    framer = SipFramer[int]()
    everything = b"".join(data or b"" for data in pushed)
    for mark, data in enumerate(pushed):
        found = framer.gap() if data is None else framer.push(data, mark)
        for message, last in found:
            assert message in everything
            assert last <= mark


def slips(*pieces: bytes) -> list[tuple[int, bytes]]:
    framer = SipFramer[int]()
    for mark, piece in enumerate(pieces):
        framer.push(piece, mark)
    return framer.slips


def test_the_rest_of_a_body_that_is_longer_than_its_length_is_kept_beside_the_messages() -> None:
    short = INVITE.replace(b":4", b":1")
    assert slips(OPTIONS + short + OPTIONS) == [(1, b"=0\n")]
    assert slips(OPTIONS, short, OPTIONS) == [(1, b"=0\n")]


def test_keep_alives_what_comes_first_and_what_follows_a_gap_are_no_rest_of_a_body() -> None:
    assert slips(b"no SIP\r\n" + OPTIONS + b"\r\n\r\n" + OPTIONS) == []
    framer = SipFramer[int]()
    framer.push(OPTIONS, 1)
    framer.gap()
    framer.push(b"of something lost\r\n" + OPTIONS, 2)
    assert framer.slips == []


def test_long_garbage_is_no_rest_of_a_body() -> None:
    assert slips(OPTIONS + b"x" * 300 + b"\r\n" + OPTIONS) == []
