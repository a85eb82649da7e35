"""Tunnels whose inner packets matter more than they do: GRE, ERSPAN, and those that ride on UDP."""

from collections.abc import Callable

from collabtrace.capture.cursor import Cursor, Layer
from collabtrace.capture.link import ETHERTYPES

_CHECKSUM, _ROUTING, _KEY, _SEQUENCE, _ACKNOWLEDGEMENT = 0x8000, 0x4000, 0x2000, 0x1000, 0x0080
"""GRE flags (RFC 2784, RFC 2890, RFC 2637)."""
GTPU_PORT, VXLAN_PORT = 2152, 4789


def gre(packet: Cursor) -> Layer | None:
    """Generic routing encapsulation; version 1 carries PPP for PPTP."""
    if not packet.holds(4):
        return None
    flags, kind = packet.number(0, 2), packet.number(2, 2)
    optional = sum(4 for flag in (_KEY, _SEQUENCE) if flags & flag)
    if flags & 7 == 1:
        optional += 4 if flags & _ACKNOWLEDGEMENT else 0
    elif flags & 7 or flags & _ROUTING:
        return None
    elif flags & _CHECKSUM:
        optional += 4
    packet.at += 4 + optional
    following = ETHERTYPES.get(kind)
    # Type I of ERSPAN has no header of its own; it is told by the missing sequence number.
    return Layer.ETHERNET if following is Layer.ERSPAN and not flags & _SEQUENCE else following


def erspan(packet: Cursor) -> Layer | None:
    """ERSPAN type II: a header of 8 bytes before the mirrored frame."""
    packet.at += 8
    return Layer.ETHERNET


def erspan3(packet: Cursor) -> Layer | None:
    """ERSPAN type III: a header of 12 bytes, and 8 more where its last bit says so."""
    more = packet.holds(12) and packet.number(11, 1) & 1
    packet.at += 20 if more else 12
    return Layer.ETHERNET


def gtpu(packet: Cursor) -> Layer | None:
    """A G-PDU of GTP-U (3GPP TS 29.281 §5), where the cursor is behind the UDP header; None for anything else."""
    if not packet.holds(12) or packet.number(0, 1) & 0xF0 != 0x30 or packet.number(1, 1) != 255:
        return None
    flags, end, position = packet.number(0, 1), 8 + packet.number(2, 2), 8
    if flags & 7:
        following, position = packet.number(11, 1) if flags & 4 else 0, 12
        while following and packet.holds(position + 4):
            length = packet.number(position, 1) * 4
            if not length:
                return None
            following = packet.number(position + length - 1, 1)
            position += length
    if packet.at + end > packet.end or position >= end or packet.number(position, 1) >> 4 not in (4, 6):
        return None
    packet.narrow(end)
    packet.at += position
    return Layer.IP


def vxlan(packet: Cursor) -> Layer | None:
    """VXLAN (RFC 7348 §5), where the cursor is behind the UDP header; None for anything else."""
    if not packet.holds(22) or not packet.number(0, 1) & 0x08 or packet.number(20, 2) not in ETHERTYPES:
        return None
    packet.at += 8
    return Layer.ETHERNET


UDP_TUNNELS: dict[int, Callable[[Cursor], Layer | None]] = {GTPU_PORT: gtpu, VXLAN_PORT: vxlan}
"""Tunnels by their UDP port."""
