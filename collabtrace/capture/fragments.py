"""IP fragments put together (RFC 791 §3.2, RFC 8200 §4.5), in whatever order they come.

Where fragments overlap, the one that begins earlier keeps its bytes, and among those that begin at the same place
the one that came first: so Wireshark shows the packet. The first last fragment says how long the packet is.

Of a packet that never becomes whole its remains are kept: which fragments came, and how it begins.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import NamedTuple

from collabtrace.capture.cursor import Cursor, Fragment
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
MOST_REMAINS = 10_000
"""Packets that never became whole of which the remains are kept; the rest are counted."""
_MOST_FRAMES = 64
"""Frames that are kept of one packet."""
_HEAD = 4096
"""Bytes kept of the beginning of a packet that never became whole."""
_MOST_HEADS = 64 << 20
"""Bytes kept of the beginnings of all of them."""


class Remains(NamedTuple):
    """What came of one IP packet that never became whole."""

    source: bytes
    target: bytes
    protocol: int
    """Of what the packet carries."""
    ttl: int
    """IPv4 TTL or IPv6 hop limit of the fragment that came first."""
    time: int
    """Of the fragment that came first, in nanoseconds since the epoch."""
    last: int
    """Of the one that came last."""
    frames: tuple[int, ...]
    """Of the fragments as they came, so many as are kept."""
    fragments: int
    """Fragments that came, with those that came twice."""
    head: bytes
    """What the packet carries, from its beginning to the first hole; empty where the beginning is missing."""
    stretches: tuple[tuple[int, int], ...]
    """What came, from which byte to which, in order."""
    total: int | None
    """Bytes of all that the packet carries; None where the last fragment is missing."""
    cut: bool
    """Whether the capture kept only the beginning of a fragment."""


@dataclass(slots=True)
class _Waiting:
    """The fragments of one packet so far."""

    source: bytes
    target: bytes
    protocol: int
    ttl: int
    time: int
    last: int
    frames: list[int] = field(default_factory=list)
    cut: bool = False
    pieces: list[tuple[int, bytes]] = field(default_factory=list)
    begins: list[int] = field(default_factory=list)
    """Where the covered stretches begin, in order; no two of them touch."""
    ends: list[int] = field(default_factory=list)
    total: int | None = None
    """Bytes of the whole packet, once the last fragment is there."""
    cost: int = 0

    def add(self, offset: int, data: bytes, size: int, *, more: bool) -> None:
        """Take one fragment of *size* bytes; *data* is what the capture holds of it."""
        self.pieces.append((offset, data))
        self.cut |= len(data) < size
        self.cost += len(data) + _COST
        end = offset + size
        if not more and self.total is None:
            self.total = end
        first, last = bisect_left(self.ends, offset), bisect_right(self.begins, end)
        begin = min([offset, *self.begins[first:last]])
        end = max([end, *self.ends[first:last]])
        self.begins[first:last], self.ends[first:last] = [begin], [end]

    def is_complete(self) -> bool:
        """Whether all fragments came."""
        return self.total is not None and not self.begins[0] and self.ends[0] >= self.total

    def beginning(self) -> bytes:
        """The packet's bytes up to the first that is not there."""
        packet = bytearray()
        for offset, data in sorted(self.pieces, key=lambda piece: piece[0]):
            if offset > len(packet):
                break
            packet += data[len(packet) - offset :] if offset + len(data) > len(packet) else b""
        return bytes(packet[: self.total])

    def remains(self, most: int) -> Remains:
        """What came; no more than *most* bytes of it."""
        stretches = tuple(zip(self.begins, self.ends, strict=True))
        head, count = self.beginning()[:most], len(self.pieces)
        return Remains(self.source, self.target, self.protocol, self.ttl, self.time, self.last, tuple(self.frames),
                       count, head, stretches, self.total, self.cut)  # fmt: skip


class Fragments:
    """The IP packets of one file that wait for fragments."""

    def __init__(self) -> None:
        self.whole = 0
        """Packets put together."""
        self._waiting: dict[tuple[object, ...], _Waiting] = {}
        self._cost = 0
        self._done: dict[tuple[object, ...], None] = {}
        self._remains: list[Remains] = []
        self._heads = 0
        self._lost = 0
        """Packets that never became whole, those among them of which nothing is kept."""

    def add(self, packet: Cursor, fragment: Fragment, frame: int, time: int) -> bytes | None:
        """Take the fragment at the cursor; the payload of its packet if that is whole now. *time* in nanoseconds.

        A packet of which the capture cut a fragment is never whole.
        """
        waiting = self._waiting.get(fragment.key)
        if waiting and (abs(time - waiting.time) > TIMEOUT or len(waiting.pieces) == _MOST_PIECES):
            self._give_up(fragment.key)
            waiting = None
        if waiting is None:
            waiting = _Waiting(packet.source, packet.target, packet.protocol, packet.ttl, time, time)
            self._waiting[fragment.key] = waiting
        before = waiting.cost
        data = packet.data[packet.at : packet.end]
        waiting.add(fragment.offset, data, packet.end - packet.at, more=fragment.more)
        waiting.last = time
        if len(waiting.frames) < _MOST_FRAMES:
            waiting.frames.append(frame)
        self._cost += waiting.cost - before
        found = self._finish(fragment.key, waiting) if waiting.is_complete() else None
        while self._cost > MOST_BYTES:
            self._give_up(next(iter(self._waiting)))
        return found

    def remains(self) -> list[Remains]:
        """What came of the packets that lack fragments, of the first so many; asked at the end of the file."""
        for key in list(self._waiting):
            self._give_up(key)
        return self._remains

    def flaw(self) -> str | None:
        """What is missing at the end of the file."""
        lost = self.remains()
        if not lost:
            return None
        packets = "1 fragmented IP packet lacks" if self._lost == 1 else f"{self._lost} fragmented IP packets lack"
        return f"{packets} fragments, the first in frame {min(each.frames[0] for each in lost)}"

    def _finish(self, key: tuple[object, ...], waiting: _Waiting) -> bytes | None:
        self._forget(key)
        self._done[key] = None
        if len(self._done) > _REMEMBERED:
            del self._done[next(iter(self._done))]
        self.whole += 1
        return None if waiting.cut else waiting.beginning()

    def _give_up(self, key: tuple[object, ...]) -> None:
        waiting = self._forget(key)
        # What comes late, after the packet was whole, is a copy.
        if key in self._done:
            return
        self._lost += 1
        if len(self._remains) < MOST_REMAINS:
            remains = waiting.remains(min(_HEAD, _MOST_HEADS - self._heads))
            self._heads += len(remains.head)
            self._remains.append(remains)

    def _forget(self, key: tuple[object, ...]) -> _Waiting:
        waiting = self._waiting.pop(key)
        self._cost -= waiting.cost
        return waiting
