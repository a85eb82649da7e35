"""The RTP packets of one file, kept as columns: 21 bytes a packet, so that loss and jitter can be exact.

RTP comes before anybody knows whether it is RTP and what its clock is; both are settled once the SDP of the whole
file has been read. Until then each packet that looks like RTP belongs to a *source*: one SSRC in one flow.
Every chunk is kept sorted by source, so that the packets of a few sources can be taken out without touching the rest.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from collabtrace.capture.packets import Packets
from collabtrace.protocols import rtp

MAX_SOURCES = 256
"""SSRCs of one flow that are kept apart; ciphertext that looks like RTP has a new one in every packet."""
EVENT_BYTES = 4
"""Length of a payload that may be a telephone-event (RFC 4733 §2.3) and is kept itself."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Packets, sorted by source and within it in the order of arrival; all columns but the first two are as long."""

    sources: NDArray[np.int32]
    """The sources that have packets here, ascending."""
    bounds: NDArray[np.int64]
    """Where the packets of each source begin, and at the end their number."""
    time: NDArray[np.int64]
    """Nanoseconds since the epoch."""
    frame: NDArray[np.uint32]
    sequence: NDArray[np.uint16]
    timestamp: NDArray[np.uint32]
    mark: NDArray[np.uint8]
    """Marker bit and payload type, as the second byte of the header has them."""
    length: NDArray[np.uint16]
    """Payload bytes on the wire."""

    def __len__(self) -> int:
        return len(self.time)

    def counts(self) -> NDArray[np.int64]:
        """Packets of each source."""
        return np.diff(self.bounds)


PACKET_COLUMNS = ("time", "frame", "sequence", "timestamp", "mark", "length")


@dataclass(frozen=True, slots=True)
class Events:
    """Payloads of four bytes, which are telephone-events where the SDP says so."""

    source: NDArray[np.int32]
    time: NDArray[np.int64]
    frame: NDArray[np.uint32]
    timestamp: NDArray[np.uint32]
    mark: NDArray[np.uint8]
    payload: NDArray[np.uint32]


@dataclass(slots=True)
class MediaPackets:
    """All packets of one file that look like RTP; a column per source, and the packets chunk by chunk."""

    flow: list[int] = field(default_factory=list)
    """The flow of each source."""
    ssrc: list[int] = field(default_factory=list)
    ttl: list[int] = field(default_factory=list)
    """Of the first packet."""
    dscp: list[int] = field(default_factory=list)
    """Of the first packet."""
    chunks: list[Columns] = field(default_factory=list)
    events: list[Events] = field(default_factory=list)
    second_copies: int = 0
    """Packets that were left out because they are a second copy of an earlier one (SPAN)."""
    _number: dict[tuple[int, int], int] = field(default_factory=dict)
    _usual_ssrc: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    """Of each flow, the SSRC that came last; -1 where none did."""
    _usual_source: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, dtype=np.int32))
    _crowd: dict[int, int] = field(default_factory=dict)
    """SSRCs of each flow that has several."""

    def __len__(self) -> int:
        return len(self.flow)

    def add(self, packets: Packets, rows: NDArray[np.int64]) -> None:
        """Keep the packets of the given *rows*, which look like RTP; those whose header does not fit are left out."""
        copies = packets.duplicate[rows]
        if copies.any():
            self.second_copies += int(copies.sum())
            rows = rows[~copies]
        if not len(rows):
            return
        header = rtp.columns(packets.buffer, packets.start[rows], packets.length[rows], packets.wire_length[rows])
        wire = packets.wire_length[rows]
        source = self._sources(packets, rows, header["ssrc"].astype(np.int64))
        keep = (header["payload_offset"] <= wire) & (source >= 0)
        if not keep.all():
            rows, wire, source = rows[keep], wire[keep], source[keep]
            header = {name: column[keep] for name, column in header.items()}
        if len(rows):
            self._keep(packets, rows, header, source)

    def _sources(self, packets: Packets, rows: NDArray[np.int64], ssrc: NDArray[np.int64]) -> NDArray[np.int32]:
        """The source of each packet, or -1 for one too many in its flow; new sources are numbered."""
        flow = packets.flow[rows]
        self._grow(int(flow.max()) + 1)
        odd = np.flatnonzero(self._usual_ssrc[flow] != ssrc)
        fresh = odd[self._usual_ssrc[flow[odd]] < 0]
        if len(fresh):
            first = _first_of_each(flow[fresh], fresh)
            self._usual_ssrc[flow[first]] = ssrc[first]
            self._usual_source[flow[first]] = self._open(packets, rows[first], ssrc[first])
            odd = odd[self._usual_ssrc[flow[odd]] != ssrc[odd]]
        source = self._usual_source[flow]
        if len(odd):
            keys = flow[odd].astype(np.int64) << 32 | ssrc[odd]
            _, first, which = np.unique(keys, return_index=True, return_inverse=True)
            source[odd] = self._open(packets, rows[odd[first]], ssrc[odd[first]])[which.ravel()]
            known = odd[source[odd] >= 0]
            self._usual_ssrc[flow[known]] = ssrc[known]
            self._usual_source[flow[known]] = source[known]
        return source

    def _grow(self, flows: int) -> None:
        missing = flows - len(self._usual_ssrc)
        if missing > 0:
            room = missing + len(self._usual_ssrc) // 2
            self._usual_ssrc = np.concatenate([self._usual_ssrc, np.full(room, -1, dtype=np.int64)])
            self._usual_source = np.concatenate([self._usual_source, np.full(room, -1, dtype=np.int32)])

    def _open(self, packets: Packets, rows: NDArray[np.int64], ssrcs: NDArray[np.int64]) -> NDArray[np.int32]:
        """The number of the source of each of these packets, one packet a source."""
        numbers = np.empty(len(rows), dtype=np.int32)
        for at, (row, ssrc) in enumerate(zip(rows.tolist(), ssrcs.tolist(), strict=True)):
            flow = int(packets.flow[row])
            number = self._number.get((flow, ssrc))
            if number is None:
                number = self._new(flow, ssrc, int(packets.ttl[row]), int(packets.dscp[row]))
            numbers[at] = number
        return numbers

    def _new(self, flow: int, ssrc: int, ttl: int, dscp: int) -> int:
        crowd = self._crowd.get(flow, 0)
        if crowd == MAX_SOURCES:
            return -1
        self._crowd[flow] = crowd + 1
        number = self._number[flow, ssrc] = len(self.flow)
        self.flow.append(flow)
        self.ssrc.append(ssrc)
        self.ttl.append(ttl)
        self.dscp.append(dscp)
        return number

    def _keep(
        self, packets: Packets, rows: NDArray[np.int64], header: dict[str, NDArray[Any]], source: NDArray[np.int32]
    ) -> None:
        """Store the packets, sorted by source."""
        length = header["payload_length"]
        refused = length < 0
        if refused.any():
            # The padding of SRTP is encrypted with the payload: its count means nothing (RFC 3711 §3.1).
            length = np.where(refused, packets.wire_length[rows] - header["payload_offset"], length)
        columns = {
            "time": packets.time[rows],
            "frame": packets.frame[rows].astype(np.uint32),
            "sequence": header["sequence"],
            "timestamp": header["timestamp"],
            "mark": header["payload_type"] | header["marker"].astype(np.uint8) << 7,
            "length": np.minimum(length, 0xFFFF).astype(np.uint16),
        }
        self._keep_events(packets, rows, header["payload_offset"], source, columns)
        self.chunks.append(_sorted(source, columns))

    def _keep_events(
        self,
        packets: Packets,
        rows: NDArray[np.int64],
        offset: NDArray[np.int32],
        source: NDArray[np.int32],
        columns: dict[str, NDArray[Any]],
    ) -> None:
        held = packets.length[rows] >= offset + EVENT_BYTES
        at = np.flatnonzero((columns["length"] == EVENT_BYTES) & held)
        if len(at):
            payload = rtp.heads(packets.buffer, packets.start[rows[at]] + offset[at], EVENT_BYTES)
            named = {name: columns[name][at] for name in ("time", "frame", "timestamp", "mark")}
            words = np.ascontiguousarray(payload).view(">u4")[:, 0].astype(np.uint32)
            self.events.append(Events(source=source[at], payload=words, **named))

    def packets(self) -> NDArray[np.int64]:
        """Packets of each source."""
        counts = np.zeros(len(self), dtype=np.int64)
        for chunk in self.chunks:
            counts[chunk.sources] += chunk.counts()
        return counts

    def take(self, first: int, last: int) -> Columns:
        """The packets of the sources *first* to *last* (not included) from all chunks."""
        parts, sources = [], []
        for chunk in self.chunks:
            low, high = np.searchsorted(chunk.sources, (first, last)).tolist()
            if low < high:
                span = slice(int(chunk.bounds[low]), int(chunk.bounds[high]))
                parts.append({name: getattr(chunk, name)[span] for name in PACKET_COLUMNS})
                sources.append(np.repeat(chunk.sources[low:high], np.diff(chunk.bounds[low : high + 1])))
        if not parts:
            return _sorted(np.empty(0, dtype=np.int32), {name: np.empty(0, dtype=np.int64) for name in PACKET_COLUMNS})
        columns = {name: np.concatenate([part[name] for part in parts]) for name in PACKET_COLUMNS}
        return _sorted(np.concatenate(sources), columns)

    def groups(self, size: int, sources: int) -> Iterator[Columns]:
        """All packets, at most *sources* at a time with about *size* packets, or with more where one alone has more."""
        ends = np.cumsum(self.packets())
        first = 0
        while first < len(self):
            done = int(ends[first - 1]) if first else 0
            last = int(np.searchsorted(ends, done + size, side="right"))
            last = min(max(last, first + 1), first + sources)
            yield self.take(first, last)
            first = last


def _first_of_each(flow: NDArray[np.int32], rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Of the *rows* (ascending) with their *flow*, the first of each flow."""
    first = np.empty(int(flow.max()) + 1, dtype=np.int64)
    first[flow[::-1]] = rows[::-1]
    begins: NDArray[np.int64] = rows[first[flow] == rows]
    return begins


def _sorted(source: NDArray[np.int32], columns: dict[str, NDArray[Any]]) -> Columns:
    """The packets sorted by source; within it they stay in order."""
    rising = len(source) < 2 or bool((source[1:] >= source[:-1]).all())
    if not rising:
        low = int(source.min())
        narrow = int(source.max()) - low < 0x10000
        # numpy sorts 16-bit numbers by radix, ten times as fast as wider ones.
        order = np.argsort((source - low).astype(np.uint16) if narrow else source, kind="stable")
        source = source[order]
        columns = {name: column[order] for name, column in columns.items()}
    begins = np.flatnonzero(np.diff(source, prepend=-1)) if len(source) else np.empty(0, dtype=np.int64)
    return Columns(sources=source[begins], bounds=np.append(begins, len(source)), **columns)
