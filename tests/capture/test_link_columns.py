"""Link layers of many packets at once."""

import numpy as np
import pytest

from collabtrace.capture.chunks import MARGIN
from collabtrace.capture.link_columns import ARP, IPV4, IPV6, front
from collabtrace.capture.records import Records
from collabtrace.testing.carriers import cooked, cooked2, ethernet, loopback
from collabtrace.testing.wire import Layer, ipv4, ipv6, udp

FOUR = ipv4("192.0.2.1", "192.0.2.2", udp(5060, 5060, b"OPTIONS"))
SIX = ipv6("2001:db8::1", "2001:db8::2", udp(5060, 5060, b"OPTIONS"))


def records(*packets: tuple[int, bytes]) -> Records:
    lengths = np.array([len(packet) for _, packet in packets], np.int64)
    return Records(
        buffer=np.frombuffer(b"".join(packet for _, packet in packets) + bytes(MARGIN), np.uint8),
        first_frame=1,
        start=np.cumsum(lengths) - lengths,
        captured=lengths,
        wire=lengths + 5,
        time=lengths,
        link=np.array([link for link, _ in packets], np.int32),
    )


@pytest.mark.parametrize(
    ("link_type", "packet", "kind", "behind"),
    [
        (1, ethernet(FOUR), IPV4, 14),
        (1, ethernet(SIX, vlans=[1]), IPV6, 18),
        (1, ethernet(SIX, vlans=[1, 2], tag_type=0x88A8), IPV6, 22),
        (1, ethernet(Layer(bytes(28), 0, ARP)), ARP, 14),
        (113, cooked(FOUR), IPV4, 16),
        (276, cooked2(SIX), IPV6, 20),
        (101, FOUR, IPV4, 0),
        (0, loopback(FOUR), IPV4, 4),
        (108, loopback(SIX, big_endian=True), IPV6, 4),
        (229, SIX, IPV6, 0),
        (101, bytes(20), 0, 0),
        (147, FOUR, 0, 0),
    ],
)
def test_one_link_layer(link_type: int, packet: bytes, kind: int, behind: int) -> None:
    found = front(records((147, b"before"), (link_type, packet)))
    assert (found.kind[1], found.begin[1]) == (kind, 6 + behind)
    assert (found.held[1], found.end[1]) == (6 + len(packet), 6 + len(packet) + 5)


def test_several_link_layers_in_one_chunk() -> None:
    found = front(records((1, ethernet(FOUR)), (101, SIX), (1, ethernet(SIX, vlans=[9])), (113, cooked(FOUR))))
    assert found.kind.tolist() == [IPV4, IPV6, IPV6, IPV4]
    assert found.row.tolist() == [0, 1, 2, 3]


def test_no_packets_have_no_link_layer() -> None:
    assert len(front(records()).row) == 0


def test_packets_can_be_taken() -> None:
    found = front(records((101, FOUR), (101, SIX))).taken(np.array([1]))
    assert (found.row.tolist(), found.kind.tolist()) == ([1], [IPV6])
