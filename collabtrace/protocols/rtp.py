"""RTP packets (RFC 3550 §5.1).

``parse`` reads one packet and is the readable truth; ``columns`` reads the fixed headers of many
packets at once, for speed. A test holds the two equal.
"""

import struct
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from collabtrace import compiled
from collabtrace.errors import ParseError

VERSION = 2
HEADER = struct.Struct("!BBHII")
EXTENSION = struct.Struct("!HH")

PADDING_BIT, EXTENSION_BIT, CSRC_MASK = 0x20, 0x10, 0x0F
MARKER_BIT, PAYLOAD_TYPE_MASK = 0x80, 0x7F


@dataclass(frozen=True, slots=True)
class Extension:
    """The header extension (RFC 3550 §5.3.1)."""

    profile: int
    """16 bits defined by the profile: 0xBEDE for one-byte elements (RFC 8285)."""
    content: bytes
    """A multiple of four bytes."""


@dataclass(frozen=True, slots=True)
class Rtp:
    """One RTP packet."""

    payload_type: int
    sequence: int
    timestamp: int
    ssrc: int
    payload: bytes
    """Without padding."""
    marker: bool = False
    csrcs: tuple[int, ...] = ()
    """The contributing sources."""
    extension: Extension | None = None
    padding: int = 0
    """Bytes of padding, the count byte included; 0 where the padding bit is not set."""

    @property
    def payload_offset(self) -> int:
        """Bytes before the payload."""
        extension = 0 if self.extension is None else EXTENSION.size + len(self.extension.content)
        return HEADER.size + 4 * len(self.csrcs) + extension

    def __bytes__(self) -> bytes:
        first = VERSION << 6 | bool(self.padding) * PADDING_BIT | (self.extension is not None) * EXTENSION_BIT
        parts = [
            HEADER.pack(
                first | len(self.csrcs),
                self.marker * MARKER_BIT | self.payload_type,
                self.sequence,
                self.timestamp,
                self.ssrc,
            ),
            *(csrc.to_bytes(4, "big") for csrc in self.csrcs),
        ]
        if self.extension is not None:
            parts += [EXTENSION.pack(self.extension.profile, len(self.extension.content) // 4), self.extension.content]
        parts.append(self.payload)
        if self.padding:
            parts.append(bytes(self.padding - 1) + bytes([self.padding]))
        return b"".join(parts)


def parse(data: bytes) -> Rtp:
    """Parse one whole RTP packet; the content of padding bytes is not kept."""
    if len(data) < HEADER.size:
        raise ParseError(f"{len(data)} bytes are too few for the RTP header of {HEADER.size}")
    first, second, sequence, timestamp, ssrc = HEADER.unpack_from(data)
    if first >> 6 != VERSION:
        raise ParseError(f"RTP version {first >> 6} is not {VERSION}")
    csrc_end = HEADER.size + 4 * (first & CSRC_MASK)
    if csrc_end > len(data):
        raise ParseError(f"{first & CSRC_MASK} CSRCs do not fit into {len(data)} bytes")
    csrcs = struct.unpack_from(f"!{first & CSRC_MASK}I", data, HEADER.size)
    extension, start = _extension(data, csrc_end) if first & EXTENSION_BIT else (None, csrc_end)
    padding = _padding(data, start) if first & PADDING_BIT else 0
    return Rtp(
        payload_type=second & PAYLOAD_TYPE_MASK,
        sequence=sequence,
        timestamp=timestamp,
        ssrc=ssrc,
        payload=data[start : len(data) - padding],
        marker=bool(second & MARKER_BIT),
        csrcs=csrcs,
        extension=extension,
        padding=padding,
    )


def _extension(data: bytes, start: int) -> tuple[Extension, int]:
    """The extension that begins at *start*, and where the payload begins."""
    if start + EXTENSION.size > len(data):
        raise ParseError("the RTP packet ends before its header extension")
    profile, words = EXTENSION.unpack_from(data, start)
    begin = start + EXTENSION.size
    end = begin + 4 * words
    if end > len(data):
        raise ParseError(f"a header extension of {4 * words} bytes does not fit into {len(data)} bytes")
    return Extension(profile, data[begin:end]), end


def _padding(data: bytes, start: int) -> int:
    """Bytes of padding, as the last byte counts them (RFC 3550 §5.1)."""
    count = data[-1] if len(data) > start else 0
    if not 1 <= count <= len(data) - start:
        raise ParseError(f"{count} bytes of padding in {len(data) - start} bytes of payload")
    return count


def heads(buffer: NDArray[np.uint8], starts: NDArray[np.int64], width: int) -> NDArray[np.uint8]:
    """The first *width* bytes of each packet, shape (packets, width); zeros behind the end of *buffer*."""
    whole = len(buffer) - width
    if len(starts) == 0 or int(starts.max()) <= whole:
        return _gather(buffer, starts, width)
    tail_from = max(whole + 1, 0)
    late = starts >= tail_from
    gathered = np.zeros((len(starts), width), dtype=np.uint8)
    gathered[~late] = _gather(buffer, starts[~late], width)
    tail = np.concatenate([buffer[tail_from:], np.zeros(width, dtype=np.uint8)])
    gathered[late] = _gather(tail, starts[late] - tail_from, width)
    return gathered


def _gather(buffer: NDArray[np.uint8], starts: NDArray[np.int64], width: int) -> NDArray[np.uint8]:
    if len(buffer) < width:
        return np.zeros((len(starts), width), dtype=np.uint8)
    return np.lib.stride_tricks.sliding_window_view(buffer, width)[starts]


_COLUMNS = {
    "marker": np.bool_,
    "payload_type": np.uint8,
    "sequence": np.uint16,
    "timestamp": np.uint32,
    "ssrc": np.uint32,
    "payload_offset": np.int32,
    "payload_length": np.int32,
}


def columns(
    buffer: NDArray[np.uint8],
    starts: NDArray[np.int64],
    lengths: NDArray[np.int32],
    wire_lengths: NDArray[np.int32] | None = None,
) -> dict[str, NDArray[Any]]:
    """Parse the headers of the packets that begin at *starts* in *buffer*, each with its 12 fixed bytes at least.

    *lengths* are the bytes held, *wire_lengths* those sent (the same where not given); padding is counted where the
    last byte is held. The keys are ``marker payload_type sequence timestamp ssrc payload_offset payload_length``;
    a negative length is a packet that ``parse`` refuses.
    """
    wire = lengths if wire_lengths is None else wire_lengths
    if compiled.core is not None:
        made: dict[str, NDArray[Any]] = {name: np.empty(len(starts), kind) for name, kind in _COLUMNS.items()}
        if compiled.core.rtp(buffer, starts, lengths, wire, *made.values()):
            return made
    fixed = np.ascontiguousarray(heads(buffer, starts, HEADER.size))
    first, second = fixed[:, 0], fixed[:, 1]
    words = fixed.view(">u4")
    offset = HEADER.size + 4 * (first & CSRC_MASK).astype(np.int32)
    extended = np.flatnonzero(first & EXTENSION_BIT)
    if len(extended):
        offset[extended] += _extension_bytes(buffer, starts[extended] + offset[extended])
    length = wire - offset
    padded = np.flatnonzero((first & PADDING_BIT != 0) & (length >= 0) & (lengths == wire))
    if len(padded):
        length[padded] -= _padding_bytes(buffer, starts[padded] + lengths[padded] - 1, length[padded])
    return {
        "marker": second >= MARKER_BIT,
        "payload_type": second & PAYLOAD_TYPE_MASK,
        "sequence": fixed.view(">u2")[:, 1].astype(np.uint16),
        "timestamp": words[:, 1].astype(np.uint32),
        "ssrc": words[:, 2].astype(np.uint32),
        "payload_offset": offset,
        "payload_length": length,
    }


def _extension_bytes(buffer: NDArray[np.uint8], at: NDArray[np.int64]) -> NDArray[np.int32]:
    words = heads(buffer, np.minimum(at, len(buffer)), EXTENSION.size)
    return EXTENSION.size + 4 * (words[:, 2].astype(np.int32) << 8 | words[:, 3])


def _padding_bytes(buffer: NDArray[np.uint8], last: NDArray[np.int64], room: NDArray[np.int32]) -> NDArray[np.int32]:
    """Bytes of padding of packets whose last byte is at *last*; more than there is *room* for where they count none."""
    count = buffer[last].astype(np.int32)
    return np.where((count == 0) | (room == 0), room + 1, count)
