"""Link layers, from the first byte of a captured packet up to its IP header.

Each function reads the layer at the cursor, moves behind it, and says what follows; None where nothing does
that this package reads.
"""

from collections.abc import Callable

from collabtrace.capture import wireless
from collabtrace.capture.cursor import Cursor, Layer

ETHERTYPES = {
    0x0800: Layer.IP,
    0x86DD: Layer.IPV6,
    0x8100: Layer.VLAN,  # IEEE 802.1Q
    0x88A8: Layer.VLAN,  # IEEE 802.1ad
    0x9100: Layer.VLAN,  # QinQ before 802.1ad
    0x8847: Layer.MPLS,
    0x8848: Layer.MPLS,
    0x8864: Layer.PPPOE,
    0x6558: Layer.ETHERNET,
    0x880B: Layer.PPP,
    0x88BE: Layer.ERSPAN,
    0x22EB: Layer.ERSPAN3,
}
"""What follows an EtherType."""
_LONGEST_802_3 = 1500
"""Below and up to it the field behind the addresses is a length (IEEE 802.3 §3.2.6)."""
_PPP_PROTOCOLS = {0x21: Layer.IPV4, 0x57: Layer.IPV6, 0x281: Layer.MPLS}
_BSD_FAMILIES = {2: Layer.IP, 10: Layer.IPV6, 24: Layer.IPV6, 28: Layer.IPV6, 30: Layer.IPV6}
"""AF_INET and the AF_INET6 of Linux, NetBSD and OpenBSD, FreeBSD, macOS."""


def _ethertype(packet: Cursor, offset: int, behind: int) -> Layer | None:
    """Move *behind* the header whose EtherType is *offset* bytes from here."""
    if not packet.holds(behind):
        return None
    kind = packet.number(offset, 2)
    packet.at += behind
    return ETHERTYPES.get(kind)


def ethernet(packet: Cursor) -> Layer | None:
    """Ethernet II, or IEEE 802.3 with a length in place of the EtherType."""
    if not packet.holds(14):
        return None
    if packet.number(12, 2) > _LONGEST_802_3:
        return _ethertype(packet, 12, 14)
    packet.at += 14
    return Layer.LLC


def vlan(packet: Cursor) -> Layer | None:
    """An IEEE 802.1Q tag: number, then the EtherType of what is tagged."""
    packet.vlan = packet.number(0, 2) & 0x0FFF
    if packet.holds(4) and packet.number(2, 2) <= _LONGEST_802_3:
        packet.at += 4
        return Layer.LLC
    return _ethertype(packet, 2, 4)


def llc(packet: Cursor) -> Layer | None:
    """IEEE 802.2 with SNAP; the organisation code 0 says that an EtherType follows (RFC 1042)."""
    if packet.holds(8) and packet.number(0, 6) == 0xAAAA03000000:
        return _ethertype(packet, 6, 8)
    return None


def mpls(packet: Cursor) -> Layer | None:
    """An MPLS label stack (RFC 3032): nothing tells what it carries but the first bits of that."""
    while packet.holds(4):
        bottom = packet.number(2, 1) & 1
        packet.at += 4
        if bottom:
            return Layer.IP
    return None


def pppoe(packet: Cursor) -> Layer | None:
    """A PPPoE session (RFC 2516 §4)."""
    if not packet.holds(6) or packet.number(0, 2) != 0x1100:
        return None
    length = packet.number(4, 2)
    packet.at += 6
    packet.narrow(length)
    return Layer.PPP


def ppp(packet: Cursor) -> Layer | None:
    """PPP (RFC 1661): address and control octets may be missing, and the protocol be one octet long."""
    if packet.holds(2) and packet.number(0, 2) == 0xFF03:
        packet.at += 2
    if not packet.holds(2):
        return None
    width = 1 if packet.number(0, 1) & 1 else 2
    protocol = packet.number(0, width)
    packet.at += width
    return _PPP_PROTOCOLS.get(protocol)


def cisco_hdlc(packet: Cursor) -> Layer | None:
    """Cisco HDLC: address, control, EtherType."""
    return _ethertype(packet, 2, 4)


def ppp_or_hdlc(packet: Cursor) -> Layer | None:
    """PPP in HDLC-like framing (RFC 1662), or Cisco HDLC, which has other addresses."""
    return cisco_hdlc(packet) if packet.holds(1) and packet.number(0, 1) in (0x0F, 0x8F) else Layer.PPP


def cooked(packet: Cursor) -> Layer | None:
    """Linux cooked capture, version 1; small protocol numbers are frames without an EtherType."""
    if packet.holds(16) and packet.number(14, 2) == 4:
        packet.at += 16
        return Layer.LLC
    return _ethertype(packet, 14, 16)


def cooked2(packet: Cursor) -> Layer | None:
    """Linux cooked capture, version 2."""
    if packet.holds(20) and packet.number(0, 2) == 4:
        packet.at += 20
        return Layer.LLC
    return _ethertype(packet, 0, 20)


def loopback(packet: Cursor) -> Layer | None:
    """BSD loopback: an address family in the byte order of whoever captured."""
    if not packet.holds(4):
        return None
    family = packet.number(0, 4)
    if family > 0xFFFF:
        family = int.from_bytes(packet.data[packet.at : packet.at + 4], "little")
    packet.at += 4
    return _BSD_FAMILIES.get(family)


def raw(packet: Cursor) -> Layer | None:
    """No link layer at all."""
    return Layer.IP if packet.holds(1) else None


LINK_TYPES: dict[int, Callable[[Cursor], Layer | None]] = {
    0: loopback,
    1: ethernet,
    9: ppp,
    12: raw,
    14: raw,
    50: ppp_or_hdlc,
    51: pppoe,
    101: raw,
    104: cisco_hdlc,
    105: wireless.frame,
    108: loopback,
    113: cooked,
    127: wireless.radiotap,
    228: raw,
    229: raw,
    276: cooked2,
}
"""How a packet of each LINKTYPE_ begins."""
