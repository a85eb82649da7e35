"""IPv4 (RFC 791) and IPv6 (RFC 8200) with options, extension headers and fragments."""

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
_EXTENSIONS = {0, 43, 60, 135, 139, 140}
"""Extension headers that begin with the next header and their length (RFC 7045 §4)."""
_MORE, _OFFSET = 0x2000, 0x1FFF
"""Bits of the flags and offset of IPv4."""


def ip(packet: Cursor) -> Layer | None:
    """Tell the two versions apart by the first four bits."""
    version = packet.number(0, 1) >> 4
    return {4: Layer.IPV4, 6: Layer.IPV6}.get(version)


def ipv4(packet: Cursor) -> Layer | None:
    """An IPv4 header with its options."""
    header = (packet.number(0, 1) & 15) * 4
    if not packet.holds(max(header, 20)) or header < 20 or packet.number(0, 1) >> 4 != 4:
        return None
    # The kernel leaves the length to the network card for segments that the card will cut (TSO).
    total = packet.number(2, 2) or packet.end - packet.at
    if total < header:
        return None
    packet.narrow(total)
    at = packet.at
    packet.source, packet.target = packet.data[at + 12 : at + 16], packet.data[at + 16 : at + 20]
    packet.dscp, packet.ttl = packet.number(1, 1) >> 2, packet.number(8, 1)
    packet.identification, packet.protocol = packet.number(4, 2), packet.number(9, 1)
    position = packet.number(6, 2)
    packet.at += header
    if position & (_MORE | _OFFSET):
        key = (packet.source, packet.target, packet.protocol, packet.identification, packet.vlan)
        packet.fragment = Fragment(key, (position & _OFFSET) * 8, bool(position & _MORE))
        return Layer.FRAGMENT
    return upper(packet)


def ipv6(packet: Cursor) -> Layer | None:
    """An IPv6 header; its extension headers follow in ``upper``."""
    if not packet.holds(40) or packet.number(0, 1) >> 4 != 6:
        return None
    at, length = packet.at, packet.number(4, 2)
    packet.source, packet.target = packet.data[at + 8 : at + 24], packet.data[at + 24 : at + 40]
    packet.dscp, packet.ttl = packet.number(0, 2) >> 6 & 0x3F, packet.number(7, 1)
    packet.identification, packet.protocol = 0, packet.number(6, 1)
    packet.at += 40
    if length:
        packet.narrow(length)
    return upper(packet)


def upper(packet: Cursor) -> Layer | None:
    """What ``packet.protocol`` announces, behind the extension headers that come before it."""
    while True:
        if packet.protocol in _EXTENSIONS and packet.holds(8):
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
