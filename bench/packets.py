"""Ethernet frames with IP, UDP and TCP inside, for captures to measure with.

UDP and TCP checksums are left at zero: nothing that is measured looks at them.
"""

import struct
from dataclasses import dataclass
from itertools import count

import numpy as np

UDP, TCP, FRAGMENT = 17, 6, 44
ETHERNET = bytes.fromhex("02000000000202000000000b")
MTU = 1500
EXPEDITED = 0xB8
"""DSCP 46 in the octet of RFC 2474."""

identifications = count(1)


@dataclass(frozen=True, slots=True)
class Route:
    """One direction between two hosts."""

    source: bytes
    """4 or 16 octets."""
    target: bytes
    vlan: int | None

    @property
    def back(self) -> "Route":
        """The other direction."""
        return Route(self.target, self.source, self.vlan)

    @property
    def link(self) -> bytes:
        """The Ethernet header, with its 802.1Q tag."""
        tag = struct.pack("!HH", 0x8100, self.vlan) if self.vlan is not None else b""
        return ETHERNET + tag + (b"\x08\x00" if len(self.source) == 4 else b"\x86\xdd")


def udp(route: Route, source_port: int, target_port: int, data: bytes) -> list[bytes]:
    """The frames of one datagram: more than one where it needs fragments."""
    return ip(route, UDP, struct.pack("!HHHH", source_port, target_port, 8 + len(data), 0) + data)


def tcp(route: Route, ports: tuple[int, int], numbers: tuple[int, int], flags: int, data: bytes = b"") -> bytes:
    """The frame of one segment; *numbers* are sequence and acknowledgment number."""
    acknowledged = numbers[1] if flags & 0x10 else 0
    header = struct.pack("!HHIIBBHHH", *ports, numbers[0], acknowledged, 0x50, flags, 65535, 0, 0)
    return ip(route, TCP, header + data)[0]


def ip(route: Route, protocol: int, payload: bytes) -> list[bytes]:
    """The frames of one IP packet, cut into fragments that fit the MTU."""
    if len(route.source) == 4:
        return _ipv4(route, protocol, payload)
    return _ipv6(route, protocol, payload)


def media_headers(route: Route, source_port: int, target_port: int, size: int) -> bytes:
    """Everything in front of an RTP packet of *size* octets."""
    datagram = struct.pack("!HHHH", source_port, target_port, 8 + size, 0)
    if len(route.source) == 4:
        return route.link + _ipv4_header(route, UDP, 8 + size, 0, 0x4000, EXPEDITED) + datagram
    return route.link + _ipv6_header(route, UDP, 8 + size, EXPEDITED) + datagram


def _ipv4(route: Route, protocol: int, payload: bytes) -> list[bytes]:
    room, identification = MTU - 20, next(identifications) & 0xFFFF
    frames = []
    for offset in range(0, len(payload), room):
        part = payload[offset : offset + room]
        place = offset // 8 | (0x2000 if offset + room < len(payload) else 0)
        frames.append(route.link + _ipv4_header(route, protocol, len(part), identification, place) + part)
    return frames


def _ipv6(route: Route, protocol: int, payload: bytes) -> list[bytes]:
    if len(payload) <= MTU - 40:
        return [route.link + _ipv6_header(route, protocol, len(payload)) + payload]
    room, identification = MTU - 40 - 12, next(identifications)
    frames = []
    for offset in range(0, len(payload), room):
        part = payload[offset : offset + room]
        place = offset | (offset + room < len(payload))
        extension = struct.pack("!BBHI", protocol, 0, place, identification)
        frames.append(route.link + _ipv6_header(route, FRAGMENT, 8 + len(part)) + extension + part)
    return frames


def _ipv4_header(
    route: Route, protocol: int, size: int, identification: int, place: int, traffic_class: int = 0
) -> bytes:
    start = struct.pack("!BBHHHBB", 0x45, traffic_class, 20 + size, identification, place, 64, protocol)
    total = int(np.frombuffer(start + route.source + route.target, ">u2").sum())
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return start + struct.pack("!H", ~total & 0xFFFF) + route.source + route.target


def _ipv6_header(route: Route, following: int, size: int, traffic_class: int = 0) -> bytes:
    return struct.pack("!IHBB", 6 << 28 | traffic_class << 20, size, following, 64) + route.source + route.target
