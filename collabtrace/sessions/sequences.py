"""Loss, from the sequence numbers of many streams at once (RFC 3550 §A.1 and §A.3).

Sequence numbers are extended past 16 bits by the shortest way from packet to packet, in the order of arrival, so
that wrapping, loss, reordering and repetition all come out right as long as no step exceeds 32,767.
A sender that starts anew under the same SSRC jumps too; it is told from loss by its timestamps. A single packet
whose number fits nothing before or after it (RFC 3550 §A.1) counts as received and tells nothing of others.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

MAX_DROPOUT = 3000
"""Packets that may be missing at once before a jump forward may be a new start (RFC 3550 §A.1)."""
MAX_MISORDER = 100
"""Packets by which one may be late before a jump back may be a new start (RFC 3550 §A.1)."""
SHARED = (0.5, 2.0)
"""Ticks per number in a jump, against those between neighbours, within which the timestamps jump along."""
NEAR = 50
"""Numbers between a packet and the one before it for it to count as ``near``."""


class Gaps(NamedTuple):
    """Runs of numbers that never came; one value a gap."""

    stream: NDArray[np.int64]
    after: NDArray[np.int64]
    """Position of the packet with the next higher number, which ends the gap."""
    size: NDArray[np.int64]
    """Numbers missing."""


@dataclass(frozen=True, slots=True)
class Sequences:
    """What the sequence numbers of each stream tell; one value a stream."""

    expected: NDArray[np.int64]
    """Highest minus lowest extended sequence number plus one; after a new start, the sum over the runs."""
    lost: NDArray[np.int64]
    """Numbers that never came."""
    repeated: NDArray[np.int64]
    """Packets with a number that had come before."""
    reordered: NDArray[np.int64]
    """Packets that came after one with a higher number."""
    near: NDArray[np.int64]
    """Packets that are at most ``NEAR`` numbers away from the one before: what RTP does and chance does not."""
    gaps: NDArray[np.int64]
    """Runs of numbers that never came."""
    longest_gap: NDArray[np.int64]
    """Numbers missing in the longest of them."""
    longest_gap_at: NDArray[np.int64]
    """Position of the packet that ended it; -1 where there is none."""
    every_gap: Gaps


def sequences(numbers: NDArray[np.uint16], timestamps: NDArray[np.uint32], bounds: NDArray[np.int64]) -> Sequences:
    """What *numbers* tell: stream after stream in the order of arrival, each between two of *bounds*, none empty."""
    sizes = np.diff(bounds)
    steps = np.diff(numbers, prepend=numbers[:1]).view(np.int16)
    steps[bounds[:-1]] = 1
    uneven = np.flatnonzero(steps != 1)
    stream = np.searchsorted(bounds, uneven, side="right") - 1
    odd = steps[uneven].astype(np.int64)
    near = sizes - 1 - np.bincount(stream[np.abs(odd) > NEAR], minlength=len(sizes))
    hard = np.bincount(stream[(odd < 1) | (odd >= MAX_DROPOUT)], minlength=len(sizes)) > 0
    easy = ~hard[stream]
    gaps = Gaps(stream[easy], uneven[easy], odd[easy] - 1)
    repeated, reordered = np.zeros((2, len(sizes)), dtype=np.int64)
    if hard.any():
        chosen = np.flatnonzero(hard)
        more, repeated[chosen], reordered[chosen] = _any_order(_Picked(chosen, steps, timestamps, bounds))
        gaps = Gaps(*(np.concatenate(pair) for pair in zip(gaps, more, strict=True)))
    lost = np.bincount(gaps.stream, gaps.size, len(sizes)).astype(np.int64)
    number = np.bincount(gaps.stream, minlength=len(sizes))
    longest, at = _longest(gaps, len(sizes))
    return Sequences(sizes - repeated + lost, lost, repeated, reordered, near, number, longest, at, gaps)


def _longest(gaps: Gaps, streams: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Size of the longest gap of each stream, and the packet that ended the first of that size."""
    longest = np.zeros(streams, dtype=np.int64)
    at = np.full(streams, -1, dtype=np.int64)
    np.maximum.at(longest, gaps.stream, gaps.size)
    ties = np.flatnonzero(gaps.size == longest[gaps.stream])[::-1]
    at[gaps.stream[ties]] = gaps.after[ties]
    return longest, at


class _Picked:
    """The packets of the streams *chosen* alone, without strays, and the position in which each was before."""

    def __init__(
        self,
        chosen: NDArray[np.int64],
        steps: NDArray[np.int16],
        timestamps: NDArray[np.uint32],
        bounds: NDArray[np.int64],
    ) -> None:
        sizes = np.diff(bounds)[chosen]
        begins = np.cumsum(sizes) - sizes
        self.chosen = chosen
        self.stream = np.repeat(np.arange(len(chosen)), sizes)
        self.origin = np.repeat(bounds[chosen] - begins, sizes) + np.arange(sizes.sum())
        self.step = steps[self.origin].astype(np.int64)
        self.first = np.zeros(len(self.step), dtype=np.bool_)
        self.first[begins] = True
        self.jump = self._jumps(np.diff(timestamps[self.origin], prepend=timestamps[:1]).view(np.int32))
        self._drop_strays()

    def _jumps(self, ticks: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Packets whose number is far from that of the one before, and whose timestamp, *ticks* away, is not as far."""
        even = (self.step == 1) & ~self.first
        streams = len(self.chosen)
        together = np.bincount(self.stream[even], ticks[even], streams)
        usual = together / np.maximum(np.bincount(self.stream[even], minlength=streams), 1)
        with np.errstate(divide="ignore", invalid="ignore"):
            shared = ticks / (self.step * usual[self.stream])
        far = (self.step >= MAX_DROPOUT) | (self.step <= -MAX_MISORDER)
        jumps: NDArray[np.bool_] = far & ~self.first & ~((shared > SHARED[0]) & (shared < SHARED[1]))
        return jumps

    def _drop_strays(self) -> None:
        """Leave out single packets that jump where the next takes up the old count, or none follows."""
        last = np.append(self.first[1:], True)
        back = np.append(self.step[1:], 0) + self.step
        stray = self.jump & (last | np.append(self.jump[1:], False) & (np.abs(back) < MAX_MISORDER))
        # Of two jumps in a row the second returns, and is no stray itself.
        stray[1:] &= ~stray[:-1] | self.first[1:]
        if not stray.any():
            return
        after = np.flatnonzero(stray & ~last) + 1
        self.step[after] += self.step[after - 1]
        self.jump[after] = False
        for name in ("stream", "origin", "step", "first", "jump"):
            setattr(self, name, getattr(self, name)[~stray])


def _any_order(packets: _Picked) -> tuple[Gaps, NDArray[np.int64], NDArray[np.int64]]:
    """The gaps of streams whose numbers also fall, repeat or jump; and the packets repeated and reordered in each."""
    starts = packets.first | (packets.jump & np.append(packets.step[1:] == 1, False))
    place = _places(packets.step, starts)
    order = np.argsort(place, kind="stable")
    apart = np.diff(place[order])
    # Where one run ends and the next begins in the sorted order nothing is missing.
    apart[np.diff(np.cumsum(starts)[order]) != 0] = 1
    later = order[1:]
    streams = len(packets.chosen)
    repeated = np.bincount(packets.stream[later[apart == 0]], minlength=streams)
    reordered = np.bincount(packets.stream[place < np.maximum.accumulate(place)], minlength=streams)
    ends = later[apart > 1]
    gaps = Gaps(packets.chosen[packets.stream[ends]], packets.origin[ends], apart[apart > 1] - 1)
    return gaps, repeated, reordered


def _places(step: NDArray[np.int64], starts: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Extended numbers, moved so that every run lies above the one before it."""
    extended = np.cumsum(step)
    heads = np.flatnonzero(starts)
    low = np.minimum.reduceat(extended, heads)
    span = np.maximum.reduceat(extended, heads) - low + 1
    lift = np.repeat(np.cumsum(span) - span - low, np.diff(heads, append=len(step)))
    place: NDArray[np.int64] = extended + lift
    return place
