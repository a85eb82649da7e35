"""The usual packets decoded many at a time: Ethernet, Linux cooked or no link layer, VLAN tags, IP, UDP or TCP.

Whatever is not plainly of such a shape (fragments, options, tunnels, lengths that contradict each other) is left to
``decoder``, packet by packet. A test holds both equal on every sample.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from collabtrace.capture.datagrams import TCP, UDP, Payloads
from collabtrace.capture.records import Records
from collabtrace.capture.tunnels import UDP_TUNNELS

_WIDTH = 96
"""Bytes gathered of each packet: link layer, two tags, IPv6, TCP."""
_IPV4, _IPV6, _ARP = 0x0800, 0x86DD, 0x0806
_TAGS = (0x8100, 0x88A8, 0x9100)
_MOST_TAGS = 2
_NO_OPTIONS, _FRAGMENTED = 0x45, 0x3FFF
"""First byte of an IPv4 header without options; the bits of flags and offset that only fragments have."""
_ETHERTYPE_AT = {1: (12, 14), 113: (14, 16), 276: (0, 20)}
"""By LINKTYPE_: where the EtherType stands, and how long the header is."""
_BARE = {0: 4, 12: 0, 14: 0, 101: 0, 108: 4, 228: 0, 229: 0}
"""By LINKTYPE_: the length of a header without EtherType."""
_FAMILIES = {_IPV4: (2, 2 << 24), _IPV6: tuple(family << shift for family in (10, 24, 28, 30) for shift in (0, 24))}
"""AF_INET and AF_INET6 in either byte order, as BSD loopback has them."""

_TRANSPORT = {
    "ports": (">u4", 0),
    "length": (">u2", 4),
    "sequence": (">u4", 4),
    "offset": ("u1", 12),
    "flags": ("u1", 13),
}
"""Fields of UDP and TCP: type and position."""

Bytes: TypeAlias = NDArray[np.uint8]
Rows: TypeAlias = NDArray[np.int64]


class _Version(NamedTuple):
    """How one version of IP is read."""

    number: int
    header: int
    """Bytes of its header without options."""
    shape: np.dtype[np.void]
    """Its fields, and behind them those of UDP and TCP."""


def _version(number: int, header: int, **network: tuple[str, int]) -> _Version:
    fields = network | {name: (kind, header + at) for name, (kind, at) in _TRANSPORT.items()}
    formats, offsets = zip(*fields.values(), strict=True)
    shape = {"names": list(fields), "formats": list(formats), "offsets": list(offsets), "itemsize": header + 14}
    return _Version(number, header, np.dtype(shape))  # type: ignore[call-overload]


_VERSIONS = {
    _IPV4: _version(
        4,
        20,
        first=("u1", 0),
        service=("u1", 1),
        total=(">u2", 2),
        identification=(">u2", 4),
        position=(">u2", 6),
        ttl=("u1", 8),
        protocol=("u1", 9),
        ends=(">u8", 12),
    ),
    _IPV6: _version(
        6,
        40,
        first=(">u2", 0),
        total=(">u2", 4),
        protocol=("u1", 6),
        ttl=("u1", 7),
        ends=(">u8", 8),
        wide=(">u8", 16),
        wider=(">u8", 24),
        widest=(">u8", 32),
    ),
}


def usual(records: Records) -> tuple[list[Payloads], Rows]:
    """The payloads of the packets of usual shape, and the rows of all others that may hold any."""
    header = sliding_window_view(records.buffer, _WIDTH)[records.start]
    left = np.ones(len(records), np.bool_)
    found = []
    for rows, kinds, at in _places(records.link, header):
        left[rows[kinds == _ARP]] = False
        for kind, version in _VERSIONS.items():
            here = rows[kinds == kind]
            if len(here):
                payloads = _payloads(records, header, here, at, version)
                left[payloads.row] = False
                found.append(payloads)
    return [payloads for payloads in found if len(payloads.row)], np.flatnonzero(left)


def _places(links: NDArray[np.int32], header: Bytes) -> Iterator[tuple[Rows, NDArray[np.uint16], int]]:
    """Rows whose IP header would begin at the same place, with the EtherType of each, and that place."""
    everything = np.arange(len(links))
    uniform = len(links) > 0 and bool((links == links[0]).all())
    for link in links[:1].tolist() if uniform else np.unique(links).tolist():
        rows = everything if uniform else np.flatnonzero(links == link)
        if link in _ETHERTYPE_AT:
            yield from _tagged(header, rows, *_ETHERTYPE_AT[link])
        elif link in _BARE:
            yield rows, _bare(header[rows], _BARE[link]), _BARE[link]


def _tagged(header: Bytes, rows: Rows, field: int, at: int) -> Iterator[tuple[Rows, NDArray[np.uint16], int]]:
    """Rows by the number of their VLAN tags; each tag ends with the EtherType of what follows."""
    for _ in range(_MOST_TAGS + 1):
        kinds = header[rows, field].astype(np.uint16) << 8 | header[rows, field + 1]
        yield rows, kinds, at
        rows = rows[(kinds == _TAGS[0]) | (kinds == _TAGS[1]) | (kinds == _TAGS[2])]
        if not len(rows):
            return
        field, at = at + 2, at + 4


def _bare(header: Bytes, at: int) -> NDArray[np.uint16]:
    """The EtherType that is missing: by the version of IP, and the address family where there is one."""
    kinds = np.zeros(len(header), np.uint16)
    family = header[:, :4].copy().view(">u4")[:, 0]
    for kind, version in _VERSIONS.items():
        fitting = header[:, at] >> 4 == version.number
        kinds[fitting & np.isin(family, _FAMILIES[kind]) if at else fitting] = kind
    return kinds


def _payloads(records: Records, header: Bytes, rows: Rows, at: int, version: _Version) -> Payloads:
    """Decode IP of one version, and UDP or TCP on it, in those of *rows* where nothing is unusual."""
    whole = len(rows) == len(header)
    fields = (header if whole else header[rows])[:, at : at + version.shape.itemsize].view(version.shape)[:, 0]
    captured = (records.captured if whole else records.captured[rows]) - at
    wire = (records.wire if whole else records.wire[rows]) - at
    total = fields["total"].astype(np.int64)
    if version.number == 4:
        plain = (fields["first"] == _NO_OPTIONS) & (fields["position"] & _FRAGMENTED == 0)
    else:
        plain = (fields["first"] >> 12 == version.number) & (total > 0)
        total += version.header
    begin, sent, carried = _transport(fields, captured, total, version.header)
    plain &= carried & (total <= wire)
    kept = np.minimum(np.maximum(captured - begin, 0), sent)
    start = (records.start if whole else records.start[rows]) + at + np.minimum(begin, captured)
    every = bool(plain.all())
    return (
        _columns(rows, fields, start, kept, sent, version)
        if every
        else _columns(rows[plain], fields[plain], start[plain], kept[plain], sent[plain], version)
    )


def _transport(
    fields: NDArray[np.void], captured: Rows, total: Rows, header: int
) -> tuple[Rows, Rows, NDArray[np.bool_]]:
    """Where the payload of UDP or TCP begins in the IP packet, its length, and whether nothing about it is unusual."""
    protocol, length = fields["protocol"], fields["length"].astype(np.int64)
    begin, sent = np.full(len(fields), header + 8), length - 8
    plain = (protocol == UDP) & (length >= 8) & (header + length <= total) & (captured >= header + 8)
    ports = fields["ports"].astype(np.uint32)
    for tunnel in UDP_TUNNELS:
        plain &= (ports & 0xFFFF != tunnel) & (ports >> 16 != tunnel)
    tcp = protocol == TCP
    if tcp.any():
        offset = (fields["offset"] >> 4).astype(np.int64) * 4
        begin = np.where(tcp, header + offset, begin)
        sent = np.where(tcp, total - begin, sent)
        plain |= tcp & (offset >= 20) & (sent >= 0) & (captured >= header + 14)
    return begin, sent, plain


def _columns(rows: Rows, fields: NDArray[np.void], start: Rows, kept: Rows, sent: Rows, version: _Version) -> Payloads:
    four = version.number == 4
    protocol = fields["protocol"].copy()
    tcp = protocol == TCP
    service = fields["service"] >> 2 if four else (fields["first"] >> 6 & 0x3F).astype(np.uint8)
    wide = [] if four else [fields[name] for name in ("wide", "wider", "widest")]
    kind = fields["ports"].astype(np.uint64) << np.uint64(16) | protocol.astype(np.uint64) << np.uint64(8)
    return Payloads(
        row=rows,
        ends=fields["ends"].astype(np.uint64),
        wide=np.array(wide, np.uint64).reshape(len(wide), len(rows)),
        kind=kind | np.uint64(version.number),
        start=start,
        length=kept,
        wire_length=sent,
        ttl=fields["ttl"].copy(),
        dscp=service,
        identification=fields["identification"].astype(np.uint16) if four else np.zeros(len(rows), np.uint16),
        sequence=np.where(tcp, fields["sequence"], np.uint32(0)).astype(np.uint32),
        flags=np.where(tcp, fields["flags"], np.uint8(0)),
    )
