"""Records of TLS (RFC 8446 §5.1, RFC 5246 §6.2) and DTLS (RFC 6347 §4.1), and how a byte stream falls into them."""

import struct
from dataclasses import dataclass
from typing import Generic

from collabtrace.errors import ParseError
from collabtrace.protocols.framing import Mark
from collabtrace.protocols.tls.numbers import CHANGE_CIPHER_SPEC, HEARTBEAT

HEADER = struct.Struct("!BHH")
DATAGRAM_HEADER = struct.Struct("!BHHHIH")
"""Type, version, epoch, upper and lower part of the sequence number, length."""
MOST = (1 << 14) + 2048
"""Bytes of a fragment at most (RFC 5246 §6.2.3)."""
TYPES = range(CHANGE_CIPHER_SPEC, HEARTBEAT + 1)
"""Content types of records that there are."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record of TLS."""

    type: int
    version: int
    """Of the record layer, which says little (RFC 8446 §5.1)."""
    fragment: bytes

    def __bytes__(self) -> bytes:
        return HEADER.pack(self.type, self.version, len(self.fragment)) + self.fragment


@dataclass(frozen=True, slots=True)
class DatagramRecord:
    """One record of DTLS."""

    type: int
    version: int
    epoch: int
    """0 until its sender has sent ChangeCipherSpec."""
    sequence: int
    fragment: bytes

    def __bytes__(self) -> bytes:
        number = (self.epoch, self.sequence >> 32, self.sequence & 0xFFFFFFFF)
        return DATAGRAM_HEADER.pack(self.type, self.version, *number, len(self.fragment)) + self.fragment


def size(data: bytes) -> int:
    """Bytes of the record that begins with *data*, which holds its header; a ParseError where none does."""
    kind, version, length = map(int, HEADER.unpack_from(data))
    if kind not in TYPES or version >> 8 != 3 or length > MOST:
        raise ParseError(f"no TLS record begins with {data[: HEADER.size].hex(' ')}")
    return HEADER.size + length


def parse(data: bytes) -> Record:
    """Parse exactly one record of TLS."""
    if len(data) < HEADER.size:
        raise ParseError(f"{len(data)} bytes are too few for the header of a TLS record")
    if size(data) != len(data):
        raise ParseError(f"the record has {size(data)} bytes, {len(data)} are there")
    return Record(data[0], data[1] << 8 | data[2], data[HEADER.size :])


def datagram(data: bytes) -> list[DatagramRecord]:
    """The records of DTLS in one datagram; a ParseError where it does not fall into records."""
    found, at = [], 0
    while at < len(data):
        if at + DATAGRAM_HEADER.size > len(data):
            raise ParseError(f"{len(data) - at} bytes are too few for the header of a DTLS record")
        kind, version, epoch, high, low, length = DATAGRAM_HEADER.unpack_from(data, at)
        begin = at + DATAGRAM_HEADER.size
        at = begin + length
        if kind not in TYPES or at > len(data):
            raise ParseError(f"no DTLS record begins with {data[begin - DATAGRAM_HEADER.size : begin].hex(' ')}")
        found.append(DatagramRecord(kind, version, epoch, high << 32 | low, data[begin:at]))
    return found


class RecordFramer(Generic[Mark]):
    """The records of one direction of a TLS connection; bytes go in by ``push``."""

    __slots__ = ("_buffer", "_mark", "lost")

    def __init__(self) -> None:
        """Begin at the start of a record."""
        self._buffer = bytearray()
        self._mark: Mark | None = None
        """The greatest mark of the bytes in the buffer."""
        self.lost = False
        """Whether bytes came that are no record, so that nothing tells where the next one begins."""

    def push(self, data: bytes, mark: Mark) -> list[tuple[bytes, Mark]]:
        """The records that *data* completes, each with the greatest mark of its bytes."""
        if self.lost:
            return []
        latest = mark if self._mark is None or self._mark < mark else self._mark
        self._buffer += data
        found: list[tuple[bytes, Mark]] = []
        at = 0
        while len(self._buffer) - at >= HEADER.size:
            try:
                end = at + size(bytes(self._buffer[at : at + HEADER.size]))
            except ParseError:
                self.lost, end = True, len(self._buffer) + 1
            if end > len(self._buffer):
                break
            found.append((bytes(self._buffer[at:end]), mark if found else latest))
            at = end
        del self._buffer[: len(self._buffer) if self.lost else at]
        self._mark = (mark if found else latest) if self._buffer else None
        return found

    def gap(self) -> list[tuple[bytes, Mark]]:
        """Bytes were lost: the beginning of a record is dropped, and the next bytes may begin one."""
        self._buffer.clear()
        self._mark, self.lost = None, False
        return []
