"""Interarrival jitter (RFC 3550 §6.4.1), for many streams at once and without a loop over packets.

The RFC's J(i) = J(i-1) + (abs D(i) - J(i-1)) / 16 is a linear recursion, y(i) = f y(i-1) + x(i) with f = 15/16.
Over a block of B packets that begins with y = 0 it is a matrix product; the value carried from block to block obeys
the same recursion with f to the power of B, so the carries are found by the same function. Nothing is approximated.
"""

import functools

import numpy as np
from numpy.typing import NDArray

GAIN = 1 / 16
"""How much of each new difference enters (RFC 3550 §A.8)."""
BLOCK = 64
FORGOTTEN = 12_000
"""Packets after which (15/16)**n is no longer a number apart from 0 in float64 next to anything measured."""


def jitter(differences: NDArray[np.float64], begins: NDArray[np.int64]) -> NDArray[np.float64]:
    """J after each packet, in the unit of *differences*.

    *differences* are D of all packets, stream after stream; each stream begins at one of *begins* (ascending, the
    first 0), where D does not exist and what is given is ignored.
    """
    if not len(differences):
        return differences
    steps = np.abs(differences) * GAIN
    steps[begins] = 0.0
    through = linear(steps, 1 - GAIN)
    # The recursion ran through all streams; what each inherited from those before it decays from its first packet on.
    inherited = np.concatenate([[0.0], through[begins[1:] - 1]])
    sizes = np.diff(begins, append=len(steps))
    age = np.arange(1, len(steps) + 1) - np.repeat(begins, sizes)
    through -= np.repeat(inherited, sizes) * _decay()[np.minimum(age, FORGOTTEN)]
    return np.maximum(through, 0.0, out=through)


def linear(values: NDArray[np.float64], factor: float) -> NDArray[np.float64]:
    """y(i) = *factor* y(i-1) + values(i), beginning with 0."""
    size = len(values)
    if size <= BLOCK:
        short: NDArray[np.float64] = _powers(factor)[:size, :size] @ values
        return short
    blocks = np.concatenate([values, np.zeros(-size % BLOCK)]).reshape(-1, BLOCK)
    results = blocks @ _powers(factor).T
    carried = linear(results[:, -1], factor**BLOCK)
    results[1:] += carried[:-1, None] * factor ** np.arange(1, BLOCK + 1)
    return results.reshape(-1)[:size]


@functools.cache
def _powers(factor: float) -> NDArray[np.float64]:
    """The matrix that applies the recursion to one block: *factor* to the power of row minus column, from 0 up."""
    distance = np.subtract.outer(np.arange(BLOCK), np.arange(BLOCK))
    return np.where(distance >= 0, factor ** np.maximum(distance, 0).astype(np.float64), 0.0)


@functools.cache
def _decay() -> NDArray[np.float64]:
    return (1 - GAIN) ** np.arange(FORGOTTEN + 1, dtype=np.float64)
