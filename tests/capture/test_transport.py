"""UDP and TCP headers."""

import pytest

from collabtrace.capture.cursor import Cursor
from collabtrace.capture.datagrams import TCP, UDP
from collabtrace.capture.transport import tcp, udp
from collabtrace.testing.wire import ACK, SYN
from collabtrace.testing.wire import tcp as segment
from collabtrace.testing.wire import udp as datagram

PORTS = 5060 << 16 | 5062
CALL = datagram(5060, 5062, b"OPTIONS")


def with_length(length: int) -> Cursor:
    return Cursor(CALL[:4] + length.to_bytes(2, "big") + CALL[6:], len(CALL))


def test_a_datagram() -> None:
    found = udp(Cursor(CALL, len(CALL), base=1000), row=3)
    assert found
    assert (found.row, found.protocol, found.ports, found.start) == (3, UDP, PORTS, 1008)
    assert (found.length, found.wire_length) == (7, 7)


@pytest.mark.parametrize(("length", "payload"), [(12, 4), (8, 0), (0, 7), (100, 7)])
def test_the_length_field_ends_a_datagram(length: int, payload: int) -> None:
    found = udp(with_length(length), row=0)
    assert found
    assert (found.length, found.wire_length) == (payload, payload)


@pytest.mark.parametrize("length", [1, 7])
def test_a_length_below_the_header_is_no_datagram(length: int) -> None:
    assert udp(with_length(length), row=0) is None


def test_a_cut_datagram_keeps_its_length_on_the_wire() -> None:
    found = udp(Cursor(CALL[:10], len(CALL)), row=0)
    assert found
    assert (found.length, found.wire_length) == (2, 7)


def test_a_segment() -> None:
    data = segment(5060, 5062, b"OPTIONS", sequence=0xFFFFFFFF, flags=SYN | ACK, options=b"\1\1\1\1")
    found = tcp(Cursor(data, len(data)), row=0)
    assert found
    assert (found.protocol, found.ports, found.start, found.length) == (TCP, PORTS, 24, 7)
    assert (found.sequence, found.flags) == (0xFFFFFFFF, SYN | ACK)


def test_a_segment_cut_in_its_header_has_no_bytes_but_a_length() -> None:
    data = segment(5060, 5062, b"OPTIONS", options=bytes(20))
    found = tcp(Cursor(data[:20], len(data), base=1000), row=0)
    assert found
    assert (found.start, found.length, found.wire_length) == (1020, 0, 7)


@pytest.mark.parametrize("offset", [0x40, 0xF0], ids=["too short", "beyond the packet"])
def test_an_impossible_offset_is_no_segment(offset: int) -> None:
    good = segment(5060, 5062, b"OPTIONS")
    data = good[:12] + bytes([offset]) + good[13:]
    assert tcp(Cursor(data, len(data)), row=0) is None


@pytest.mark.parametrize("size", [0, 7, 13])
def test_what_is_cut_before_its_flags_is_neither(size: int) -> None:
    assert tcp(Cursor(bytes(size), 60), row=0) is None
    assert size > 7 or udp(Cursor(bytes(size), 60), row=0) is None
