"""Classic pcap files (draft-ietf-opsawg-pcap): a header of 24 bytes, then records of a short header and a packet."""

import struct
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from collabtrace.capture.chunks import Chunks
from collabtrace.capture.gather import words
from collabtrace.capture.records import LARGEST_PACKET, InterfaceNotes, Notes, Records
from collabtrace.capture.timestamps import SECOND
from collabtrace.capture.walk import Guess, Layout, stride

_HEADER = 24
_MICROSECONDS, _NANOSECONDS, _MODIFIED = 0xA1B2C3D4, 0xA1B23C4D, 0xA1B2CD34
_RECORD_HEADER = {_MICROSECONDS: 16, _NANOSECONDS: 16, _MODIFIED: 24}
"""Bytes before the packet; the patch of libpcap that uses the third magic number adds 8."""
_LINK_TYPE = 0xFFFF
"""The bits of the link type field that hold it; others tell of a frame check sequence."""


def byte_order(head: bytes) -> str | None:
    """``<`` or ``>`` where *head* begins a pcap file that this module reads, else None."""
    for order in "<>":
        if len(head) >= _HEADER:
            magic, major, minor = struct.unpack_from(f"{order}IHH", head)
            # Before 2.4 the two lengths of a record could be swapped; Wireshark knows when.
            if magic in _RECORD_HEADER and (major, minor) == (2, 4):
                return order
    return None


class Pcap:
    """Reads one pcap file."""

    name = "pcap"

    def __init__(self, head: bytes) -> None:
        """Read the file's header from *head*, for which ``byte_order`` gives an order."""
        order = byte_order(head) or "<"
        magic, snaplen, link = struct.unpack_from(f"{order}I12xII", head)
        self._unit = 1 if magic == _NANOSECONDS else 1000
        self._header = _RECORD_HEADER[magic]
        self._layout = Layout(order, field=8, extra=self._header, least=0, most=LARGEST_PACKET)
        self._link = link & _LINK_TYPE
        self._frames = 0
        self.notes = Notes([InterfaceNotes(self._link, snaplen, resolution=9 if self._unit == 1 else 6)])

    def read(self, chunks: Chunks) -> Iterator[Records]:
        """The packets of the file, chunk by chunk."""
        position = _HEADER
        while True:
            chain = stride(chunks.data, chunks.size, position, self._layout, self._guess(chunks.data, position))
            if len(chain.at):
                yield self._records(chunks.data, chain.at)
                self._frames += len(chain.at)
            if self._damaged(chunks, chain.end):
                return
            if not chunks.advance(chain.end):
                break
            position = 0
        if chunks.left:
            self.notes.truncated = True
            self.notes.flaws.append(f"the file ends at byte {chunks.read}, in the middle of packet {self._frames + 1}")

    def _guess(self, data: NDArray[np.uint8], known: int) -> Guess:
        """How a record is recognised: by the upper half of its time, which is that of the *known* record."""
        header = struct.Struct(f"{self._layout.order}IIII")
        big = self._layout.order == ">"
        half = data[known : known + 2] if big else data[known + 2 : known + 4]
        needle, shift = half.tobytes(), 0 if big else 2

        def plausible(window: bytes, at: int) -> bool:
            _, fraction, captured, wire = header.unpack_from(window, at)
            return bool(fraction * self._unit < SECOND and captured <= LARGEST_PACKET and captured <= wire)

        def guess(window: bytes, _: int) -> int | None:
            hit = window.find(needle, shift)
            while shift <= hit <= len(window) - header.size:
                at = hit - shift
                if plausible(window, at):
                    behind = at + self._header + header.unpack_from(window, at)[2]
                    if behind + header.size > len(window) or window[behind + shift : behind + shift + 2] == needle:
                        return at
                hit = window.find(needle, hit + 1)
            return None

        return guess

    def _records(self, data: NDArray[np.uint8], at: NDArray[np.int64]) -> Records:
        seconds, fraction, captured, wire = words(data, at, 4, f"{self._layout.order}u4").astype(np.int64)
        return Records(
            buffer=data,
            first_frame=self._frames + 1,
            start=at + self._header,
            captured=captured,
            wire=np.maximum(wire, captured),
            time=seconds * SECOND + fraction * self._unit,
            link=np.full(len(at), self._link, np.int32),
        )

    def _damaged(self, chunks: Chunks, end: int) -> bool:
        """Whether the record at *end* cannot be one; a flaw then says why."""
        if chunks.size - end < self._header:
            return False
        (claimed,) = struct.unpack_from(f"{self._layout.order}I", chunks.data.data, end + self._layout.field)
        if claimed <= LARGEST_PACKET:
            return False
        self.notes.flaws.append(
            f"packet {self._frames + 1} is damaged at byte {chunks.offset + end}: it claims {claimed} bytes, "
            f"and no packet has more than {LARGEST_PACKET}; read up to there"
        )
        return True
