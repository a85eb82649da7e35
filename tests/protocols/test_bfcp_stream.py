"""BFCP in a byte stream, cut anywhere."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from collabtrace.protocols.bfcp import Attribute, Message
from collabtrace.protocols.bfcp_stream import BfcpFramer

MESSAGES = [
    bytes(Message(1, 11, 1, 1, 1)),
    bytes(Message(1, 12, 1, 1, 1, (Attribute(10, bytes(range(2, 30))),))),
    bytes(Message(1, 1, 1, 2, 1, (Attribute(2, b"\0\1", mandatory=True),))),
]
STREAM = b"".join(MESSAGES)


@given(st.sets(st.integers(1, len(STREAM) - 1)))
def test_a_stream_cut_anywhere_gives_the_same_messages(cuts: set[int]) -> None:
    framer: BfcpFramer[int] = BfcpFramer()
    places = [0, *sorted(cuts), len(STREAM)]
    pieces = [STREAM[begin:end] for begin, end in pairwise(places)]
    found = [each for mark, piece in enumerate(pieces) for each in framer.push(piece, mark)]
    assert [message for message, _ in found] == MESSAGES
    ends = [len(b"".join(MESSAGES[: count + 1])) for count in range(len(MESSAGES))]
    assert [mark for _, mark in found] == [sum(place < end for place in places[1:-1]) for end in ends]


def test_a_message_has_the_greatest_mark_of_its_bytes() -> None:
    framer: BfcpFramer[int] = BfcpFramer()
    assert framer.push(MESSAGES[0][:5], 9) == []
    assert framer.push(MESSAGES[0][5:] + MESSAGES[2], 4) == [(MESSAGES[0], 9), (MESSAGES[2], 4)]


def test_after_a_gap_the_next_message_is_found() -> None:
    framer: BfcpFramer[int] = BfcpFramer()
    framer.push(MESSAGES[1][:20], 1)
    assert framer.gap() == []
    assert framer.push(MESSAGES[0], 2) == [(MESSAGES[0], 2)]


def test_bytes_that_begin_no_message_are_dropped() -> None:
    framer: BfcpFramer[int] = BfcpFramer()
    assert framer.push(b"GET / HTTP/1.1\r\n", 1) == []
    assert framer.push(MESSAGES[0], 2) == [(MESSAGES[0], 2)]
