"""IPv4 (RFC 791) and IPv6 (RFC 8200) with options, extension headers and fragments."""

import struct

from collabtrace.capture.cursor import Cursor, Fragment, Layer

PROTOCOLS = {
    1: Layer.ICMP,
    4: Layer.IPV4,
    6: Layer.TCP,
    17: Layer.UDP,
    41: Layer.IPV6,
    47: Layer.GRE,
    58: Layer.ICMPV6,
    132: Layer.SCTP,
    137: Layer.MPLS,
}
"""What follows an IP protocol number."""
_AUTHENTICATION, _FRAGMENT = 51, 44
EXTENSIONS = {0, 43, 60, 135, 139, 140}
"""Extension headers that begin with the next header and their length (RFC 7045 §4)."""
_IPV4, _IPV6 = struct.Struct("!BBHHHBBxx4s4s"), struct.Struct("!HxxHBB16s16s")
_MORE, _OFFSET = 0x2000, 0x1FFF
"""Bits of the flags and offset of IPv4."""


def ip(packet: Cursor) -> Layer | None:
    """Tell the two versions apart by the first four bits."""
    version = packet.number(0, 1) >> 4
    return {4: Layer.IPV4, 6: Layer.IPV6}.get(version)


def ipv4(packet: Cursor) -> Layer | None:
    """An IPv4 header with its options."""
    if not packet.holds(20):
        return None
    first, service, total, identification, position, ttl, protocol, source, target = _IPV4.unpack_from(
        packet.data, packet.at
    )
    header = (first & 15) * 4
    # The kernel leaves the length to the network card for segments that the card will cut (TSO).
    total = total or packet.end - packet.at
    if first >> 4 != 4 or not 20 <= header <= total or not packet.holds(header):
        return None
    packet.narrow(total)
    packet.source, packet.target, packet.protocol = source, target, protocol
    packet.dscp, packet.ttl, packet.identification = service >> 2, ttl, identification
    packet.at += header
    if position & (_MORE | _OFFSET):
        key = (source, target, protocol, identification, packet.vlan)
        packet.fragment = Fragment(key, (position & _OFFSET) * 8, bool(position & _MORE))
        return Layer.FRAGMENT
    return upper(packet)


def ipv6(packet: Cursor) -> Layer | None:
    """An IPv6 header; its extension headers follow in ``upper``."""
    if not packet.holds(40):
        return None
    first, length, protocol, hops, source, target = _IPV6.unpack_from(packet.data, packet.at)
    if first >> 12 != 6:
        return None
    packet.source, packet.target, packet.protocol = source, target, protocol
    packet.dscp, packet.ttl, packet.identification = first >> 6 & 0x3F, hops, 0
    packet.at += 40
    if length:
        packet.narrow(length)
    return upper(packet)


def upper(packet: Cursor) -> Layer | None:
    """What ``packet.protocol`` announces, behind the extension headers that come before it."""
    while True:
        if packet.protocol in EXTENSIONS and packet.holds(8):
            length = packet.number(1, 1) * 8 + 8
        elif packet.protocol == _AUTHENTICATION and packet.holds(8):
            length = packet.number(1, 1) * 4 + 8
        elif packet.protocol == _FRAGMENT and packet.holds(8):
            return _fragment6(packet)
        else:
            return PROTOCOLS.get(packet.protocol)
        packet.protocol = packet.number(0, 1)
        packet.at += length


def _fragment6(packet: Cursor) -> Layer | None:
    position = packet.number(2, 2)
    key = (packet.source, packet.target, packet.number(4, 4), packet.vlan)
    packet.identification, packet.protocol = packet.number(4, 4) & 0xFFFF, packet.number(0, 1)
    packet.at += 8
    if position & 0xFFF9 == 0:
        # RFC 6946: a packet in one fragment is no fragment.
        return upper(packet)
    packet.fragment = Fragment(key, position & 0xFFF8, bool(position & 1))
    return Layer.FRAGMENT
