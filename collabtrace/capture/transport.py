"""UDP (RFC 768) and TCP (RFC 9293) headers."""

from collabtrace.capture.cursor import Cursor
from collabtrace.capture.datagrams import TCP, UDP, Datagram


def udp(packet: Cursor, row: int) -> Datagram | None:
    """The payload of a UDP datagram; the cursor moves to it."""
    if not packet.holds(8):
        return None
    ports, length = packet.number(0, 4), packet.number(4, 2)
    # RFC 2675 §4: a jumbogram says 0, and so do segments that a network card has still to cut.
    if 0 < length < 8:
        return None
    packet.narrow(length or packet.end - packet.at)
    packet.at += 8
    return payload(packet, row, UDP, ports)


def tcp(packet: Cursor, row: int) -> Datagram | None:
    """The payload of a TCP segment; the cursor moves to it."""
    if not packet.holds(14):
        return None
    ports, header = packet.number(0, 4), (packet.number(12, 1) >> 4) * 4
    sequence, flags = packet.number(4, 4), packet.number(13, 1)
    if header < 20 or packet.at + header > packet.end:
        return None
    packet.at += header
    return payload(packet, row, TCP, ports)._replace(sequence=sequence, flags=flags)


def payload(packet: Cursor, row: int, protocol: int, ports: int) -> Datagram:
    """What is left of the packet, as the payload between two ports."""
    kept = max(min(len(packet.data), packet.end) - packet.at, 0)
    return Datagram(
        row=row,
        source=packet.source,
        target=packet.target,
        protocol=protocol,
        ports=ports,
        start=packet.base + min(packet.at, len(packet.data)),
        length=kept,
        wire_length=packet.end - packet.at,
        ttl=packet.ttl,
        dscp=packet.dscp,
        identification=packet.identification,
    )
