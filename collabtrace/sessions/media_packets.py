"""The RTP packets of one file, kept as columns: 21 bytes a packet, so that loss and jitter can be exact.

RTP comes before anybody knows whether it is RTP and what its clock is; both are settled once the SDP of the whole
file has been read. Every chunk is kept sorted by source, so that the packets of a few sources can be taken out
without touching the rest.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from collabtrace.capture.packets import Flows, Packets
from collabtrace.protocols import rtp, telephone_event
from collabtrace.schema import Stream
from collabtrace.sessions.markings import Markings
from collabtrace.sessions.sources import Sources

EVENT_BYTES = telephone_event.PAYLOAD.size
"""Length of a payload that may be a telephone-event, and is kept itself."""

Header: TypeAlias = dict[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Columns:
    """Packets, sorted by source and within it in the order of arrival; all columns but the first two are as long."""

    sources: NDArray[np.int32]
    """The sources that have packets here, ascending; each once unless they were ``cut``."""
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

    def cut(self, at: NDArray[np.int64]) -> "Columns":
        """The same packets with a new beginning at each of the positions *at*: sources in several pieces."""
        bounds = np.union1d(self.bounds, at)
        sources = self.sources[np.searchsorted(self.bounds, bounds[:-1], side="right") - 1]
        return replace(self, sources=sources, bounds=bounds)

    def of(self, sources: set[int]) -> "Columns":
        """The packets of *sources* alone."""
        chosen = np.array([source in sources for source in self.sources.tolist()], dtype=np.bool_)
        packets = np.repeat(chosen, self.counts())
        bounds = np.concatenate([[0], np.cumsum(self.counts()[chosen])])
        columns = {name: getattr(self, name)[packets] for name in PACKET_COLUMNS}
        return Columns(sources=self.sources[chosen], bounds=bounds, **columns)

    def between(self, first: int, last: int) -> "Columns":
        """The packets from frame *first* to frame *last*, where there is a single source."""
        chosen = (self.frame >= first) & (self.frame <= last)
        columns = {name: getattr(self, name)[chosen] for name in PACKET_COLUMNS}
        return Columns(sources=self.sources[:1], bounds=np.array([0, np.count_nonzero(chosen)]), **columns)


PACKET_COLUMNS = ("time", "frame", "sequence", "timestamp", "mark", "length")


@dataclass(frozen=True, slots=True)
class Events:
    """Payloads of four bytes, which are telephone-events where the SDP says so; in the order of arrival."""

    source: NDArray[np.int32]
    time: NDArray[np.int64]
    frame: NDArray[np.uint32]
    timestamp: NDArray[np.uint32]
    mark: NDArray[np.uint8]
    payload: NDArray[np.uint32]
    """As ``telephone_event.parse`` reads it, big-endian."""


@dataclass(slots=True)
class MediaPackets:
    """All packets of one file that look like RTP."""

    sources: Sources = field(default_factory=Sources)
    markings: Markings = field(default_factory=Markings)
    chunks: list[Columns] = field(default_factory=list)
    events: list[Events] = field(default_factory=list)
    second_copies: int = 0
    """Packets that were left out because they are a second copy of an earlier one (SPAN)."""

    def add(self, packets: Packets, rows: NDArray[np.int64]) -> None:
        """Keep the packets of the given *rows*, which look like RTP; those whose header does not fit are left out."""
        copies = packets.duplicate[rows]
        if copies.any():
            self.second_copies += int(copies.sum())
            rows = rows[~copies]
        if not len(rows):
            return
        header = rtp.columns(packets.buffer, packets.start[rows], packets.length[rows], packets.wire_length[rows])
        rows, header = _only(header["payload_offset"] <= packets.wire_length[rows], rows, header)
        if not len(rows):
            return
        source = self.sources.number(packets, rows, header["ssrc"])
        known = source >= 0
        rows, header = _only(known, rows, header)
        if len(rows):
            self._keep(packets, rows, header, source[known])

    def _keep(self, packets: Packets, rows: NDArray[np.int64], header: Header, source: NDArray[np.int32]) -> None:
        """Store the packets, sorted by source."""
        self.markings.add(source, packets.dscp[rows])
        length = header["payload_length"]
        if int(length.min()) < 0:
            # The padding of SRTP is encrypted with the payload: its count means nothing (RFC 3711 §3.1).
            length = np.where(length < 0, packets.wire_length[rows] - header["payload_offset"], length)
        columns = {
            "time": packets.time[rows],
            "frame": packets.frame[rows].astype(np.uint32),
            "sequence": header["sequence"],
            "timestamp": header["timestamp"],
            "mark": header["payload_type"] | header["marker"].astype(np.uint8) << 7,
            "length": np.minimum(length, 0xFFFF).astype(np.uint16),
        }
        held = packets.length[rows] >= header["payload_offset"] + EVENT_BYTES
        events = np.flatnonzero((columns["length"] == EVENT_BYTES) & held)
        if len(events):
            starts = packets.start[rows[events]] + header["payload_offset"][events]
            payload = np.ascontiguousarray(rtp.heads(packets.buffer, starts, EVENT_BYTES)).view(">u4")[:, 0]
            told = {name: columns[name][events] for name in ("time", "frame", "timestamp", "mark")}
            self.events.append(Events(source=source[events], payload=payload.astype(np.uint32), **told))
        self.chunks.append(_sorted(source, columns))

    def counts(self) -> NDArray[np.int64]:
        """Packets of each source."""
        counts = np.zeros(len(self.sources), dtype=np.int64)
        for chunk in self.chunks:
            counts[chunk.sources] += chunk.counts()
        return counts

    def last_times(self) -> NDArray[np.int64]:
        """When the last packet of each source came, in nanoseconds since the epoch."""
        times = np.zeros(len(self.sources), dtype=np.int64)
        for chunk in self.chunks:
            times[chunk.sources] = chunk.time[chunk.bounds[1:] - 1]
        return times

    def take(self, first: int, last: int) -> Columns:
        """The packets of the sources *first* to *last* (not included) from all chunks."""
        parts: list[Header] = []
        sources: list[NDArray[np.int32]] = []
        # Of the same type as the sources: else each chunk's would be converted to be searched.
        ends = np.array((first, last), np.int32)
        for chunk in self.chunks:
            low, high = chunk.sources.searchsorted(ends).tolist()
            if low < high:
                span = slice(int(chunk.bounds[low]), int(chunk.bounds[high]))
                parts.append({name: getattr(chunk, name)[span] for name in PACKET_COLUMNS})
                sources.append(np.repeat(chunk.sources[low:high], np.diff(chunk.bounds[low : high + 1])))
        columns = {name: np.concatenate([part[name] for part in parts]) for name in PACKET_COLUMNS}
        return _sorted(np.concatenate(sources), columns)

    def of_stream(self, flows: Flows, stream: Stream) -> Columns:
        """The packets of one stream of the table."""
        ends = (stream.source, stream.source_port, stream.target, stream.target_port)
        source = self.sources.find(flows, ends, int(stream.ssrc, 16))
        return self.take(source, source + 1).between(stream.first_frame, stream.last_frame)

    def groups(self, size: int, sources: int) -> Iterator[Columns]:
        """All packets, at most *sources* at a time with about *size* packets, or with more where one alone has more."""
        ends = np.cumsum(self.counts())
        first = 0
        while first < len(ends):
            done = int(ends[first - 1]) if first else 0
            last = int(np.searchsorted(ends, done + size, side="right"))
            last = min(max(last, first + 1), first + sources)
            yield self.take(first, last)
            first = last


def _only(chosen: NDArray[np.bool_], rows: NDArray[np.int64], header: Header) -> tuple[NDArray[np.int64], Header]:
    if chosen.all():
        return rows, header
    return rows[chosen], {name: column[chosen] for name, column in header.items()}


def _sorted(source: NDArray[np.int32], columns: Header) -> Columns:
    """The packets sorted by source; within it they stay in order."""
    if (source[1:] < source[:-1]).any():
        low = int(source.min())
        narrow = int(source.max()) - low < 1 << 16
        # numpy sorts 16-bit numbers by radix, many times as fast as wider ones.
        order = np.argsort((source - low).astype(np.uint16) if narrow else source, kind="stable")
        source = source[order]
        columns = {name: column[order] for name, column in columns.items()}
    begins = np.flatnonzero(np.diff(source, prepend=-1))
    return Columns(sources=source[begins], bounds=np.append(begins, len(source)), **columns)
