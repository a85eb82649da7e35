"""Tunnels of many packets at once."""

import numpy as np
import pytest

from collabtrace.capture.chunks import MARGIN
from collabtrace.capture.link_columns import IPV4, IPV6, Front
from collabtrace.capture.network_columns import ipv4
from collabtrace.capture.tunnel_columns import inner
from collabtrace.testing.carriers import erspan, ethernet, gre, gtpu, pptp_gre
from collabtrace.testing.wire import Layer, ipv6, udp
from collabtrace.testing.wire import ipv4 as four

CALL = udp(5060, 5062, b"OPTIONS sip:bob@example.com SIP/2.0\r\n\r\n")
FOUR, SIX = four("192.0.2.1", "192.0.2.2", CALL), ipv6("2001:db8::1", "2001:db8::2", CALL)
OUTER = ("198.51.100.1", "198.51.100.2")


def within(packet: bytes, *, kept: int | None = None) -> Front:
    data, begin = np.frombuffer(packet + bytes(MARGIN), np.uint8), np.zeros(1, np.int64)
    held = np.full(1, len(packet[:kept]))
    return inner(
        data, Front(begin, np.full(1, IPV4, np.uint16), begin, held, np.full(1, len(packet))), ipv4(data, begin)
    )


@pytest.mark.parametrize(
    ("packet", "kind"),
    [
        (four(*OUTER, FOUR), IPV4),
        (four(*OUTER, SIX), IPV6),
        (four(*OUTER, gre(SIX, key=1)), IPV6),
        (four(*OUTER, gre(ethernet(FOUR, vlans=[1]))), IPV4),
        (four(*OUTER, erspan(ethernet(SIX), version=1)), IPV6),
        (four(*OUTER, erspan(ethernet(FOUR, vlans=[1]), version=2)), IPV4),
        (four(*OUTER, erspan(ethernet(FOUR), version=3)), IPV4),
        (four(*OUTER, udp(2152, 2152, gtpu(FOUR))), IPV4),
        (four(*OUTER, udp(1, 2152, gtpu(SIX, sequence=2))), IPV6),
        (four(*OUTER, udp(4789, 1, b"\x08" + bytes(7) + ethernet(SIX))), IPV6),
    ],
)
def test_the_packet_inside_is_found(packet: bytes, kind: int) -> None:
    found = within(packet)
    assert found.kind.tolist() == [kind]
    assert packet[found.begin[0] :] == (FOUR if kind == IPV4 else SIX)
    assert found.end.tolist() == [len(packet)]


@pytest.mark.parametrize(
    "packet",
    [
        four(*OUTER, pptp_gre(Layer(b"\xff\3\0\x21" + FOUR, 0, 0x880B))),
        four(*OUTER, gre(Layer(bytes(40), 0, 0x1234))),
        four(*OUTER, udp(2152, 2152, b"\x32\1" + bytes(40))),
        four(*OUTER, udp(2152, 2152, b"\x34\xff" + bytes(40))),
        four(*OUTER, udp(4789, 4789, bytes(40))),
        four(*OUTER, gre(FOUR))[:3] + b"\xff" + four(*OUTER, gre(FOUR))[4:],
    ],
    ids=["PPTP", "unknown protocol", "GTP-U echo", "GTP-U extension", "no VXLAN", "length beyond the frame"],
)
def test_unusual_tunnels_are_left(packet: bytes) -> None:
    assert len(within(packet).row) == 0


def test_a_tunnel_cut_before_the_inner_header_is_left() -> None:
    assert len(within(four(*OUTER, gre(FOUR)), kept=43).row) == 0
