"""Packets as bytes, built from the inside outwards.

``ethernet(ipv4("192.0.2.1", "192.0.2.2", udp(5060, 5060, text)))`` is a frame with a datagram. Every function is
pure and gives a ``Layer``: bytes that know by which numbers an outer layer names them. Lengths and checksums are
right. Carriers that stand between a link layer and IP (PPP, GRE, GTP-U …) are in ``carriers``.
"""

import struct
from collections.abc import Sequence
from ipaddress import ip_address

FIN, SYN, RST, PSH, ACK = 0x01, 0x02, 0x04, 0x08, 0x10
"""TCP flags (RFC 9293 §3.1)."""
HOP_BY_HOP, ROUTING, FRAGMENT, DESTINATION = 0, 43, 44, 60
"""IPv6 extension headers (RFC 8200 §4)."""

_TCP, _UDP, _ICMPV6, _SCTP = 6, 17, 58, 132
_CHECKSUM_AT = {_TCP: 16, _UDP: 6, _ICMPV6: 2}


class Layer(bytes):
    """The bytes of a packet from one layer inwards."""

    protocol: int
    """IP protocol number of the layer (0 where it has none)."""
    ethertype: int
    """EtherType of the layer (0 where it has none)."""

    def __new__(cls, data: bytes, protocol: int = 0, ethertype: int = 0) -> "Layer":
        """Name *data* as a layer of the given numbers."""
        layer = super().__new__(cls, data)
        layer.protocol, layer.ethertype = protocol, ethertype
        return layer


def checksum(data: bytes) -> int:
    """The Internet checksum (RFC 1071)."""
    total: int = sum(struct.unpack(f"!{(len(data) + 1) // 2}H", data + b"\0" * (len(data) % 2)))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def udp(source_port: int, target_port: int, payload: bytes) -> Layer:
    """A UDP datagram (RFC 768); the IP layer around it fills in the checksum."""
    return Layer(struct.pack("!HHHH", source_port, target_port, 8 + len(payload), 0) + payload, _UDP)


def tcp(
    source_port: int,
    target_port: int,
    payload: bytes = b"",
    *,
    sequence: int = 0,
    acknowledgement: int = 0,
    flags: int = ACK | PSH,
    options: bytes = b"",
) -> Layer:
    """A TCP segment (RFC 9293); *options* are padded to whole words, the IP layer fills in the checksum."""
    options += b"\0" * (-len(options) % 4)
    words = 5 + len(options) // 4
    numbers = (sequence & 0xFFFFFFFF, acknowledgement & 0xFFFFFFFF)
    header = struct.pack("!HHIIBBHHH", source_port, target_port, *numbers, words << 4, flags, 65535, 0, 0)
    return Layer(header + options + payload, _TCP)


def icmp_error(quoted: bytes, *, type: int = 3, code: int = 3) -> Layer:  # noqa: A002 - the name in RFC 792
    """An ICMP error that quotes an IPv4 packet; by default port unreachable (RFC 792)."""
    body = struct.pack("!BBHI", type, code, 0, 0) + quoted
    return Layer(body[:2] + struct.pack("!H", checksum(body)) + body[4:], 1)


def icmpv6_error(quoted: bytes, *, type: int = 1, code: int = 4) -> Layer:  # noqa: A002 - the name in RFC 4443
    """An ICMPv6 error that quotes an IPv6 packet; by default port unreachable (RFC 4443 §3.1)."""
    return Layer(struct.pack("!BBHI", type, code, 0, 0) + quoted, _ICMPV6)


def data_chunk(
    payload: bytes, *, tsn: int = 1, stream: int = 0, number: int = 0, flags: str = "BE", protocol: int = 0
) -> bytes:
    """An SCTP DATA chunk (RFC 9260 §3.3.1); *flags* of the letters ``U B E``, *number* counts within the stream."""
    bits = ("U" in flags) << 2 | ("B" in flags) << 1 | ("E" in flags)
    header = struct.pack("!BBHIHHI", 0, bits, 16 + len(payload), tsn & 0xFFFFFFFF, stream, number, protocol)
    return header + payload + b"\0" * (-len(payload) % 4)


def sctp(source_port: int, target_port: int, *chunks: bytes, tag: int = 1) -> Layer:
    """An SCTP packet of the given chunks, with its CRC32c (RFC 9260 §3.1)."""
    ports, body = struct.pack("!HHI", source_port, target_port, tag), b"".join(chunks)
    return Layer(ports + struct.pack("<I", _crc32c(ports + bytes(4) + body)) + body, _SCTP)


def ipv4(
    source: str,
    target: str,
    payload: Layer,
    *,
    ttl: int = 64,
    dscp: int = 0,
    identification: int = 0,
    options: bytes = b"",
) -> Layer:
    """An IPv4 packet (RFC 791); *options* are padded to whole words."""
    ends = ip_address(source).packed + ip_address(target).packed
    options += b"\0" * (-len(options) % 4)
    header_length = 20 + len(options)
    body = _with_checksum(payload, ends + struct.pack("!HH", payload.protocol, len(payload)))
    first = (0x40 | header_length // 4, dscp << 2, header_length + len(body), identification & 0xFFFF, 0)
    header = struct.pack("!BBHHHBBH", *first, ttl, payload.protocol, 0) + ends + options
    return Layer(_ipv4_checksum(header) + body, 4, 0x0800)


def ipv6(
    source: str,
    target: str,
    payload: Layer,
    *,
    hop_limit: int = 64,
    dscp: int = 0,
    headers: Sequence[tuple[int, bytes]] = (),
) -> Layer:
    """An IPv6 packet (RFC 8200); *headers* are extension headers by number, with what follows their length octet."""
    ends = ip_address(source).packed + ip_address(target).packed
    body: bytes = _with_checksum(payload, ends + struct.pack("!II", len(payload), payload.protocol))
    following = payload.protocol
    for number, content in reversed(headers):
        padded = content + b"\0" * (-(len(content) + 2) % 8)
        body = struct.pack("!BB", following, (len(padded) + 2) // 8 - 1) + padded + body
        following = number
    return Layer(struct.pack("!IHBB", 6 << 28 | dscp << 22, len(body), following, hop_limit) + ends + body, 41, 0x86DD)


def fragments(packet: Layer, size: int, *, identification: int = 1) -> list[Layer]:
    """Cut an IP packet into fragments that carry *size* octets (a multiple of 8) each (RFC 791 §3.2, RFC 8200 §4.5)."""
    if size <= 0 or size % 8:
        raise ValueError(f"fragments of {size} octets, which is not a multiple of 8")
    start = (packet[0] & 15) * 4 if packet[0] >> 4 == 4 else 40
    header, body = packet[:start], packet[start:]
    pieces = [(at, body[at : at + size]) for at in range(0, len(body), size)]
    build = _fragment4 if packet[0] >> 4 == 4 else _fragment6
    return [
        Layer(build(header, piece, at | (at + size < len(body)), identification), packet.protocol, packet.ethertype)
        for at, piece in pieces
    ]


def _fragment4(header: bytes, piece: bytes, offset_and_more: int, identification: int) -> bytes:
    offset = offset_and_more >> 3 | (offset_and_more & 1) << 13
    numbers = struct.pack("!HHH", len(header) + len(piece), identification & 0xFFFF, offset)
    return _ipv4_checksum(header[:2] + numbers + header[8:]) + piece


def _fragment6(header: bytes, piece: bytes, offset_and_more: int, identification: int) -> bytes:
    inserted = struct.pack("!BBHI", header[6], 0, offset_and_more, identification)
    return header[:4] + struct.pack("!HB", 8 + len(piece), FRAGMENT) + header[7:] + inserted + piece


def _ipv4_checksum(header: bytes) -> bytes:
    blank = header[:10] + b"\0\0" + header[12:]
    return blank[:10] + struct.pack("!H", checksum(blank)) + blank[12:]


def _with_checksum(payload: Layer, pseudo_header: bytes) -> bytes:
    at = _CHECKSUM_AT.get(payload.protocol)
    if at is None:
        return payload
    value = checksum(pseudo_header + payload)
    # RFC 768: a computed zero is sent as all ones, because zero says that there is none.
    return payload[:at] + struct.pack("!H", value or 0xFFFF) + payload[at + 2 :]


def _crc32c_table() -> list[int]:
    table = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ (0x82F63B78 if value & 1 else 0)
        table.append(value)
    return table


_CRC32C = _crc32c_table()


def _crc32c(data: bytes) -> int:
    crc = 0xFFFFFFFF
    for octet in data:
        crc = crc >> 8 ^ _CRC32C[(crc ^ octet) & 0xFF]
    return crc ^ 0xFFFFFFFF
