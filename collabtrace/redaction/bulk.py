"""All packets of a chunk: those of RTP in usual frames many at a time, all others one by one."""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from collabtrace.capture.gather import words
from collabtrace.capture.link_columns import IPV4, IPV6, front
from collabtrace.capture.network_columns import Headers, ipv4, ipv6, transport
from collabtrace.capture.records import Records
from collabtrace.redaction.blocks import Batch
from collabtrace.redaction.packet import PacketWriter
from collabtrace.redaction.text import Text
from collabtrace.sessions.detection import RTCP_TYPES, SERVICES

Rows: TypeAlias = NDArray[np.int64]
_ETHERNET, _UDP, _RTP_HEADER = 1, 17, 12
_SHORTEST = 8
"""Bytes of payload of a packet that cannot be a telephone-event, and so be written with the others."""
_ONES = 0xFFFF
_STEP = 1 << 14


class BulkWriter:
    """Rewrites the packets of batches where they are."""

    def __init__(self, packets: PacketWriter, text: Text) -> None:
        self._packets, self._addresses = packets, text.addresses
        self._services = np.zeros(1 << 16, np.bool_)
        self._services[list(SERVICES)] = True

    def rewrite(self, batch: Batch) -> None:
        """Write all packets of the batch."""
        for begin in range(0, len(batch.packets), _STEP):
            self._some(batch, begin)

    def _some(self, batch: Batch, begin: int) -> None:
        chosen = batch.packets[begin : begin + _STEP]
        start, captured, wire, link = np.array(chosen, np.int64).reshape(-1, 4).T
        records = Records(batch.data, 0, start, captured, wire, start, link.astype(np.int32))
        done = np.zeros(len(chosen), np.bool_)
        # Numpy reads headers without looking where a packet ends, and the margin is all there is behind the last.
        self._media(records, done)
        view = batch.data.data
        for row in np.flatnonzero(~done).tolist():
            packet = chosen[row]
            end = packet.start + packet.captured
            view[packet.start : end] = self._packets.rewrite(bytes(view[packet.start : end]), packet.wire, packet.link)

    def _media(self, records: Records, done: NDArray[np.bool_]) -> None:
        """Write the RTP of whole packets on Ethernet, and say which rows are done."""
        packets = front(records)
        for kind, read, change in ((IPV4, ipv4, self._addresses.ipv4), (IPV6, ipv6, self._addresses.ipv6)):
            places = np.flatnonzero((packets.kind == kind) & (records.link == _ETHERNET))
            if not len(places):
                continue
            some = packets.taken(places)
            headers = read(records.buffer, some.begin)
            upper = transport(headers, some)
            payload = some.begin + upper.at
            behind = some.begin + headers.total
            plain = upper.plain & ~upper.tcp & (headers.protocol == _UDP) & (upper.sent >= _RTP_HEADER + _SHORTEST)
            plain &= (payload + upper.sent == behind) & (behind == some.held)
            plain &= self._is_rtp(records.buffer, headers, payload)
            rows = np.flatnonzero(plain)
            if len(rows):
                where = _Places(start=records.start[some.row[rows]], begin=some.begin[rows], payload=payload[rows],
                                end=behind[rows], six=kind == IPV6)  # fmt: skip
                self._write(records.buffer, where, change)
                done[some.row[rows]] = True

    def _is_rtp(self, data: NDArray[np.uint8], headers: Headers, payload: Rows) -> NDArray[np.bool_]:
        """Plain RTP without contributing sources, extension and padding."""
        service = self._services[(headers.ports >> np.uint64(16)).astype(np.int64) & _ONES]
        service |= self._services[headers.ports.astype(np.int64) & _ONES]
        return np.asarray((data[payload] == 0x80) & ~RTCP_TYPES[data[payload + 1]] & ~service, np.bool_)

    def _write(self, data: NDArray[np.uint8], where: "_Places", change: Callable[[bytes], bytes]) -> None:
        size = 16 if where.six else 4
        ends = where.begin + (8 if where.six else 12)
        before = _sums(data, ends, ends + 2 * size)
        carried = _sums(data, where.payload + _RTP_HEADER, where.end)
        for at in (0, 6):
            _replace(data, where.start + at, 6, self._addresses.mac)
        for at in (0, size):
            _replace(data, ends + at, size, change)
        step = before - _sums(data, ends, ends + 2 * size)
        _zero(data, where.payload + _RTP_HEADER, where.end)
        if not where.six:
            _mend(data, where.begin + 10, step, absent=False)
        # The payload begins at an even distance from the UDP header, as the checksum counts.
        _mend(data, where.payload - 2, step + carried, absent=True)


class _Places:
    """Where the parts of some packets are."""

    __slots__ = ("begin", "end", "payload", "six", "start")

    def __init__(self, *, start: Rows, begin: Rows, payload: Rows, end: Rows, six: bool) -> None:
        self.start, self.begin, self.payload, self.end, self.six = start, begin, payload, end, six


def _replace(data: NDArray[np.uint8], at: Rows, size: int, change: Callable[[bytes], bytes]) -> None:
    """Replace the *size* bytes at each place; few of them differ."""
    found, which = distinct(data, at, size)
    _places(data, size)[at] = np.frombuffer(b"".join(map(change, found)), f"V{size}")[which]


def distinct(data: NDArray[np.uint8], at: Rows, size: int) -> tuple[list[bytes], Rows]:
    """The pieces of *size* bytes at some places, each once, and which of them stands at each place."""
    which = np.zeros(len(at), np.int64)
    # Numbers of 64 bits are sorted far faster than longer pieces; so addresses are numbered part by part.
    for part in range(0, size, 8):
        count = min(size - part, 8)
        octets = words(data, at + part, count, "u1").astype(np.uint64)
        number = octets[0]
        for octet in octets[1:]:
            number = number << np.uint64(8) | octet
        _, inner = np.unique(number, return_inverse=True)
        _, which = np.unique(which * (int(inner.max()) + 1) + inner, return_inverse=True)
    first = np.zeros(int(which.max()) + 1, np.int64)
    first[which] = at
    return [data[each : each + size].tobytes() for each in first.tolist()], which


def _places(data: NDArray[np.uint8], size: int) -> NDArray[np.void]:
    """The *size* bytes from every place of the chunk on."""
    return np.ndarray(len(data) - size + 1, f"V{size}", data.data, strides=(1,))


def _sums(data: NDArray[np.uint8], begin: Rows, end: Rows) -> Rows:
    """The sum of the 16-bit words of each stretch; a last odd octet is followed by a zero."""
    sizes, sums = end - begin, np.zeros(len(begin), np.int64)
    for size in np.unique(sizes).tolist():
        rows = np.flatnonzero(sizes == size)
        if size > 1:
            sums[rows] = words(data, begin[rows], size // 2, ">u2").sum(axis=0, dtype=np.int64)
        if size % 2:
            sums[rows] += data[end[rows] - 1].astype(np.int64) << 8
    return sums


def _zero(data: NDArray[np.uint8], begin: Rows, end: Rows) -> None:
    sizes = end - begin
    for size in np.unique(sizes).tolist():
        _places(data, size)[begin[sizes == size]] = np.void(size)


def _mend(data: NDArray[np.uint8], at: Rows, change: Rows, *, absent: bool) -> None:
    """What ``checksums.mend`` does; *change* is how much less the sum of what is covered is now."""
    before = words(data, at, 1, ">u2")[0].astype(np.int64)
    after = (before + change) % _ONES
    after[after == 0] = _ONES if absent else 0
    after = np.where((change % _ONES == 0) | (absent & (before == 0)), before, after)
    data[at], data[at + 1] = after >> 8, after & 0xFF
