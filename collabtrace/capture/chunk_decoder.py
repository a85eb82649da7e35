"""From the packets of a chunk to its transport payloads."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from collabtrace.capture.chunks import MARGIN
from collabtrace.capture.cursor import Cursor
from collabtrace.capture.datagrams import Payloads, columns
from collabtrace.capture.decoder import Decoder
from collabtrace.capture.duplicates import Duplicates
from collabtrace.capture.flow_numbers import FlowNumbers
from collabtrace.capture.link import LINK_TYPES
from collabtrace.capture.packets import Flows, Packets
from collabtrace.capture.records import Records
from collabtrace.capture.shapes import usual


class ChunkDecoder:
    """Decodes the chunks of one file in their order."""

    def __init__(self, file: str) -> None:
        """*file* is the name for the table of unreachables."""
        self.flows = Flows()
        self.duplicates = Duplicates()
        self.decoder = Decoder(file)
        self._numbers = FlowNumbers(self.flows)
        self._free = 0
        self._unread: Counter[int] = Counter()
        """Packets by their link type, where that cannot be read."""

    def begin(self, free: int) -> None:
        """Begin a chunk, whose buffer is free from the position *free* on."""
        self._free = free

    def decode(self, records: Records) -> Packets:
        """The payloads of the chunk, or of a part of it."""
        self.decoder.begin(self._free)
        parts, others = usual(records)
        if len(others):
            self._one_by_one(records, others)
            parts += columns(self.decoder.datagrams)
        flows = self._numbers.number(parts)
        buffer = _extended(records.buffer, self._free, self.decoder.assembled)
        # What was given before goes on pointing to what was put together for it.
        self._free += len(self.decoder.assembled)
        return self._merge(records, parts, flows, buffer)

    def flaws(self) -> Iterator[str]:
        """What could not be decoded, known at the end of the file."""
        for link_type, count in self._unread.items():
            yield f"{count} packets of link type {link_type}, which cannot be read"
        if flaw := self.decoder.fragments.flaw():
            yield flaw

    def _one_by_one(self, records: Records, rows: NDArray[np.int64]) -> None:
        """Decode the packets of *rows* in their order."""
        links = records.link[rows]
        for link_type in set(links.tolist()) - LINK_TYPES.keys():
            self._unread[link_type] += int((links == link_type).sum())
            rows, links = rows[links != link_type], links[links != link_type]
        view = records.buffer.data
        lists = (records.start, records.captured, records.wire, records.time, records.link)
        given = zip(rows.tolist(), *(each[rows].tolist() for each in lists), strict=True)
        for row, start, captured, wire, time, link_type in given:
            packet = Cursor(bytes(view[start : start + captured]), wire, start)
            self.decoder.decode(packet, link_type, row=row, frame=records.first_frame + row, time=time)

    def _merge(
        self, records: Records, parts: Sequence[Payloads], flows: Sequence[NDArray[np.int32]], buffer: NDArray[np.uint8]
    ) -> Packets:
        """The parts of a chunk together, in the order of the file."""
        row = _joined([part.row for part in parts], np.int64)
        order = np.argsort(row, kind="stable") if len(parts) > 1 else slice(None)

        def column(name: str, dtype: type[Any]) -> NDArray[Any]:
            return _joined([getattr(part, name) for part in parts], dtype)[order]

        row = row[order]
        packets = Packets(
            buffer=buffer,
            frame=row + records.first_frame,
            time=records.time[row],
            flow=_joined(flows, np.int32)[order],
            start=column("start", np.int64),
            length=column("length", np.int32),
            wire_length=column("wire_length", np.int32),
            ttl=column("ttl", np.uint8),
            dscp=column("dscp", np.uint8),
            duplicate=np.zeros(len(row), np.bool_),
            sequence=column("sequence", np.uint32),
            flags=column("flags", np.uint8),
        )
        self.duplicates.mark(packets, column("identification", np.uint16))
        return packets


def _joined(parts: Sequence[NDArray[Any]], dtype: type[Any]) -> NDArray[Any]:
    return np.concatenate(parts, dtype=dtype) if parts else np.zeros(0, dtype)


def _extended(buffer: NDArray[np.uint8], free: int, assembled: bytearray) -> NDArray[np.uint8]:
    """The buffer with what was assembled at position *free*, and a margin behind that."""
    if not assembled:
        return buffer
    extra = np.frombuffer(assembled + bytes(MARGIN), np.uint8)
    end = free + len(extra)
    if end > len(buffer):
        buffer = np.concatenate([buffer, np.zeros(end - len(buffer), np.uint8)])
    buffer[free:end] = extra
    return buffer
