"""Loss, from the sequence numbers of many streams at once (RFC 3550 §A.1 and §A.3).

Sequence numbers are extended past 16 bits by the shortest way from packet to packet, in the order of arrival, so
that wrapping, loss, reordering and repetition all come out right as long as no step exceeds 32,767.
A sender that starts anew under the same SSRC jumps too; it is told from loss by its timestamps.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MAX_DROPOUT = 3000
"""Packets that may be missing at once before a jump forward may be a new start (RFC 3550 §A.1)."""
MAX_MISORDER = 100
"""Packets by which one may be late before a jump back may be a new start (RFC 3550 §A.1)."""
NEAR = 50
"""Numbers between a packet and the one before it for it to count as ``near``."""
SHARED = (0.5, 2.0)
"""Ticks per number in a jump, against those between neighbours, within which the timestamps jump along."""


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
    gaps: NDArray[np.int64]
    """Runs of numbers that never came."""
    longest_gap: NDArray[np.int64]
    longest_gap_at: NDArray[np.int64]
    """Position of the first packet after the longest gap; -1 where there is none."""
    near: NDArray[np.int64]
    """Packets that are at most ``NEAR`` numbers away from the one before: what RTP does and chance does not."""


def sequences(numbers: NDArray[np.uint16], timestamps: NDArray[np.uint32], bounds: NDArray[np.int64]) -> Sequences:
    """What *numbers* tell: stream after stream in the order of arrival, each between two of *bounds*, none empty."""
    streams = len(bounds) - 1
    sizes = np.diff(bounds)
    steps = np.diff(numbers, prepend=numbers[:1]).view(np.int16)
    steps[bounds[:-1]] = 1
    uneven = np.flatnonzero(steps != 1)
    stream = np.searchsorted(bounds, uneven, side="right") - 1
    odd = steps[uneven].astype(np.int64)
    far = np.bincount(stream[np.abs(odd) > NEAR], minlength=streams)
    result = _blank(sizes, sizes - 1 - far)
    hard = np.bincount(stream[(odd < 1) | (odd >= MAX_DROPOUT)], minlength=streams) > 0
    easy = ~hard[stream]
    _fill_gaps(result, stream[easy], odd[easy] - 1, uneven[easy])
    result.expected[:] += result.lost
    if hard.any():
        _fill_hard(result, np.flatnonzero(hard), steps, timestamps, bounds)
    return result


def _blank(sizes: NDArray[np.int64], near: NDArray[np.int64]) -> Sequences:
    """The values of streams in which nothing is missing."""
    zeros = np.zeros((5, len(sizes)), dtype=np.int64)
    return Sequences(sizes, zeros[0], zeros[1], zeros[2], zeros[3], zeros[4], np.full(len(sizes), -1), near)


def _fill_gaps(
    result: Sequences, stream: NDArray[np.int64], missing: NDArray[np.int64], after: NDArray[np.int64]
) -> None:
    """Count gaps: in *stream*, *missing* numbers (more than 0) before the packet *after*; ascending within a stream."""
    streams = len(result.gaps)
    result.lost[:] += np.bincount(stream, missing, streams).astype(np.int64)
    result.gaps[:] += np.bincount(stream, minlength=streams)
    np.maximum.at(result.longest_gap, stream, missing)
    longest = np.flatnonzero(missing == result.longest_gap[stream])[::-1]
    result.longest_gap_at[stream[longest]] = after[longest]


def _fill_hard(
    result: Sequences,
    hard: NDArray[np.int64],
    steps: NDArray[np.int16],
    timestamps: NDArray[np.uint32],
    bounds: NDArray[np.int64],
) -> None:
    """Count in the streams *hard*, whose numbers also fall, repeat or jump."""
    sizes = np.diff(bounds)[hard]
    begins = np.cumsum(sizes) - sizes
    origin = np.repeat(bounds[hard] - begins, sizes) + np.arange(sizes.sum())
    owner = np.repeat(hard, sizes)
    step = steps[origin].astype(np.int64)
    ticks = np.diff(timestamps[origin], prepend=timestamps[:1]).view(np.int32)
    starts = _new_starts(step, ticks, np.repeat(np.arange(len(hard)), sizes), begins)
    place, tops = _places(step, starts)
    heads = np.flatnonzero(starts)
    result.expected[hard] = np.bincount(owner[heads], tops, len(result.gaps)).astype(np.int64)[hard]
    order = np.argsort(place, kind="stable")
    apart = np.diff(place[order])
    within = np.diff(np.cumsum(starts)[order]) == 0
    later, owners = order[1:], owner[order[1:]]
    result.repeated[:] += np.bincount(owners[within & (apart == 0)], minlength=len(result.gaps))
    behind = place < np.maximum.accumulate(place)
    result.reordered[:] += np.bincount(owner[behind], minlength=len(result.gaps))
    gap = within & (apart > 1)
    _fill_gaps(result, owners[gap], apart[gap] - 1, origin[later[gap]])


def _places(step: NDArray[np.int64], starts: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where each packet belongs when every run lies above the one before it, and the numbers that each run spans."""
    extended = np.cumsum(step)
    heads = np.flatnonzero(starts)
    sizes = np.diff(heads, append=len(step))
    low = np.minimum.reduceat(extended, heads)
    spans = np.maximum.reduceat(extended, heads) - low + 1
    base = np.cumsum(spans) - spans
    return extended + np.repeat(base - low, sizes), spans


def _new_starts(
    step: NDArray[np.int64], ticks: NDArray[np.int32], stream: NDArray[np.int64], begins: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Packets from which a sender counts anew: a jump that its timestamps do not share, and the number that follows."""
    even = step == 1
    even[begins] = False
    together = np.bincount(stream[even], ticks[even], len(begins))
    usual = together / np.maximum(np.bincount(stream[even], minlength=len(begins)), 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        shared = ticks / (step * usual[stream])
    jump = (step >= MAX_DROPOUT) | (step <= -MAX_MISORDER)
    starts: NDArray[np.bool_] = jump & np.append(even[1:], False) & ~((shared > SHARED[0]) & (shared < SHARED[1]))
    starts[begins] = True
    return starts
