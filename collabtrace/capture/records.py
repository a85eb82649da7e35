"""What a capture file's format hands on: packets as the file keeps them, and what the file says about itself."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from collabtrace.capture.chunks import Chunks
from collabtrace.capture.timestamps import units_per_second

LARGEST_PACKET = 262144
"""Bytes that Wireshark accepts as one packet; a record that claims more is damage."""

_MOST_AT_ONCE = 65536
_MOST_COMMENTS = 10_000
_MOST_SECRET_BYTES = 32 << 20
_SECRET_COST = 128
"""Bytes of memory for each block of secrets besides its own."""


@dataclass(frozen=True, slots=True)
class Records:
    """The packets of one chunk, in the order of the file; all columns have the same length."""

    buffer: NDArray[np.uint8]
    """The chunk that ``start`` points into."""
    first_frame: int
    """Wireshark's number of the first of them."""
    start: NDArray[np.int64]
    """First byte of the packet in ``buffer``."""
    captured: NDArray[np.int64]
    """Bytes that the file holds."""
    wire: NDArray[np.int64]
    """Bytes that the packet had, never less than ``captured``."""
    time: NDArray[np.int64]
    """Nanoseconds since the epoch."""
    link: NDArray[np.int32]
    """LINKTYPE_ value."""

    def __len__(self) -> int:
        return len(self.start)

    def parts(self) -> Iterator["Records"]:
        """The same packets, not too many at a time: a chunk may hold nothing but empty ones."""
        for begin in range(0, len(self), _MOST_AT_ONCE):
            rows = slice(begin, begin + _MOST_AT_ONCE)
            columns = (self.start[rows], self.captured[rows], self.wire[rows], self.time[rows], self.link[rows])
            yield Records(self.buffer, self.first_frame + begin, *columns)


@dataclass(slots=True)
class InterfaceNotes:
    """What a file says about one of its interfaces."""

    link_type: int
    snaplen: int
    resolution: int = 6
    """Of its time stamps, as an if_tsresol octet."""
    shift: int = 0
    """Seconds to add to every time stamp (if_tsoffset)."""
    name: str | None = None
    filter: str | None = None
    received: int | None = None
    dropped: int | None = None
    """By its statistics."""
    missed: int | None = None
    """By its packets, each of which may tell what was dropped before it."""

    def lost(self) -> int | None:
        """Packets dropped, as far as the file says."""
        return self.missed if self.dropped is None else self.dropped

    def units(self) -> int:
        """Time stamp units per second, as far as a column of the table can hold them."""
        return min(units_per_second(self.resolution), int(np.iinfo(np.int64).max))


@dataclass(slots=True)
class Notes:
    """What a file says about itself, and what is wrong with it."""

    interfaces: list[InterfaceNotes] = field(default_factory=list)
    flaws: list[str] = field(default_factory=list)
    truncated: bool = False
    """Whether the file ends in the middle of a record."""
    timeless: int = 0
    """Packets without a time stamp; they have the time of the one before them."""
    comments: list[str] = field(default_factory=list)
    secrets: list[tuple[int, bytes]] = field(default_factory=list)
    _secret_bytes: int = 0

    def comment(self, text: str) -> None:
        """Keep a comment; a file made to fill the memory stops at the limit."""
        if len(self.comments) < _MOST_COMMENTS:
            self.comments.append(text)

    def secret(self, kind: int, data: bytes) -> None:
        """Keep decryption secrets, as far as the limit goes."""
        self._secret_bytes += len(data) + _SECRET_COST
        if self._secret_bytes <= _MOST_SECRET_BYTES:
            self.secrets.append((kind, data))


class Damage(NamedTuple):
    """A record that cannot be one, so that nothing tells where the next one begins."""

    at: int
    """Position in the chunk."""
    why: str


class Format(Protocol):
    """Reads one kind of capture file."""

    name: str
    notes: Notes

    def read(self, chunks: Chunks) -> Iterator[Records]:
        """The packets of the file, chunk by chunk; what cannot be read becomes a flaw in ``notes``."""
