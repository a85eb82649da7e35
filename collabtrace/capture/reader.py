"""Capture files of any kind, read packet by packet and handed on chunk by chunk."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from collabtrace.capture import pcap, pcapng, pcapng_section
from collabtrace.capture.chunks import MARGIN, Chunks
from collabtrace.capture.cursor import Cursor
from collabtrace.capture.datagrams import columns
from collabtrace.capture.decoder import Decoder
from collabtrace.capture.flow_numbers import FlowNumbers
from collabtrace.capture.packets import Flows, Packets
from collabtrace.capture.records import Format, Records
from collabtrace.capture.source import Source
from collabtrace.columns import Table
from collabtrace.errors import CaptureError
from collabtrace.schema import Capture, Interface, Unreachable


def open_capture(path: Path, on_bytes: Callable[[int], None] | None = None) -> "CaptureReader":
    """Open a capture file; *on_bytes* is told the bytes read since it was last told.

    A CaptureError says in one line why the file is unusable.
    """
    chunks = Chunks(Source(path, on_bytes))
    head = chunks.data[:24].tobytes()[: chunks.size]
    if pcap.byte_order(head):
        return CaptureReader(path.name, pcap.Pcap(head), chunks)
    if pcapng_section.byte_order(head):
        return CaptureReader(path.name, pcapng.Pcapng(), chunks)
    chunks.source.close()
    if not head:
        raise CaptureError(f"{path.name}: is empty; was the capture stopped before it was written?")
    raise CaptureError(f"{path.name}: begins with {head[:4].hex()}, which no pcap or pcapng file does")


class CaptureReader:
    """One capture file: iterate over it once, then ask for its tables."""

    def __init__(self, file: str, form: Format, chunks: Chunks) -> None:
        self.flows = Flows()
        """The flows of the packets given so far."""
        self._file, self._format, self._chunks = file, form, chunks
        self._decoder = Decoder(file)
        self._numbers = FlowNumbers(self.flows)
        self._packets = self._snapped = self._duplicates = 0
        self._first: int | None = None
        self._last: int | None = None

    @property
    def secrets(self) -> list[tuple[int, bytes]]:
        """Embedded decryption secrets: type and data of each block (pcapng §4.7)."""
        return self._format.notes.secrets

    def __iter__(self) -> Iterator[Packets]:
        try:
            for records in self._format.read(self._chunks):
                yield self._decode(records)
        finally:
            self._sha256 = self._chunks.source.sha256()
            self._chunks.source.close()

    def _decode(self, records: Records) -> Packets:
        self._count(records)
        buffer = records.buffer
        behind = self._chunks.size + MARGIN
        self._decoder.begin(behind)
        view = buffer.data
        lists = (records.start, records.captured, records.wire, records.time, records.link)
        for row, (start, captured, wire, time, link) in enumerate(zip(*(each.tolist() for each in lists), strict=True)):
            packet = Cursor(bytes(view[start : start + captured]), wire, start)
            self._decoder.decode(packet, link, row=row, frame=records.first_frame + row, time=time)
        payloads = columns(self._decoder.datagrams)
        flow = self._numbers.number(payloads)
        return Packets(
            buffer=self._with_assembled(buffer, behind),
            frame=payloads.row + records.first_frame,
            time=records.time[payloads.row],
            flow=flow,
            start=payloads.start,
            length=payloads.length.astype(np.int32),
            wire_length=payloads.wire_length.astype(np.int32),
            ttl=payloads.ttl,
            dscp=payloads.dscp,
            duplicate=np.zeros(len(flow), np.bool_),
            sequence=payloads.sequence,
            flags=payloads.flags,
        )

    def _with_assembled(self, buffer: NDArray[np.uint8], behind: int) -> NDArray[np.uint8]:
        """The buffer with what was put together, *behind* bytes from its beginning."""
        extra = np.frombuffer(self._decoder.assembled, np.uint8)
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
        notes, source = self._format.notes, self._chunks.source
        flaws = [*notes.flaws, *filter(None, (source.flaw, self._decoder.fragments.flaw()))]
        timed = self._packets > notes.timeless
        dropped = [count for each in notes.interfaces if (count := each.lost()) is not None]
        return Capture(
            file=self._file,
            sha256=self._sha256,
            bytes=source.size,
            format=self._format.name,
            compressed=source.compressed,
            packets=self._packets,
            first=self._first / 10**9 if timed and self._first is not None else None,
            last=self._last / 10**9 if timed and self._last is not None else None,
            truncated=notes.truncated or source.flaw is not None,
            flaws=tuple(flaws),
            snapped=self._snapped,
            dropped=sum(dropped) if dropped else None,
            duplicates=self._duplicates,
            duplicate_frames=(),
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
                for number, noted in enumerate(self._format.notes.interfaces)
            ],
        )

    def unreachables(self) -> Table[Unreachable]:
        """The ICMP errors seen."""
        return Table.of(Unreachable, self._decoder.unreachables)
