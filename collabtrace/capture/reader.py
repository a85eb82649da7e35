"""Capture files of any kind, read packet by packet and handed on chunk by chunk."""

from collections.abc import Callable, Iterator
from pathlib import Path

from collabtrace.capture.chunk_decoder import ChunkDecoder
from collabtrace.capture.chunks import MARGIN
from collabtrace.capture.fragments import Remains
from collabtrace.capture.opening import Opened, opened
from collabtrace.capture.packets import Flows, Packets
from collabtrace.capture.records import Records
from collabtrace.capture.timestamps import SECOND
from collabtrace.columns import Table
from collabtrace.schema import Capture, Interface, Unreachable


def open_capture(path: Path, on_bytes: Callable[[int], None] | None = None) -> "CaptureReader":
    """Open a capture file; *on_bytes* is told the bytes read since it was last told.

    pcap and pcapng are read here, other formats are converted by editcap where that is installed, and each may be
    gzip-compressed. A CaptureError says in one line why the file is unusable.
    """
    return CaptureReader(path.name, opened(path, on_bytes))


class CaptureReader:
    """One capture file: iterate over it once, to its end, then ask for its tables."""

    def __init__(self, file: str, given: Opened) -> None:
        """*file* is the name for the tables."""
        self._file, self._given = file, given
        self._decoder = ChunkDecoder(file)
        self._sha256 = ""
        self._packets = self._snapped = 0
        self._times: list[int] = []
        """The earliest and the latest of each chunk."""

    @property
    def flows(self) -> Flows:
        """The flows of the packets given so far."""
        return self._decoder.flows

    @property
    def secrets(self) -> list[tuple[int, bytes]]:
        """Embedded decryption secrets: type and data of each block (draft-ietf-opsawg-pcapng §4.7)."""
        return self._given.form.notes.secrets

    def __iter__(self) -> Iterator[Packets]:
        try:
            for records in self._given.form.read(self._given.chunks):
                self._count(records)
                self._decoder.begin(self._given.chunks.size + MARGIN)
                yield from map(self._decoder.decode, records.parts())
            self._sha256 = self._given.source.sha256()
        finally:
            self.close()

    def close(self) -> None:
        """Let go of the file, for whoever does not read it to its end."""
        self._given.cleaning.close()

    def _count(self, records: Records) -> None:
        self._packets += len(records)
        self._snapped += int((records.captured < records.wire).sum())
        self._times += (int(records.time.min()), int(records.time.max()))

    def capture(self) -> Capture:
        """What is to be said about the file as a whole."""
        notes, source, duplicates = self._given.form.notes, self._given.source, self._decoder.duplicates
        dropped = [count for each in notes.interfaces if (count := each.lost()) is not None]
        timed = self._packets > notes.timeless
        return Capture(
            file=self._file,
            sha256=self._sha256,
            bytes=source.size,
            format=self._given.form.name,
            compressed=source.compressed,
            packets=self._packets,
            first=min(self._times) / SECOND if timed else None,
            last=max(self._times) / SECOND if timed else None,
            truncated=notes.truncated or source.flaw is not None,
            flaws=tuple(self._flaws()),
            snapped=self._snapped,
            dropped=sum(dropped) if dropped else None,
            duplicates=duplicates.count,
            duplicate_frames=tuple(duplicates.frames),
            fragmented=self._decoder.decoder.fragments.whole,
            secrets=len(notes.secrets),
            comments=tuple(notes.comments),
        )

    def _flaws(self) -> Iterator[str]:
        notes = self._given.form.notes
        if self._given.source.flaw:
            yield self._given.source.flaw
        yield from notes.flaws
        if notes.timeless:
            yield f"{notes.timeless} packets have no time stamp; they are given that of the packet before them"
        yield from self._decoder.flaws()

    def interfaces(self) -> Table[Interface]:
        """The interfaces that captured."""
        return Table.of(
            Interface,
            (
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
            ),
        )

    def unreachables(self) -> Table[Unreachable]:
        """The ICMP errors seen."""
        return Table.of(Unreachable, self._decoder.decoder.unreachables)

    def remains(self) -> list[Remains]:
        """What came of IP packets that lack fragments."""
        return self._decoder.decoder.fragments.remains()
