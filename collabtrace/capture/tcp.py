"""TCP streams put in order (RFC 9293), one for each directed flow.

Bytes come out in the order in which they were sent, each once, as pieces that keep the frame in which they were
captured first. A message is whole in the highest frame of its pieces. That is the frame in which Wireshark shows it;
where segments are swapped within a message, which Wireshark does not mend by default, it is the frame of the last
one to arrive.

Feed only flows that carry something of interest: a stream may be joined at any segment, and a flow that is not fed
costs nothing.

Positions are counted from the first segment seen and do not wrap, so that streams longer than 4 GiB keep their order.
"""

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import NamedTuple

from collabtrace.capture.packets import FIN, RST, SYN

WAITING_BYTES = 256 * 1024
"""Bytes of one flow that wait behind a hole before the hole is given up; a usual receive window and more."""
ALL_WAITING_BYTES = 16 * 1024 * 1024
"""Bytes that wait in all flows of a file together."""
OVERHEAD = 256
"""Bytes that a waiting segment costs beside its data."""
HALF = 1 << 31
"""Half of the sequence space: what lies further ahead is behind (RFC 9293 §3.4)."""
REACH = 1 << 24
"""A jump in the sequence further than this is taken for a new connection on the same ports, not for loss."""


class Piece(NamedTuple):
    """Bytes of a stream that follow those of the piece before."""

    frame: int
    """Where the bytes were captured first."""
    time: int
    """Nanoseconds since the epoch."""
    data: bytes
    gap_before: bool
    """Whether bytes are missing between the piece before and this one."""
    position: int = 0
    """Of the first byte; its low 32 bits are the sequence number."""


class _Segment(NamedTuple):
    """A segment that waits behind a hole; sorts by its place in the stream."""

    position: int
    frame: int
    time: int
    data: bytes
    end: int
    """Position behind the last byte that was sent; the capture may hold fewer."""


@dataclass(slots=True)
class _Stream:
    first: int
    """Position of the earliest byte known; what lies between it and ``next`` was handed out or given up."""
    next: int
    """Position of the byte expected next; the low 32 bits of a position are its sequence number."""
    opened: bool = False
    """Whether the SYN was seen, so that nothing can come before ``first``."""
    gap: bool = False
    """Whether bytes are missing before ``next``."""
    waiting: list[_Segment] = field(default_factory=list)
    waiting_bytes: int = 0


class TcpStreams:
    """The TCP streams of one file."""

    def __init__(self) -> None:
        """Begin without streams."""
        self._streams: dict[int, _Stream] = {}
        self._waiting_bytes = 0

    def feed(
        self, flow: int, frame: int, time: int, sequence: int, flags: int, data: bytes, wire_length: int
    ) -> list[Piece]:
        """Take one segment and give the pieces that are in order now.

        *data* is what the capture holds of the *wire_length* payload bytes that were sent.
        """
        stream = self._streams.get(flow)
        if (
            stream is not None
            and not stream.waiting
            and stream.next & 0xFFFFFFFF == sequence
            and not flags & (SYN | RST)
            and data
        ):
            gap, position = stream.gap, stream.next
            stream.next += wire_length
            stream.gap = len(data) < wire_length
            return [Piece(frame, time, data, gap, position)]
        return self._feed_oddly(flow, frame, time, sequence, flags, data, wire_length)

    def end(self, flow: int) -> list[Piece]:
        """Forget a flow and give what waited in it."""
        stream = self._streams.pop(flow, None)
        return [] if stream is None else self._give_up(stream, everything=True)

    def flush(self) -> list[tuple[int, Piece]]:
        """End all flows, at the end of the file; each piece comes with its flow."""
        return [(flow, piece) for flow in list(self._streams) for piece in self.end(flow)]

    def _feed_oddly(
        self, flow: int, frame: int, time: int, sequence: int, flags: int, data: bytes, wire_length: int
    ) -> list[Piece]:
        """Take a segment that is not simply the next one."""
        pieces: list[Piece] = []
        stream = self._streams.get(flow)
        if flags & SYN:
            sequence = sequence + 1 & 0xFFFFFFFF
            if stream is None or stream.first & 0xFFFFFFFF != sequence:
                pieces = self.end(flow)
                self._streams[flow] = _Stream(sequence, sequence, gap=stream is not None)
            stream = self._streams[flow]
            stream.opened = True
        if wire_length and not flags & RST:
            if stream is None:
                stream = self._streams[flow] = _Stream(sequence, sequence)
            pieces += self._place(stream, frame, time, sequence, data, wire_length)
        if stream is not None and flags & (FIN | RST):
            pieces += self._close(stream, sequence + wire_length, flags)
        return pieces

    def _place(
        self, stream: _Stream, frame: int, time: int, sequence: int, data: bytes, wire_length: int
    ) -> list[Piece]:
        pieces: list[Piece] = []
        position = stream.next + ((sequence - stream.next + HALF) & 0xFFFFFFFF) - HALF
        if position == stream.next - 1 and wire_length == 1:
            return pieces  # RFC 9293 §3.8.4: a keep-alive repeats the last byte, or makes one up.
        early = position < stream.first
        if abs(position - stream.next) > REACH or (early and stream.opened):
            pieces = self._give_up(stream, everything=True)
            stream.first = stream.next = position = sequence
            stream.opened, stream.gap = False, True
        elif early and position + wire_length <= stream.first:
            return self._before_the_first(stream, Piece(frame, time, data, True, position))
        self._wait(stream, _Segment(position, frame, time, data, position + wire_length))
        pieces += self._ready(stream)
        if stream.waiting_bytes > WAITING_BYTES or (stream.waiting and self._waiting_bytes > ALL_WAITING_BYTES):
            pieces += self._give_up(stream)
        return pieces

    @staticmethod
    def _before_the_first(stream: _Stream, piece: Piece) -> list[Piece]:
        """The capture began with swapped segments: the bytes stand alone, because what followed is handed out."""
        stream.first = piece.position
        stream.gap = True
        return [piece] if piece.data else []

    def _wait(self, stream: _Stream, segment: _Segment) -> None:
        if segment.end > stream.next:
            stream.waiting.insert(bisect_left(stream.waiting, segment), segment)
            stream.waiting_bytes += len(segment.data) + OVERHEAD
            self._waiting_bytes += len(segment.data) + OVERHEAD

    def _ready(self, stream: _Stream) -> list[Piece]:
        """The pieces that follow without a hole; overlaps keep the bytes that come first in the stream."""
        pieces: list[Piece] = []
        count = 0
        for position, frame, time, data, end in stream.waiting:
            if position > stream.next:
                break
            count += 1
            stream.waiting_bytes -= len(data) + OVERHEAD
            self._waiting_bytes -= len(data) + OVERHEAD
            if end <= stream.next:
                continue
            fresh = data[stream.next - position :]
            if fresh:
                pieces.append(Piece(frame, time, fresh, stream.gap, max(stream.next, position)))
            stream.gap = position + len(data) < end or (stream.gap and not fresh)
            stream.next = end
        del stream.waiting[:count]
        return pieces

    def _give_up(self, stream: _Stream, *, everything: bool = False) -> list[Piece]:
        """Skip the first hole, or every hole."""
        pieces: list[Piece] = []
        while stream.waiting:
            stream.gap = True
            stream.next = stream.waiting[0].position
            pieces += self._ready(stream)
            if not everything:
                break
        return pieces

    def _close(self, stream: _Stream, sequence: int, flags: int) -> list[Piece]:
        """Nothing fills a hole after a reset; a FIN in its place takes one number (RFC 9293 §3.10.7)."""
        if flags & RST:
            return self._give_up(stream, everything=True)
        if not stream.waiting and stream.next & 0xFFFFFFFF == sequence & 0xFFFFFFFF:
            stream.next += 1
        return []
