"""What stands in TCP streams after redaction, kept out of memory and found by sequence number.

So every segment gets the same bytes, however often and in whatever order it was sent and captured.
"""

from bisect import bisect_left, insort
from dataclasses import dataclass, field

from collabtrace.capture.packets import SYN
from collabtrace.sessions.texts import Texts

_SPACE = 1 << 32


@dataclass(slots=True)
class _Stream:
    """One direction of one connection: sequence number, length and place in the texts of each patch, in order."""

    patches: list[tuple[int, int, int]] = field(default_factory=list)
    longest: int = 0


class Generations:
    """Which of the connections that one after another use the same ports a segment is of."""

    def __init__(self) -> None:
        self._opened: dict[bytes, tuple[int, int]] = {}

    def of(self, key: bytes, sequence: int, flags: int) -> tuple[bytes, int]:
        """The connection of the segment; the segments come in the order of the file."""
        number, opened = self._opened.get(key, (0, -1))
        if flags & SYN and sequence != opened:
            number += opened >= 0
            self._opened[key] = number, sequence
        return key, number


class Patches:
    """The patches of one file."""

    def __init__(self) -> None:
        self._texts = Texts()
        self._streams: dict[tuple[bytes, int], _Stream] = {}

    def add(self, connection: tuple[bytes, int], position: int, data: bytes) -> None:
        """Put *data* where the stream has *position*."""
        if not data:
            return
        stream = self._streams.setdefault(connection, _Stream())
        insort(stream.patches, (position % _SPACE, len(data), self._texts.add(data)))
        stream.longest = max(stream.longest, len(data))

    def apply(self, connection: tuple[bytes, int], sequence: int, out: bytearray) -> bool:
        """Put what is known into the payload *out* of a segment; whether anything is."""
        stream = self._streams.get(connection)
        found = False
        if stream is not None:
            for turn in (0, _SPACE, -_SPACE):
                found |= self._apply(stream, sequence + turn, out)
        return found

    def _apply(self, stream: _Stream, sequence: int, out: bytearray) -> bool:
        found = False
        begin = bisect_left(stream.patches, (sequence - stream.longest,))
        for position, size, at in stream.patches[begin : bisect_left(stream.patches, (sequence + len(out),))]:
            skipped = max(sequence - position, 0)
            length = min(size - skipped, len(out) - max(position - sequence, 0))
            if length > 0:
                offset = max(position - sequence, 0)
                out[offset : offset + length] = self._texts.read(at + skipped, length)
                found = True
        return found

    def close(self) -> None:
        """Give the temporary space back."""
        self._texts.close()
