"""IP, UDP and TCP headers of many packets at once."""

import numpy as np
import pytest

from collabtrace.capture.chunks import MARGIN
from collabtrace.capture.link_columns import Front
from collabtrace.capture.network_columns import Headers, Transport, ipv4, ipv6, transport
from collabtrace.testing.wire import Layer, fragments, tcp, udp
from collabtrace.testing.wire import ipv4 as four
from collabtrace.testing.wire import ipv6 as six

CALL, SEGMENT = udp(5060, 5062, b"OPTIONS"), tcp(5060, 40000, b"OPTIONS", sequence=7, options=b"\1\1\1\1")
FOUR = four("192.0.2.1", "198.51.100.2", CALL, ttl=63, dscp=46, identification=0xBEEF)
SIX = six("2001:db8::1", "2001:db8::2", SEGMENT, hop_limit=62, dscp=34)


def read(packet: bytes) -> tuple[Headers, Transport]:
    """The headers of one packet."""
    data, begin = np.frombuffer(packet + bytes(MARGIN), np.uint8), np.zeros(1, np.int64)
    headers = (ipv4 if packet[0] >> 4 == 4 else ipv6)(data, begin)
    length = np.full(1, len(packet))
    return headers, transport(headers, Front(begin, begin.astype(np.uint16), begin, length, length))


def test_ipv4_and_udp() -> None:
    headers, upper = read(FOUR)
    assert (headers.ttl[0], headers.dscp[0], headers.identification[0]) == (63, 46, 0xBEEF)
    assert (headers.ends[0], headers.ports[0]) == (0xC0000201C6336402, 5060 << 16 | 5062)
    assert (upper.plain[0], upper.at[0], upper.sent[0], upper.tcp[0]) == (True, 28, 7, False)


def test_ipv6_and_tcp() -> None:
    headers, upper = read(SIX)
    assert (headers.ttl[0], headers.dscp[0], headers.identification[0]) == (62, 34, 0)
    assert [headers.ends[0], *headers.wide[:, 0]] == [0x20010DB800000000, 1, 0x20010DB800000000, 2]
    assert (headers.ports[0], headers.sequence[0], headers.control[0]) == (5060 << 16 | 40000, 7, 0x6018)
    assert (upper.plain[0], upper.at[0], upper.sent[0], upper.tcp[0]) == (True, 64, 7, True)


@pytest.mark.parametrize(
    "packet",
    [
        four("192.0.2.1", "192.0.2.2", CALL, options=b"\1\1\1\1"),
        fragments(FOUR, 8)[0],
        fragments(SIX, 8)[0],
        FOUR[:3] + b"\xff" + FOUR[4:],
        FOUR[:24] + b"\0\7" + FOUR[26:],
        FOUR[:24] + b"\0\xff" + FOUR[26:],
        SIX[:4] + b"\0\0" + SIX[6:],
        SIX[:52] + b"\x40" + SIX[53:],
        SIX[:52] + b"\xf0" + SIX[53:],
        four("192.0.2.1", "192.0.2.2", udp(2152, 1, b"?")),
        four("192.0.2.1", "192.0.2.2", udp(1, 4789, b"?")),
        four("192.0.2.1", "192.0.2.2", Layer(bytes(20), 1)),
    ],
    ids=[
        "options",
        "fragment",
        "fragment of IPv6",
        "total length beyond the frame",
        "UDP length too short",
        "UDP length beyond the packet",
        "IPv6 without length",
        "TCP offset too short",
        "TCP offset beyond the packet",
        "perhaps GTP-U",
        "perhaps VXLAN",
        "ICMP",
    ],
)
def test_what_is_unusual_is_not_plain(packet: bytes) -> None:
    assert not read(packet)[1].plain[0]


def test_headers_can_be_taken() -> None:
    headers, _ = read(SIX)
    assert headers.taken(np.array([0, 0])).wide.shape == (3, 2)
    assert headers.taken(np.array([0, 0])).version == 6
