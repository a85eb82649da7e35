"""The DSCP that most packets of a flow or a source had (RFC 2474).

Nearly all packets of one have the same, so the most frequent so far is kept for each, and only packets that differ
from it are counted: those that the kernel sent before the application said how to mark them, or that a router on the
way marked because they exceed a contract. At a tie the one that was it before stays.
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
        self._usual = np.zeros(0, np.uint8)
        """The most frequent so far."""
        self._count = np.zeros(0, np.int64)
        self._known = 0
        self._others: defaultdict[int, Counter[int]] = defaultdict(Counter)
        """Packets that differ from it, by number and by DSCP."""

    def add(self, numbers: NDArray[np.int32], dscp: NDArray[np.uint8]) -> None:
        """Count the packets of one chunk, each with its number and its DSCP."""
        if not len(numbers):
            return
        self._note_new(numbers, dscp)
        self._count += np.bincount(numbers, minlength=len(self._count))
        odd = np.flatnonzero(dscp != self._usual[numbers])
        if len(odd):
            keys, counts = np.unique(numbers[odd].astype(np.int64) * VALUES + dscp[odd], return_counts=True)
            for key, count in zip(keys.tolist(), counts.tolist(), strict=True):
                self._others[key // VALUES][key % VALUES] += count
            for number in dict.fromkeys((keys // VALUES).tolist()):
                self._exchange(number, self._others[number])

    def _exchange(self, number: int, others: Counter[int]) -> None:
        """Take one of the *others* for the usual one, where it now is the most frequent."""
        most = max(others, key=others.__getitem__)
        same = int(self._count[number]) - others.total()
        if others[most] > same:
            del others[most]
            others[int(self._usual[number])] = same
            self._usual[number] = most

    def _note_new(self, numbers: NDArray[np.int32], dscp: NDArray[np.uint8]) -> None:
        now = int(numbers.max()) + 1
        if now <= self._known:
            return
        if now > len(self._usual):
            room = now + now // 2 - len(self._usual)
            self._usual = np.concatenate([self._usual, np.zeros(room, np.uint8)])
            self._count = np.concatenate([self._count, np.zeros(room, np.int64)])
        # Of several packets with one number the one written last stays, so the first comes last.
        new = np.flatnonzero(numbers >= self._known)[::-1]
        self._usual[numbers[new]] = dscp[new]
        self._known = now

    def usual(self, packets: NDArray[np.int64]) -> NDArray[np.int64]:
        """The most frequent DSCP of each number; *packets* has how many were counted of each."""
        return self._usual[: len(packets)].astype(np.int64)
