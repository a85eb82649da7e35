"""IP, UDP and TCP headers of many packets at once.

Headers are gathered as 64-bit words, so that every field is a shift and a mask over a whole column.
"""

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from collabtrace.capture.datagrams import TCP, UDP
from collabtrace.capture.gather import words
from collabtrace.capture.link_columns import Bytes, Front, Mask, Rows
from collabtrace.capture.tunnels import UDP_TUNNELS

_HEADER_4, _HEADER_6 = 20, 40
"""Bytes of IP headers without options."""

Words: TypeAlias = NDArray[np.uint64]


class Headers(NamedTuple):
    """The headers of packets of one version of IP, as far as they are the usual ones."""

    version: int
    length: int
    """Bytes of the IP header."""
    plain: Mask
    """Whether nothing about the IP header is unusual."""
    total: Rows
    """Bytes of the IP packet."""
    protocol: Words
    ttl: Words
    dscp: Words
    identification: Words
    ends: Words
    wide: Words
    ports: Words
    size: Words
    """Length field of UDP."""
    sequence: Words
    """Sequence number of TCP."""
    control: Words
    """Data offset (upper four bits) and flags (lower eight) of TCP."""

    def taken(self, places: Rows) -> "Headers":
        """Some of the headers."""
        return self._replace(**{name: getattr(self, name)[..., places] for name in self._fields[2:]})


def ipv4(data: Bytes, begin: Rows) -> Headers:
    """IPv4 (RFC 791 §3.1) and what follows a header without options."""
    first, second, third, fourth, fifth = words(data, begin, 5, ">u8")
    return Headers(
        version=4,
        length=_HEADER_4,
        plain=(first >> 56 == 0x45) & (first & 0x3FFF == 0),
        total=(first >> 32 & 0xFFFF).astype(np.int64),
        protocol=second >> 48 & 0xFF,
        ttl=second >> 56,
        dscp=first >> 50 & 0x3F,
        identification=first >> 16 & 0xFFFF,
        ends=second << 32 | third >> 32,
        wide=np.empty((0, len(begin)), np.uint64),
        ports=third & 0xFFFFFFFF,
        size=fourth >> 48,
        sequence=fourth >> 32,
        control=fifth >> 48,
    )


def ipv6(data: Bytes, begin: Rows) -> Headers:
    """IPv6 (RFC 8200 §3) and what follows a header without extensions."""
    first, ends, *wide, sixth, seventh = words(data, begin, 7, ">u8")
    payload = (first >> 16 & 0xFFFF).astype(np.int64)
    return Headers(
        version=6,
        length=_HEADER_6,
        plain=(first >> 60 == 6) & (payload > 0),
        total=payload + _HEADER_6,
        protocol=first >> 8 & 0xFF,
        ttl=first & 0xFF,
        dscp=first >> 54 & 0x3F,
        identification=np.zeros(len(begin), np.uint64),
        ends=ends,
        wide=np.array(wide),
        ports=sixth >> 32,
        size=sixth >> 16 & 0xFFFF,
        sequence=sixth & 0xFFFFFFFF,
        control=seventh >> 16 & 0xFFFF,
    )


class Transport(NamedTuple):
    """The UDP and TCP of packets whose IP headers are known."""

    plain: Mask
    """Whether there is UDP or TCP, no tunnel, and nothing about it is unusual."""
    at: Rows
    """Where the payload begins in the IP packet."""
    sent: Rows
    """Bytes of the payload on the wire."""
    tcp: Mask


def transport(headers: Headers, packets: Front) -> Transport:
    """UDP (RFC 768) and TCP (RFC 9293 §3.1)."""
    size, held = headers.size.astype(np.int64), packets.held - packets.begin
    at, sent = np.full(len(size), headers.length + 8), size - 8
    plain = (headers.protocol == UDP) & (sent >= 0) & (headers.length + size <= headers.total)
    plain &= held >= headers.length + 8
    pairs = headers.ports.astype(np.uint32).view(np.uint16).reshape(-1, 2)
    for port in UDP_TUNNELS:
        if (tunnel := pairs == port).any():
            plain &= ~tunnel.any(axis=1)
    tcp = headers.protocol == TCP
    if tcp.any():
        offset = (headers.control >> 12).astype(np.int64) * 4
        at = np.where(tcp, headers.length + offset, at)
        sent = np.where(tcp, headers.total - at, sent)
        plain |= tcp & (offset >= 20) & (sent >= 0) & (held >= headers.length + 14)
    plain &= headers.plain & (headers.total <= packets.end - packets.begin)
    return Transport(plain, at, sent, tcp)
