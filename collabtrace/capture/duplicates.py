"""Second copies of packets, as a SPAN port makes them that mirrors both directions, or both sides of a router.

A copy has the same five-tuple, identification (RFC 791 §3.1), transport header and payload, and comes within
milliseconds. TTL, VLAN and MAC addresses may differ. What an end point sends again has another identification, another
sequence number, or comes later: the shortest retransmission timer of the protocols concerned is far longer.
Without an identification (IPv6, and IPv4 where it is 0) an empty payload proves nothing.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from collabtrace import compiled
from collabtrace.capture.gather import words
from collabtrace.capture.packets import Packets

WINDOW = 5_000_000
"""Nanoseconds within which a copy comes; switches need microseconds, routers and merged taps a few milliseconds."""
ANONYMOUS_WINDOW = 1_000_000
"""The same without an identification, where a quick second attempt of the sender looks the same."""
_SLOT_BITS = 19
_WORDS = 16
"""64-bit words of the payload that tell candidates apart."""
_PIECE = 1 << 20
"""Bytes compared at a time."""
_LAST = 1024
"""Packets at the end of a chunk that may have a copy in the next."""
_SHOWN = 10
"""Frames of copies that are kept to be shown."""
_FACTORS = np.array(
    [0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93, 0xA0761D6478BD642F], np.uint64
)
_KEPT_BYTES = np.array([(1 << 8 * count) - 1 for count in range(9)], np.uint64)
"""Masks for the first bytes of a little-endian word, by their number."""


class _Last(NamedTuple):
    """The packets at the end of a chunk."""

    packets: Packets
    """All of the chunk."""
    rows: NDArray[np.int64]
    digest: NDArray[np.uint64]
    """Of the packets in ``rows``."""
    time: int
    """Of the very last."""


class Duplicates:
    """Finds the second copies in one file, chunk by chunk."""

    def __init__(self) -> None:
        self.count = 0
        self.frames: list[int] = []
        """The first few copies."""
        self._row_of_slot = np.empty(1 << _SLOT_BITS, np.int32)
        self._last: _Last | None = None

    def mark(self, packets: Packets, identification: NDArray[np.uint16]) -> None:
        """Fill ``packets.duplicate``; *identification* is that of IPv4, 0 for IPv6."""
        if not len(packets):
            return
        if compiled.core is None:
            digest = _digest(packets, identification)
            rows = self._repeated(digest)
        else:
            digest, rows = _compiled_digest(compiled.core, packets, identification)
        if len(rows):
            packets.duplicate[_copies(packets, digest, rows, _window(packets, identification, rows))] = True
        self._compare_with_last(packets, digest, identification)
        self._remember(packets, digest)
        copies = np.flatnonzero(packets.duplicate)
        self.count += len(copies)
        self.frames += packets.frame[copies[: _SHOWN - len(self.frames)]].tolist()

    def _repeated(self, digest: NDArray[np.uint64]) -> NDArray[np.int64]:
        """Rows whose digest may be there more than once; few others are among them."""
        slot = digest >> np.uint64(64 - _SLOT_BITS)
        rows = np.arange(len(digest), dtype=np.int32)
        # Of several rows with one slot the last one written stays.
        self._row_of_slot[slot] = rows
        last = self._row_of_slot[slot]
        earlier = np.flatnonzero(last != rows)
        same = digest[earlier] == digest[last[earlier]]
        # Those that share no more than the slot with the last one may still be copies of each other.
        others = earlier[~same]
        ordered = np.sort(digest[others])
        others = others[np.isin(digest[others], ordered[1:][ordered[1:] == ordered[:-1]])]
        return np.unique(np.concatenate([earlier[same], last[earlier[same]], others]))

    def _compare_with_last(
        self, packets: Packets, digest: NDArray[np.uint64], identification: NDArray[np.uint16]
    ) -> None:
        """Find copies of packets of the chunk before."""
        last = self._last
        if last is None:
            return
        rows = np.flatnonzero(np.abs(packets.time[:_LAST] - last.time) <= WINDOW)
        rows = rows[np.isin(digest[rows], last.digest)]
        for row, window in zip(rows.tolist(), _window(packets, identification, rows).tolist(), strict=True):
            earlier = int(last.rows[last.digest == digest[row]][-1])
            if abs(int(packets.time[row]) - int(last.packets.time[earlier])) <= window:
                packets.duplicate[row] |= packets.payload(row) == last.packets.payload(earlier)

    def _remember(self, packets: Packets, digest: NDArray[np.uint64]) -> None:
        """Keep what the next chunk may hold copies of."""
        time = int(packets.time[-1])
        first = max(len(packets) - _LAST, 0)
        near = first + np.flatnonzero(np.abs(packets.time[first:] - time) <= WINDOW)
        self._last = _Last(packets, near, digest[near], time)


def _digest(packets: Packets, identification: NDArray[np.uint16]) -> NDArray[np.uint64]:
    """What copies have in common, as a number."""
    header = packets.flow.astype(np.uint64) << 32 | packets.wire_length.astype(np.uint64)
    digest = header * _FACTORS[0]
    digest ^= (packets.sequence.astype(np.uint64) << 16 | identification) * _FACTORS[1]
    digest += packets.flags
    rows = np.flatnonzero(identification == 0)
    if len(rows):
        # Nothing else tells the packets of a stream apart; the first bytes hold the sequence number of RTP.
        first = (
            words(packets.buffer, packets.start[rows], 1, "<u8")[0] & _KEPT_BYTES[np.minimum(packets.length[rows], 8)]
        )
        digest[rows] ^= (first ^ first >> 32) * _FACTORS[2]
    digest ^= digest >> 29
    return np.asarray(digest * _FACTORS[3], np.uint64)


def _compiled_digest(
    core: compiled.Core, packets: Packets, identification: NDArray[np.uint16]
) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """The same, and the rows whose digest is there more than once."""
    digest, repeated = np.empty(len(packets), np.uint64), np.empty(len(packets), np.bool_)
    header = (packets.flow, packets.wire_length, packets.sequence, identification, packets.flags)
    payload = (packets.start, packets.length)
    found = core.repeated(_FACTORS, packets.buffer, *header, *payload, digest, repeated)
    return digest, np.flatnonzero(repeated) if found else np.empty(0, np.int64)


def _window(packets: Packets, identification: NDArray[np.uint16], rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """How long after its original a copy may come, for each of *rows*; negative where nothing is proved by it."""
    anonymous = np.where(packets.wire_length[rows] > 0, ANONYMOUS_WINDOW, -1)
    return np.where(identification[rows] > 0, WINDOW, anonymous)


def _copies(
    packets: Packets, digest: NDArray[np.uint64], rows: NDArray[np.int64], window: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Those of *rows* that are copies of an earlier one."""
    digest = digest[rows].copy()
    for number, word in enumerate(words(packets.buffer, packets.start[rows], _WORDS, "<u8")):
        digest ^= (word & _KEPT_BYTES[np.clip(packets.length[rows] - number * 8, 0, 8)]) + _FACTORS[4]
        digest *= _FACTORS[0]
    order = np.argsort(digest, kind="stable")
    before, after = rows[order[:-1]], rows[order[1:]]
    near = (digest[order[:-1]] == digest[order[1:]]) & (packets.length[before] == packets.length[after])
    near &= np.abs(packets.time[after] - packets.time[before]) <= window[order[1:]]
    before, after = before[near], after[near]
    copies: NDArray[np.int64] = after[_equal(packets, before, after)]
    return copies


def _equal(packets: Packets, first: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether payloads of equal length are equal, pair by pair."""
    lengths = packets.length[first]
    equal = np.ones(len(first), np.bool_)
    for length in sorted(set(lengths[lengths > 0].tolist())):
        pairs = np.flatnonzero(lengths == length)
        step = max(_PIECE // length, 1)
        for begin in range(0, len(pairs), step):
            some = pairs[begin : begin + step]
            sides = (words(packets.buffer, packets.start[rows[some]], length, "u1") for rows in (first, second))
            equal[some] = np.equal(*sides).all(axis=0)
    return equal
