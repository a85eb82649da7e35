"""IP fragments put together (RFC 791 §3.2, RFC 8200 §4.5), in whatever order they come.

Where fragments overlap, the one that begins earlier keeps its bytes, and among those that begin at the same place
the one that came first: so Wireshark shows the packet. The first last fragment says how long the packet is.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field

from collabtrace.capture.cursor import Fragment
from collabtrace.capture.timestamps import SECOND

TIMEOUT = 60 * SECOND
"""How long fragments wait for the rest (RFC 8200 §4.5), in nanoseconds; then their identification is free again."""
MOST_BYTES = 16 << 20
"""Bytes of fragments that wait in a file together."""
_COST = 150
"""Bytes of memory for each fragment besides its own."""
_MOST_PIECES = 8192
"""Fragments of one packet: more do not fit into 65,535 bytes."""
_REMEMBERED = 4096
"""Packets put together whose identification is remembered, to know late copies of their fragments."""


@dataclass(slots=True)
class _Waiting:
    """The fragments of one packet so far."""

    frame: int
    """Of the first."""
    time: int
    pieces: list[tuple[int, bytes]] = field(default_factory=list)
    begins: list[int] = field(default_factory=list)
    """Where the covered stretches begin, in order; no two of them touch."""
    ends: list[int] = field(default_factory=list)
    total: int | None = None
    """Bytes of the whole packet, once the last fragment is there."""
    cost: int = 0

    def add(self, offset: int, data: bytes, *, more: bool) -> None:
        """Take one fragment."""
        self.pieces.append((offset, data))
        self.cost += len(data) + _COST
        end = offset + len(data)
        if not more and self.total is None:
            self.total = end
        first, last = bisect_left(self.ends, offset), bisect_right(self.begins, end)
        begin = min([offset, *self.begins[first:last]])
        end = max([end, *self.ends[first:last]])
        self.begins[first:last], self.ends[first:last] = [begin], [end]

    def whole(self) -> bytes | None:
        """The packet's bytes, once all are there."""
        if self.total is None or self.begins[0] or self.ends[0] < self.total:
            return None
        packet = bytearray()
        for offset, data in sorted(self.pieces, key=lambda piece: piece[0]):
            packet += data[len(packet) - offset :] if offset + len(data) > len(packet) else b""
        return bytes(packet[: self.total])


class Fragments:
    """The IP packets of one file that wait for fragments."""

    def __init__(self) -> None:
        self._waiting: dict[tuple[object, ...], _Waiting] = {}
        self._cost = 0
        self._done: dict[tuple[object, ...], None] = {}
        self._lost = 0
        self._first_lost = 0

    def add(self, fragment: Fragment, data: bytes, frame: int, time: int) -> bytes | None:
        """Take one fragment; the payload of its packet if that is whole now. *time* in nanoseconds."""
        waiting = self._waiting.get(fragment.key)
        if waiting and (abs(time - waiting.time) > TIMEOUT or len(waiting.pieces) == _MOST_PIECES):
            self._give_up(fragment.key)
            waiting = None
        if waiting is None:
            waiting = self._waiting[fragment.key] = _Waiting(frame, time)
        before = waiting.cost
        waiting.add(fragment.offset, data, more=fragment.more)
        self._cost += waiting.cost - before
        packet = waiting.whole()
        if packet is not None:
            self._forget(fragment.key)
            self._done[fragment.key] = None
            if len(self._done) > _REMEMBERED:
                del self._done[next(iter(self._done))]
        while self._cost > MOST_BYTES:
            self._give_up(next(iter(self._waiting)))
        return packet

    def flaw(self) -> str | None:
        """What is missing at the end of the file."""
        for key in list(self._waiting):
            self._give_up(key)
        if not self._lost:
            return None
        packets = "1 fragmented IP packet lacks" if self._lost == 1 else f"{self._lost} fragmented IP packets lack"
        return f"{packets} fragments, the first in frame {self._first_lost}"

    def _give_up(self, key: tuple[object, ...]) -> None:
        waiting = self._forget(key)
        # What comes late, after the packet was whole, is a copy.
        if key not in self._done:
            self._lost += 1
            self._first_lost = min(self._first_lost or waiting.frame, waiting.frame)

    def _forget(self, key: tuple[object, ...]) -> _Waiting:
        waiting = self._waiting.pop(key)
        self._cost -= waiting.cost
        return waiting
