"""The usual packets decoded many at a time: Ethernet, Linux cooked or no link layer, VLAN tags, IP, UDP or TCP.

Headers are gathered as 64-bit words, so that every field is a shift and a mask over a whole column. Whatever is not
plainly of such a shape (fragments, options, tunnels, lengths that contradict each other) is left to ``decoder``,
packet by packet. A test holds both equal on every sample.
"""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from collabtrace.capture.datagrams import TCP, UDP, Payloads
from collabtrace.capture.gather import words
from collabtrace.capture.records import Records
from collabtrace.capture.tunnels import UDP_TUNNELS

_IPV4, _IPV6, _ARP = 0x0800, 0x86DD, 0x0806
_TAGS = (0x8100, 0x88A8, 0x9100)
_MOST_TAGS = 2
_ETHERTYPE_AT = {1: (12, 14), 113: (14, 16), 276: (0, 20)}
"""By LINKTYPE_: where the EtherType stands, and how long the header is."""
_BARE = {12: 0, 14: 0, 101: 0, 228: 0, 229: 0}
"""By LINKTYPE_: the length of a header without EtherType."""
_HEADER_4, _HEADER_6 = 20, 40
"""Bytes of IP headers without options."""

Rows: TypeAlias = NDArray[np.int64]
Mask: TypeAlias = NDArray[np.bool_]
Words: TypeAlias = NDArray[np.uint64]


def usual(records: Records) -> tuple[list[Payloads], Rows]:
    """The payloads of the packets of usual shape, and the rows of all others that may hold any."""
    kinds, begin = _network(records)
    left = (kinds != _ARP) & (records.captured > _HEADER_4)
    found = []
    for kind, read in ((_IPV4, _read4), (_IPV6, _read6)):
        rows = np.flatnonzero(kinds == kind)
        if len(rows):
            payloads = _payloads(records, rows, begin, read)
            left[payloads.row] = False
            found.append(payloads)
    return [payloads for payloads in found if len(payloads.row)], np.flatnonzero(left)


def _network(records: Records) -> tuple[NDArray[np.uint16], Rows]:
    """For each packet the EtherType of what follows link layer and tags, and where that begins in the buffer."""
    data, start, links = records.buffer, records.start, records.link
    kinds, begin = np.zeros(len(links), np.uint16), start.copy()
    uniform = len(links) > 0 and bool((links == links[0]).all())
    for link in links[:1].tolist() if uniform else np.unique(links).tolist():
        rows = slice(None) if uniform else np.flatnonzero(links == link)
        if link in _ETHERTYPE_AT:
            field, length = _ETHERTYPE_AT[link]
            kinds[rows] = words(data, start[rows] + field, 1, ">u2")[0]
            begin[rows] += length
        elif link in _BARE:
            version = data[start[rows]] >> 4
            kinds[rows] = np.where(
                version == 4, np.uint16(_IPV4), np.where(version == 6, np.uint16(_IPV6), np.uint16(0))
            )
    tagged = np.flatnonzero(_is_tag(kinds))
    for _ in range(_MOST_TAGS):
        if not len(tagged):
            break
        kinds[tagged] = words(data, begin[tagged] + 2, 1, ">u2")[0]
        begin[tagged] += 4
        tagged = tagged[_is_tag(kinds[tagged])]
    return kinds, begin


def _is_tag(kinds: NDArray[np.uint16]) -> Mask:
    tagged: Mask = (kinds == _TAGS[0]) | (kinds == _TAGS[1]) | (kinds == _TAGS[2])
    return tagged


class _Headers(NamedTuple):
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
    """Data offset (upper half) and flags (lower half) of TCP."""


def _read4(data: NDArray[np.uint8], begin: Rows) -> _Headers:
    """IPv4 (RFC 791 §3.1) and what follows a header without options."""
    first, second, third, fourth, fifth = words(data, begin, 5, ">u8")
    position = first & 0xFFFF
    return _Headers(
        version=4,
        length=_HEADER_4,
        plain=(first >> 56 == 0x45) & (position & 0x3FFF == 0),
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


def _read6(data: NDArray[np.uint8], begin: Rows) -> _Headers:
    """IPv6 (RFC 8200 §3) and what follows a header without extensions."""
    first, ends, *wide, sixth, seventh = words(data, begin, 7, ">u8")
    payload = (first >> 16 & 0xFFFF).astype(np.int64)
    return _Headers(
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


Reader: TypeAlias = Callable[[NDArray[np.uint8], Rows], _Headers]


def _payloads(records: Records, rows: Rows, begin: Rows, read: Reader) -> Payloads:
    """Decode IP, and UDP or TCP on it, in those of *rows* where nothing is unusual."""
    begin = begin[rows]
    link = begin - records.start[rows]
    captured, wire = records.captured[rows] - link, records.wire[rows] - link
    headers = read(records.buffer, begin)
    at, sent, plain = _transport(headers, captured)
    plain &= headers.plain & (headers.total <= wire)
    tcp = headers.protocol == TCP
    payloads = Payloads(
        row=rows.astype(np.int32),
        ends=headers.ends,
        wide=headers.wide,
        kind=headers.ports << np.uint64(16) | headers.protocol << np.uint64(8) | np.uint64(headers.version),
        start=(begin + np.minimum(at, captured)).astype(np.int32),
        length=np.minimum(np.maximum(captured - at, 0), sent).astype(np.int32),
        wire_length=sent.astype(np.int32),
        ttl=headers.ttl.astype(np.uint8),
        dscp=headers.dscp.astype(np.uint8),
        identification=headers.identification.astype(np.uint16),
        sequence=(headers.sequence * tcp).astype(np.uint32),
        flags=(headers.control * tcp).astype(np.uint8),
    )
    return payloads if plain.all() else payloads.taken(np.flatnonzero(plain))


def _transport(headers: _Headers, captured: Rows) -> tuple[Rows, Rows, Mask]:
    """Where the payload begins in the IP packet, its length, and whether nothing about UDP or TCP is unusual."""
    size = headers.size.astype(np.int64)
    at, sent = np.full(len(size), headers.length + 8), size - 8
    plain = (headers.protocol == UDP) & (sent >= 0) & (headers.length + size <= headers.total)
    plain &= captured >= headers.length + 8
    for tunnel in UDP_TUNNELS:
        plain &= (headers.ports & 0xFFFF != tunnel) & (headers.ports >> 16 != tunnel)
    tcp = headers.protocol == TCP
    if tcp.any():
        offset = (headers.control >> 12).astype(np.int64) * 4
        at = np.where(tcp, headers.length + offset, at)
        sent = np.where(tcp, headers.total - at, sent)
        plain |= tcp & (offset >= 20) & (sent >= 0) & (captured >= headers.length + 14)
    return at, sent, plain
