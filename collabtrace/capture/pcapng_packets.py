"""Packets of pcapng files (draft-ietf-opsawg-pcapng §4.3, §4.4 and the obsolete packet block), many at a time."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from collabtrace.capture.gather import words
from collabtrace.capture.pcapng_options import number, options
from collabtrace.capture.pcapng_section import ENHANCED, INTERFACE, OBSOLETE, SIMPLE, Section
from collabtrace.capture.records import LARGEST_PACKET, Damage
from collabtrace.capture.timestamps import NO_TIME

_HEADER, _SIMPLE_HEADER, _END = 28, 12, 4
"""Bytes of a packet block before its packet, of a simple one, and of the length at the end of both."""
_SMALLEST_INTERFACE = 20
"""Bytes of an interface description without options."""
_DROPPED = 4
"""The option epb_dropcount."""
_FLAGS_HEADER = {"<": 2 | 4 << 16, ">": 2 << 16 | 4}
"""Code and length of the option epb_flags as one word."""
_FLAGS_LENGTH = 12
"""Bytes of that option and the end of options."""
_UNKNOWN_DROPS = 0xFFFF


class Batch(NamedTuple):
    """Packets that were read together; all columns have the same length."""

    start: NDArray[np.int64]
    captured: NDArray[np.int64]
    wire: NDArray[np.int64]
    time: NDArray[np.int64]
    """Nanoseconds since the epoch, or ``NO_TIME``."""
    link: NDArray[np.int32]


class Blocks:
    """Blocks of one section that stand one behind another in a chunk."""

    def __init__(self, data: NDArray[np.uint8], at: NDArray[np.int64], section: Section) -> None:
        """Take the blocks that begin at *at*."""
        self.damage: Damage | None = None
        """What ends the blocks before the last of *at*."""
        self._data, self._at, self._section = data, at, section
        self._words = words(data, at, _HEADER // 4, f"{section.order}u4").astype(np.int64)
        """The seven words of an enhanced packet block's header, one row each."""

    def read(self, first_frame: int) -> Batch:
        """The packets of the blocks, the first of which has the number *first_frame*."""
        length = self._words[1].copy()
        self._words[1] = length + 3 & ~3
        self._cut(self._read_words(self._at + self._words[1] - _END) != length, "the lengths at its two ends differ")
        too_short = (self._words[0] == INTERFACE) & (self._words[1] < _SMALLEST_INTERFACE)
        self._cut(too_short, "no interface description is so short")
        self._read_others()
        self._even_out()
        self._check()
        self._read_options(first_frame)
        return self._batch()

    def _read_others(self) -> None:
        """Read the blocks that are no packets, and keep those that are."""
        kinds = self._words[0]
        packets = (kinds == ENHANCED) | (kinds == OBSOLETE) | (kinds == SIMPLE)
        if packets.all():
            return
        for row in np.flatnonzero(~packets).tolist():
            at, total = int(self._at[row]), int(self._words[1, row])
            self._section.read(int(kinds[row]), self._data[at + 8 : at + total - _END].tobytes())
        self._at, self._words = self._at[packets], self._words[:, packets]

    def _even_out(self) -> None:
        """Give the rarer packet blocks the words of enhanced ones."""
        kinds, total, interface, _, _, captured, wire = self._words
        obsolete, simple = np.flatnonzero(kinds == OBSOLETE), np.flatnonzero(kinds == SIMPLE)
        if len(obsolete):
            halves = interface[obsolete] & 0xFFFF, interface[obsolete] >> 16
            interface[obsolete], drops = halves if self._section.order == "<" else halves[::-1]
            for row in np.flatnonzero(drops != _UNKNOWN_DROPS).tolist():
                self._section.missed(int(interface[obsolete[row]]), int(drops[row]))
        if len(simple):
            noted = self._section.interface(0)
            limit = noted.snaplen if noted and noted.snaplen else LARGEST_PACKET + 1
            wire[simple], interface[simple] = interface[simple], 0
            captured[simple] = np.minimum(np.minimum(wire[simple], total[simple] - _SIMPLE_HEADER - _END), limit)

    def _check(self) -> None:
        """Find the first packet block that cannot be one."""
        room = self._words[1] - _END - self._begin()
        self._cut(self._words[5] > room, "its packet is longer than the block")
        self._cut(self._words[5] > LARGEST_PACKET, f"no packet has more than {LARGEST_PACKET} bytes")
        self._cut(self._words[2] >= self._section.interfaces(), "its interface is not described")

    def _begin(self) -> NDArray[np.int64]:
        """Position of the packet in each block."""
        return np.where(self._words[0] == SIMPLE, _SIMPLE_HEADER, _HEADER)

    def _read_options(self, first_frame: int) -> None:
        """Read comments and drop counts where blocks have room for them."""
        kinds, total, interface, _, _, captured, _ = self._words
        begin, end = self._at + _HEADER + (captured + 3 & ~3), self._at + total - _END
        rows = np.flatnonzero((end - begin > _END) & (kinds != SIMPLE))
        if not len(rows):
            return
        order = self._section.order
        # Whole files carry the direction of every packet and nothing else.
        flags_only = (self._read_words(begin[rows]) == _FLAGS_HEADER[order]) & (
            end[rows] - begin[rows] <= _FLAGS_LENGTH
        )
        for row in rows[~flags_only].tolist():
            data = self._data[begin[row] : end[row]].tobytes()
            self._section.comments(data, f"frame {first_frame + row}: ")
            for code, value in options(data, order):
                if code == _DROPPED:
                    self._section.missed(int(interface[row]), number(value, order) or 0)

    def _batch(self) -> Batch:
        kinds, _, interface, high, low, captured, wire = self._words
        time = self._section.times(high.astype(np.uint64) << np.uint64(32) | low.astype(np.uint64), interface)
        return Batch(
            start=self._at + self._begin(),
            captured=captured,
            wire=np.maximum(wire, captured),
            time=np.where(kinds == SIMPLE, NO_TIME, time),
            link=self._section.link_types(interface),
        )

    def _cut(self, damaged: NDArray[np.bool_], why: str) -> None:
        """Keep only the blocks before the first damaged one."""
        if damaged.any():
            first = int(damaged.argmax())
            self.damage = Damage(int(self._at[first]), why)
            self._at, self._words = self._at[:first], self._words[:, :first]

    def _read_words(self, at: NDArray[np.int64]) -> NDArray[np.int64]:
        """The 32-bit words at any positions of the chunk."""
        (word,) = words(self._data, at, 1, f"{self._section.order}u4").astype(np.int64)
        return np.asarray(word, np.int64)
