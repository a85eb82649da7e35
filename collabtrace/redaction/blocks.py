"""Capture files written again, record by record: what describes packets stays, what tells of people and machines goes.

Of pcapng only packets, interfaces and counts are kept. Comments, names, descriptions, filters, hardware, name
resolution and decryption secrets are left out, with every block that is not known.
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from collabtrace.capture import pcap
from collabtrace.capture.chunks import Chunks
from collabtrace.capture.pcapng_options import options
from collabtrace.capture.pcapng_section import (
    ENHANCED,
    INTERFACE,
    OBSOLETE,
    SECTION,
    SIMPLE,
    STATISTICS,
    byte_order,
)
from collabtrace.capture.records import LARGEST_PACKET

_FILE_HEADER = 24
_LARGEST_BLOCK = 16 << 20
_SMALLEST_BLOCK = 12
_MODIFIED = 0xA1B2CD34
_KEPT_OPTIONS = {INTERFACE: (9, 13, 14), STATISTICS: (2, 3, 4, 5, 6, 7, 8), ENHANCED: (2, 4), OBSOLETE: (2,)}
"""Resolution, offset and check sequence of interfaces; times and counts; flags and drops of packets."""


class Packet(NamedTuple):
    """Where a packet stands in the chunk."""

    start: int
    captured: int
    wire: int
    link: int


class Batch(NamedTuple):
    """The records of one chunk: its packets, which may be changed where they are, and what to write of the chunk."""

    data: NDArray[np.uint8]
    packets: list[Packet]
    output: list[tuple[int, int] | bytes]
    """Stretches of the chunk, and bytes that are new."""


def pcap_batches(chunks: Chunks) -> Iterator[Batch]:
    """A pcap file (``collabtrace.capture.pcap``)."""
    head = chunks.data[:_FILE_HEADER].tobytes()
    order = pcap.byte_order(head) or "<"
    magic, link = struct.unpack_from(f"{order}I", head)[0], struct.unpack_from(f"{order}I", head, 20)[0] & 0xFFFF
    size, fields = 24 if magic == _MODIFIED else 16, struct.Struct(f"{order}IIII")
    at, first = _FILE_HEADER, 0
    while True:
        packets: list[Packet] = []
        view = chunks.data.data
        while at + size <= chunks.size:
            _, _, captured, wire = fields.unpack_from(view, at)
            if captured > LARGEST_PACKET:
                yield Batch(chunks.data, packets, [(first, at + size)])
                return
            if at + size + captured > chunks.size:
                break
            packets.append(Packet(at + size, captured, max(captured, wire), link))
            at += size + captured
        yield Batch(chunks.data, packets, [(first, at)])
        if not chunks.advance(at):
            yield Batch(chunks.data, [], _cut(chunks, at, size))
            return
        at = first = 0


def _cut(chunks: Chunks, at: int, header: int) -> list[tuple[int, int] | bytes]:
    """A last record that is not whole stays one."""
    held = chunks.size - at
    return [(at, at + min(held, header)), bytes(max(held - header, 0))] if held > 0 else []


class PcapngBlocks:
    """A pcapng file (``collabtrace.capture.pcapng``)."""

    def __init__(self, chunks: Chunks) -> None:
        self._chunks = chunks
        self._order = "<"
        self._links: list[tuple[int, int]] = []
        """Link type and snaplen of the interfaces of the section."""
        self._packets: list[Packet] = []
        self._output: list[tuple[int, int] | bytes] = []

    def batches(self) -> Iterator[Batch]:
        """The blocks, chunk by chunk, up to the first that is damaged."""
        at = 0
        while True:
            self._packets, self._output = [], []
            at, sound = self._blocks(at)
            yield Batch(self._chunks.data, self._packets, self._output)
            if not sound or not self._chunks.advance(at):
                break
            at = 0
        if sound and self._chunks.left > 0:
            # The file ended within a block: so does this one.
            yield Batch(self._chunks.data, [], [struct.pack(f"{self._order}II", ENHANCED, 32)])

    def _blocks(self, at: int) -> tuple[int, bool]:
        """Read the whole blocks of the chunk; where the next begins, and whether it may be one."""
        view, size = self._chunks.data.data, self._chunks.size
        while at + _SMALLEST_BLOCK <= size:
            if bytes(view[at : at + 4]) == b"\n\r\r\n":
                if at + 28 > size:
                    return at, True
                order = byte_order(bytes(view[at : at + 16]))
                if order is None:
                    return at, False
                self._order = order
            kind, length = struct.unpack_from(f"{self._order}II", view, at)
            total = length + -length % 4
            if length < _SMALLEST_BLOCK:
                return at, False
            if length > _LARGEST_BLOCK:
                return at + total, kind != SECTION
            if at + total > size:
                return at, True
            if not self._block(kind, view[at : at + total], at):
                return at, False
            at += total
        return at, True

    def _block(self, kind: int, block: memoryview, at: int) -> bool:
        """Decide what to write of one block; whether it is sound."""
        if (
            struct.unpack_from(f"{self._order}I", block, len(block) - 4)[0]
            != struct.unpack_from(f"{self._order}I", block, 4)[0]
        ):
            return False
        if kind == SECTION:
            self._links = []
            self._write(kind, bytes(block[8:16]) + b"\xff" * 8, b"")
        elif kind == INTERFACE:
            if len(block) < 20:
                return False
            self._links.append(struct.unpack_from(f"{self._order}HxxI", block, 8))
            self._write(kind, bytes(block[8:16]), bytes(block[16:-4]))
        elif kind == STATISTICS and len(block) >= 24:
            self._write(kind, bytes(block[8:20]), bytes(block[20:-4]))
        elif kind in (ENHANCED, OBSOLETE, SIMPLE):
            return self._packet(kind, block, at)
        return True

    def _packet(self, kind: int, block: memoryview, at: int) -> bool:
        begin = 12 if kind == SIMPLE else 28
        if len(block) < begin + 4:
            return False
        if kind == SIMPLE:
            interface, wire = 0, struct.unpack_from(f"{self._order}I", block, 8)[0]
            limit = self._links[0][1] if self._links else 0
            captured = min(wire, len(block) - 16, limit or LARGEST_PACKET + 1)
        else:
            form = "I" if kind == ENHANCED else "H"
            (interface,) = struct.unpack_from(self._order + form, block, 8)
            captured, wire = struct.unpack_from(f"{self._order}II", block, 20)
        if captured > min(len(block) - begin - 4, LARGEST_PACKET) or interface >= len(self._links):
            return False
        self._packets.append(Packet(at + begin, captured, max(captured, wire), self._links[interface][0]))
        end = begin + captured + -captured % 4
        kept = self._kept(kind, bytes(block[end:-4])) if kind != SIMPLE else b""
        length = struct.pack(f"{self._order}I", end + len(kept) + 4)
        self._output += [
            struct.pack(f"{self._order}I", kind) + length + bytes(block[8:begin]),
            (at + begin, at + begin + captured),
            bytes(-captured % 4) + kept + length,
        ]
        return True

    def _write(self, kind: int, fixed: bytes, rest: bytes) -> None:
        kept = self._kept(kind, rest)
        length = struct.pack(f"{self._order}I", 12 + len(fixed) + len(kept))
        self._output.append(struct.pack(f"{self._order}I", kind) + length + fixed + kept + length)

    def _kept(self, kind: int, rest: bytes) -> bytes:
        """The options that stay."""
        wanted = _KEPT_OPTIONS.get(kind, ())
        kept = b"".join(
            struct.pack(f"{self._order}HH", code, len(value)) + value + bytes(-len(value) % 4)
            for code, value in options(rest, self._order)
            if code in wanted and len(value) <= 8
        )
        return kept + bytes(4) if kept else b""
