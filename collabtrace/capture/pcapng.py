"""pcapng files (draft-ietf-opsawg-pcapng): blocks in sections, each section with its byte order and interfaces.

Blocks that say nothing about packets or interfaces are skipped, whatever their type and length.
Reading stops, with a flaw, where Wireshark stops: behind a damaged block nothing tells where the next one begins.
"""

import struct
from collections.abc import Iterator
from functools import partial

import numpy as np
from numpy.typing import NDArray

from collabtrace.capture.chunks import Chunks
from collabtrace.capture.pcapng_packets import Batch, Blocks
from collabtrace.capture.pcapng_section import ENHANCED, SECTION, Section, byte_order
from collabtrace.capture.records import Damage, Notes, Records
from collabtrace.capture.timestamps import NO_TIME
from collabtrace.capture.walk import Layout, stride, walk

_LARGEST_BLOCK = 16 << 20
"""Bytes of a block that is read; larger ones are skipped."""
_SMALLEST_BLOCK, _SECTION_HEADER = 12, 28
_MOST_SECTIONS = 65536
"""Sections that are read; each costs far more time than bytes."""


class Pcapng:
    """Reads one pcapng file."""

    def __init__(self, name: str = "pcapng") -> None:
        """*name* is what the file was before it was converted."""
        self.name = name
        self.notes = Notes()
        self._section = Section(self.notes, "<")
        self._frames = 0
        self._last_time = NO_TIME
        self._batches: list[Batch] = []
        self._position = 0
        self._sections = 0

    def read(self, chunks: Chunks) -> Iterator[Records]:
        """The packets of the file, chunk by chunk."""
        damage = None
        while damage is None:
            damage = self._blocks(chunks)
            if self._batches:
                yield self._records(chunks.data)
            if damage:
                at = chunks.offset + damage.at
                self.notes.flaws.append(f"a block is damaged at byte {at}: {damage.why}; read up to there")
            elif not chunks.advance(self._position):
                break
        if chunks.left:
            self.notes.truncated = True
            self.notes.flaws.append(f"the file ends at byte {chunks.read}, in the middle of a block")

    def _blocks(self, chunks: Chunks) -> Damage | None:
        """Read the blocks of the chunk that are whole; ``_position`` is then where the next one begins."""
        self._position = 0
        while True:
            damage = self._walk(chunks)
            view = chunks.data.data[self._position : chunks.size]
            if damage or len(view) < _SMALLEST_BLOCK:
                return damage
            kind, length = struct.unpack_from(f"{self._section.order}II", view)
            if kind != SECTION:
                return self._skip(length)
            before = self._position
            damage = self._begin_section(view)
            if damage or self._position == before:
                return damage

    def _walk(self, chunks: Chunks) -> Damage | None:
        """Read blocks up to the next section or the end of the chunk."""
        layout = Layout(self._section.order, 4, 0, _SMALLEST_BLOCK, _LARGEST_BLOCK, padding=4, stop=SECTION)
        # Sections may be tiny and many: only the first in a chunk is worth the effort of longer strides.
        find = walk if self._position else partial(stride, guess=self._guess)
        chain = find(chunks.data, chunks.size, self._position, layout)
        self._position = chain.end
        if not len(chain.at):
            return None
        blocks = Blocks(chunks.data, chain.at, self._section)
        batch = blocks.read(self._frames + 1)
        if len(batch.start):
            self._batches.append(batch)
            self._frames += len(batch.start)
        return blocks.damage

    def _guess(self, window: bytes, distance: int) -> int | None:
        """Recognise an enhanced packet block by its type and its two equal lengths."""
        number = struct.Struct(f"{self._section.order}I")
        needle = number.pack(ENHANCED)
        hit = window.find(needle)
        while 0 <= hit <= len(window) - _SMALLEST_BLOCK:
            (length,) = number.unpack_from(window, hit + 4)
            end = hit + length - 4
            aligned = (distance + hit) % 4 == 0 and length % 4 == 0
            if aligned and hit + 8 < end <= len(window) - 4 and number.unpack_from(window, end)[0] == length:
                return hit
            hit = window.find(needle, hit + 1)
        return None

    def _skip(self, length: int) -> Damage | None:
        """Pass over a block that is too large to be read; one that is not whole yet stays where it is."""
        if length < _SMALLEST_BLOCK:
            return Damage(self._position, f"no block has {length} bytes")
        if length > _LARGEST_BLOCK:
            self._position += length + -length % 4
        return None

    def _begin_section(self, view: memoryview) -> Damage | None:
        """Begin the section whose header *view* begins with, once that is whole."""
        if len(view) < _SECTION_HEADER:
            return None
        order = byte_order(bytes(view[:16]))
        if order is None or self._sections == _MOST_SECTIONS:
            why = f"more than {_MOST_SECTIONS} sections" if order else "no section of pcapng version 1"
            return Damage(self._position, why)
        (length,) = struct.unpack_from(f"{order}I", view, 4)
        total = length + -length % 4
        if not _SECTION_HEADER <= length <= _LARGEST_BLOCK:
            return Damage(self._position, f"no section header has {length} bytes")
        if len(view) >= total:
            self._section = Section(self.notes, order)
            self._section.comments(bytes(view[24 : total - 4]))
            self._sections += 1
            self._position += total
        return None

    def _records(self, data: NDArray[np.uint8]) -> Records:
        """What was read of the chunk."""
        one = len(self._batches) == 1
        columns = (
            self._batches[0] if one else Batch(*(np.concatenate(each) for each in zip(*self._batches, strict=True)))
        )
        self._batches.clear()
        return Records(
            buffer=data,
            first_frame=self._frames - len(columns.start) + 1,
            start=columns.start,
            captured=columns.captured,
            wire=columns.wire,
            time=self._filled(columns.time),
            link=columns.link,
        )

    def _filled(self, times: NDArray[np.int64]) -> NDArray[np.int64]:
        """Give packets without a time the time of the one before them, or of the first that has one."""
        lacking = times == NO_TIME
        if lacking.any():
            self.notes.timeless += int(lacking.sum())
            known = times[~lacking]
            before = self._last_time if self._last_time != NO_TIME else int(known[0]) if len(known) else 0
            latest = np.maximum.accumulate(np.where(lacking, -1, np.arange(len(times))))
            times = np.where(latest < 0, before, times[latest])
        self._last_time = int(times[-1])
        return times
