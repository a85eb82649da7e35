"""The usual packets decoded many at a time: the usual link layers and tunnels, IP, UDP or TCP.

Whatever is not plainly of such a shape (fragments, options, lengths that contradict each other) is left to
``decoder``, packet by packet. A test holds both equal on every sample.
"""

from dataclasses import replace

import numpy as np

from collabtrace import compiled
from collabtrace.capture.datagrams import Payloads
from collabtrace.capture.link_columns import ARP, ETHERTYPE_AT, IPV4, IPV6, Bytes, Front, Mask, Rows, front
from collabtrace.capture.network_columns import Headers, Transport, ipv4, ipv6, transport
from collabtrace.capture.records import Records
from collabtrace.capture.tunnel_columns import TUNNELS, inner
from collabtrace.capture.tunnels import UDP_TUNNELS

_DEEPEST = 3
"""Tunnels in tunnels that are still usual."""
_SHORTEST = 20
"""Bytes of the smallest IP header: what holds no more has no payload."""


FEW = 16
"""Packets for which numpy takes longer than ``decoder`` does one by one."""
_IS_TUNNEL = np.zeros(256, np.bool_)
_IS_TUNNEL[list(TUNNELS)] = True
_TUNNEL_PORTS = np.array(list(UDP_TUNNELS), np.uint16)


def usual(records: Records, few: int = FEW) -> tuple[list[Payloads], Rows]:
    """The payloads of the packets of usual shape, and the rows of all others that may hold any.

    Where no more than *few* are of a shape that is not compiled, they are among the others.
    """
    core, links = compiled.core, records.link
    place = ETHERTYPE_AT.get(int(links[0])) if len(links) else None
    if core is None or place is None or not (links == links[0]).all():
        return any_usual(records)
    done = np.zeros(len(links), np.bool_)
    plain = [_plain(core, records, done, place, 4)]
    if not done.all():
        plain.append(_plain(core, records, done, place, 6))
    if done.all():
        return [part for part in plain if len(part.row)], np.empty(0, np.int64)
    rows = np.flatnonzero(~done)
    if len(rows) <= few:
        return [part for part in plain if len(part.row)], rows
    columns = {name: getattr(records, name)[rows] for name in ("start", "captured", "wire", "time", "link")}
    found, left = any_usual(replace(records, **columns))
    parts = [*plain, *(part._replace(row=rows[part.row].astype(np.int32)) for part in found)]
    return [part for part in parts if len(part.row)], rows[left]


def _plain(core: compiled.Core, records: Records, done: Mask, place: tuple[int, int], version: int) -> Payloads:
    """The payloads of UDP and TCP without a tunnel on one *version* of IP; those found are marked as *done*."""
    size = len(records)
    kinds = ("i4", "u8", "u8", "u8", "i4", "i4", "i4", "u1", "u1", "u2", "u4", "u1")
    shapes = (size, size, (3 * (version == 6), size), *[size] * 9)
    columns = [np.empty(shape, of) for shape, of in zip(shapes, kinds, strict=True)]
    given = map(np.ascontiguousarray, (records.start, records.captured, records.wire))
    found = core.payloads(records.buffer, _TUNNEL_PORTS, *given, done, *columns, *place, version)
    return Payloads(*(column[..., :found] for column in columns))


def any_usual(records: Records) -> tuple[list[Payloads], Rows]:
    """The same as ``usual``, by numpy alone."""
    data, packets = records.buffer, front(records)
    left = (packets.kind != ARP) & (records.captured > _SHORTEST)
    found: list[Payloads] = []
    waiting = [packets]
    for _ in range(_DEEPEST):
        waiting = [carried for each in waiting for carried in _decode(data, each, found)]
    for payloads in found:
        left[payloads.row] = False
    return [payloads for payloads in found if len(payloads.row)], np.flatnonzero(left)


def _decode(data: Bytes, packets: Front, found: list[Payloads]) -> list[Front]:
    """Decode IP and add the payloads to *found*; what tunnels carry is given back."""
    carried = []
    for kind, read in ((IPV4, ipv4), (IPV6, ipv6)):
        places = np.flatnonzero(packets.kind == kind)
        if not len(places):
            continue
        chosen = packets if len(places) == len(packets.kind) else packets.taken(places)
        headers = read(data, chosen.begin)
        upper = transport(headers, chosen)
        payloads = _payloads(chosen, headers, upper)
        if upper.plain.all():
            found.append(payloads)
            continue
        found.append(payloads.taken(np.flatnonzero(upper.plain)))
        others = np.flatnonzero(headers.plain & ~upper.plain)
        others = others[_IS_TUNNEL[headers.protocol[others]]]
        if len(others):
            carried.append(inner(data, chosen.taken(others), headers.taken(others)))
    return carried


def _payloads(packets: Front, headers: Headers, upper: Transport) -> Payloads:
    """The payloads as columns, plain or not."""
    held = packets.held - packets.begin
    return Payloads(
        row=packets.row.astype(np.int32),
        ends=headers.ends,
        wide=headers.wide,
        kind=headers.ports << np.uint64(16) | headers.protocol << np.uint64(8) | np.uint64(headers.version),
        start=(packets.begin + np.minimum(upper.at, held)).astype(np.int32),
        length=np.minimum(np.maximum(held - upper.at, 0), upper.sent).astype(np.int32),
        wire_length=upper.sent.astype(np.int32),
        ttl=headers.ttl.astype(np.uint8),
        dscp=headers.dscp.astype(np.uint8),
        identification=headers.identification.astype(np.uint16),
        sequence=(headers.sequence * upper.tcp).astype(np.uint32),
        flags=(headers.control * upper.tcp).astype(np.uint8),
    )
