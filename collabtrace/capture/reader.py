"""Capture files of any kind, read packet by packet and handed on chunk by chunk."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from collabtrace.capture.chunks import MARGIN
from collabtrace.capture.cursor import Cursor
from collabtrace.capture.datagrams import Payloads, columns
from collabtrace.capture.decoder import Decoder
from collabtrace.capture.duplicates import Duplicates
from collabtrace.capture.flow_numbers import FlowNumbers
from collabtrace.capture.opening import Opened, opened
from collabtrace.capture.packets import Flows, Packets
from collabtrace.capture.records import Records
from collabtrace.capture.shapes import usual
from collabtrace.columns import Table
from collabtrace.schema import Capture, Interface, Unreachable


def open_capture(path: Path, on_bytes: Callable[[int], None] | None = None) -> "CaptureReader":
    """Open a capture file; *on_bytes* is told the bytes read since it was last told.

    pcap and pcapng are read here, other formats are converted by editcap where that is installed, and each may be
    gzip-compressed. A CaptureError says in one line why the file is unusable.
    """
    return CaptureReader(path.name, opened(path, on_bytes))


class CaptureReader:
    """One capture file: iterate over it once, then ask for its tables."""

    def __init__(self, file: str, given: Opened) -> None:
        """*file* is the name for the tables."""
        self.flows = Flows()
        """The flows of the packets given so far."""
        self._file, self._given = file, given
        self._decoder = Decoder(file)
        self._numbers = FlowNumbers(self.flows)
        self._duplicates = Duplicates()
        self._packets = self._snapped = 0
        self._first: int | None = None
        self._last: int | None = None

    @property
    def secrets(self) -> list[tuple[int, bytes]]:
        """Embedded decryption secrets: type and data of each block (pcapng §4.7)."""
        return self._given.form.notes.secrets

    def __iter__(self) -> Iterator[Packets]:
        try:
            for records in self._given.form.read(self._given.chunks):
                yield self._decode(records)
        finally:
            self._sha256 = self._given.source.sha256()
            self.close()

    def close(self) -> None:
        """Let go of the file, for whoever does not read it to its end."""
        self._given.cleaning.close()

    def _decode(self, records: Records) -> Packets:
        self._count(records)
        buffer = records.buffer
        behind = self._given.chunks.size + MARGIN
        self._decoder.begin(behind)
        parts, others = usual(records)
        if len(others):
            self._decode_singly(records, others)
            parts += columns(self._decoder.datagrams)
        flows = self._numbers.number(parts)
        return self._packets_of(records, parts, flows, self._with_assembled(buffer, behind))

    def _packets_of(
        self, records: Records, parts: list[Payloads], flows: list[NDArray[np.int32]], buffer: NDArray[np.uint8]
    ) -> Packets:
        """The payloads of a chunk in the order of the file."""
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
        self._duplicates.mark(packets, column("identification", np.uint16))
        return packets

    def _decode_singly(self, records: Records, rows: NDArray[np.int64]) -> None:
        """Decode the packets of *rows* one by one."""
        view = records.buffer.data
        lists = (records.start, records.captured, records.wire, records.time, records.link)
        given = zip(rows.tolist(), *(each[rows].tolist() for each in lists), strict=True)
        for row, start, captured, wire, time, link in given:
            packet = Cursor(bytes(view[start : start + captured]), wire, start)
            self._decoder.decode(packet, link, row=row, frame=records.first_frame + row, time=time)

    def _with_assembled(self, buffer: NDArray[np.uint8], behind: int) -> NDArray[np.uint8]:
        """The buffer with what was put together, *behind* bytes from its beginning, and a margin behind that."""
        if not self._decoder.assembled:
            return buffer
        extra = np.frombuffer(self._decoder.assembled + bytes(MARGIN), np.uint8)
        if behind + len(extra) > len(buffer):
            return np.concatenate([buffer[:behind], extra])
        buffer[behind : behind + len(extra)] = extra
        return buffer

    def _count(self, records: Records) -> None:
        self._packets += len(records)
        self._snapped += int((records.captured < records.wire).sum())
        first, last = int(records.time.min()), int(records.time.max())
        self._first = first if self._first is None else min(first, self._first)
        self._last = last if self._last is None else max(last, self._last)

    def capture(self) -> Capture:
        """What is to be said about the file as a whole."""
        notes, source = self._given.form.notes, self._given.source
        flaws = [*notes.flaws, *filter(None, (source.flaw, self._decoder.fragments.flaw()))]
        timed = self._packets > notes.timeless
        dropped = [count for each in notes.interfaces if (count := each.lost()) is not None]
        return Capture(
            file=self._file,
            sha256=self._sha256,
            bytes=source.size,
            format=self._given.form.name,
            compressed=source.compressed,
            packets=self._packets,
            first=self._first / 10**9 if timed and self._first is not None else None,
            last=self._last / 10**9 if timed and self._last is not None else None,
            truncated=notes.truncated or source.flaw is not None,
            flaws=tuple(flaws),
            snapped=self._snapped,
            dropped=sum(dropped) if dropped else None,
            duplicates=self._duplicates.count,
            duplicate_frames=tuple(self._duplicates.frames),
            secrets=len(notes.secrets),
            comments=tuple(notes.comments),
        )

    def interfaces(self) -> Table[Interface]:
        """The interfaces that captured."""
        return Table.of(
            Interface,
            [
                Interface(
                    file=self._file,
                    interface=number,
                    name=noted.name,
                    link_type=noted.link_type,
                    snaplen=noted.snaplen,
                    units_per_second=noted.units(),
                    filter=noted.filter,
                    received=noted.received,
                    dropped=noted.lost(),
                )
                for number, noted in enumerate(self._given.form.notes.interfaces)
            ],
        )

    def unreachables(self) -> Table[Unreachable]:
        """The ICMP errors seen."""
        return Table.of(Unreachable, self._decoder.unreachables)


def _joined(parts: Sequence[NDArray[Any]], dtype: type[Any]) -> NDArray[Any]:
    return np.concatenate(parts, dtype=dtype) if parts else np.zeros(0, dtype)
