"""The DSCP that most packets of a flow or a source had (RFC 2474).

Nearly all packets of one have the same, so the first is kept for each, and only packets that differ from it are
counted: a connection whose first packet the kernel sent before the application said how to mark it, a router on the
way that marks what exceeds its contract.
"""

from collections import Counter, defaultdict

import numpy as np
from numpy.typing import NDArray

VALUES = 64
"""A DSCP has six bits."""


class Markings:
    """Counts by number (of a flow, of a source), fed chunk by chunk; new numbers follow those that are known."""

    def __init__(self) -> None:
        """Know no number yet."""
        self._first = np.zeros(0, np.uint8)
        self._known = 0
        self._others: Counter[int] = Counter()
        """Packets that differ from the first, by number and DSCP put together."""

    def add(self, numbers: NDArray[np.int32], dscp: NDArray[np.uint8]) -> None:
        """Count the packets of one chunk, each with its number and its DSCP."""
        if not len(numbers):
            return
        self._note_new(numbers, dscp)
        odd = np.flatnonzero(dscp != self._first[numbers])
        if len(odd):
            keys, counts = np.unique(numbers[odd].astype(np.int64) * VALUES + dscp[odd], return_counts=True)
            self._others.update(dict(zip(keys.tolist(), counts.tolist(), strict=True)))

    def _note_new(self, numbers: NDArray[np.int32], dscp: NDArray[np.uint8]) -> None:
        now = int(numbers.max()) + 1
        if now <= self._known:
            return
        if now > len(self._first):
            self._first = np.concatenate([self._first, np.zeros(now + now // 2 - len(self._first), np.uint8)])
        # Of several packets with one number the one written last stays, so the first comes last.
        new = np.flatnonzero(numbers >= self._known)[::-1]
        self._first[numbers[new]] = dscp[new]
        self._known = now

    def usual(self, packets: NDArray[np.int64]) -> NDArray[np.int64]:
        """The most frequent DSCP of each number; *packets* has how many were counted of each."""
        usual = self._first[: len(packets)].astype(np.int64)
        others: defaultdict[int, dict[int, int]] = defaultdict(dict)
        for key, count in self._others.items():
            others[key // VALUES][key % VALUES] = count
        for number, counts in others.items():
            value, most = max(counts.items(), key=lambda item: item[1])
            if most > int(packets[number]) - sum(counts.values()):
                usual[number] = value
        return usual
