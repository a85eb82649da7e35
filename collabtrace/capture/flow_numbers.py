"""Which flow each payload belongs to: five-tuples numbered without a Python object per packet.

A table of slots, addressed by a hash of the five-tuple, remembers one flow each. What a slot says is believed only
if the whole five-tuple is equal, so hash collisions cost time and nothing else.
"""

import numpy as np
from numpy.typing import NDArray

from collabtrace.capture.addresses import address
from collabtrace.capture.datagrams import TRANSPORTS, Payloads
from collabtrace.capture.packets import Flows

_FACTORS = [np.uint64(factor) for factor in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)]
_SPREAD = np.uint64(0xD6E8FEB86659FD93)
"""Odd numbers without pattern: multiplied with them, every bit of a word moves many bits of the hash."""
_SLOT_BITS = 16
_ROUNDS = 4
"""Attempts to tell new flows apart many at a time; what is left is told apart one by one."""


class FlowNumbers:
    """Numbers the five-tuples of one file in the order in which they first appear."""

    def __init__(self, flows: Flows) -> None:
        """Add new five-tuples to *flows*."""
        self._flows = flows
        self._numbers: dict[tuple[int, ...], int] = {}
        self._slots = np.full(1 << _SLOT_BITS, -1, np.int32)
        # The last row of each column is never used: it is what a slot without a flow (-1) finds.
        self._ends = np.zeros(1024, np.uint64)
        self._kind = np.zeros(1024, np.uint64)
        self._wide = np.zeros((3, 1024), np.uint64)

    def number(self, payloads: Payloads) -> NDArray[np.int32]:
        """The flow of each of the payloads."""
        mixed = _mix(payloads)
        slot = mixed >> np.uint64(64 - _SLOT_BITS)
        flow: NDArray[np.int32] = self._slots[slot]
        same = (self._ends[flow] == payloads.ends) & (self._kind[flow] == payloads.kind)
        for known, given in zip(self._wide, payloads.wide, strict=False):
            same &= known[flow] == given
        new = np.flatnonzero(~same)
        if len(new):
            leader = _leaders(payloads, mixed, new)
            heads = new[leader == new]
            numbers = np.zeros(len(flow), np.int32)
            numbers[heads] = [self._resolve(*key) for key in _keys(payloads, heads)]
            self._slots[slot[heads]] = numbers[heads]
            flow[new] = numbers[leader]
        return flow

    def _resolve(self, *key: int) -> int:
        """The number of one five-tuple, which may be new."""
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = self._add(*key)
            if number + 1 == len(self._ends):
                self._grow()
            self._ends[number], self._kind[number], *_ = key[:2]
            self._wide[:, number] = key[2:]
        return number

    def _add(self, ends: int, kind: int, *wide: int) -> int:
        if kind & 0xFF == 4:
            packed = ends.to_bytes(8, "big")
        else:
            packed = b"".join(word.to_bytes(8, "big") for word in (ends, *wide))
        half = len(packed) // 2
        source, target = address(packed[:half]), address(packed[half:])
        return self._flows.add(source, kind >> 32, target, kind >> 16 & 0xFFFF, TRANSPORTS[kind >> 8 & 0xFF])

    def _grow(self) -> None:
        self._ends = np.concatenate([self._ends, np.zeros_like(self._ends)])
        self._kind = np.concatenate([self._kind, np.zeros_like(self._kind)])
        self._wide = np.concatenate([self._wide, np.zeros_like(self._wide)], axis=1)


def _mix(payloads: Payloads) -> NDArray[np.uint64]:
    mixed = payloads.ends * _FACTORS[0] ^ payloads.kind
    for word, factor in zip(payloads.wide, _FACTORS, strict=False):
        mixed ^= (word + factor) * factor
    mixed ^= mixed >> np.uint64(29)
    mixed *= _SPREAD
    return mixed


def _leaders(payloads: Payloads, mixed: NDArray[np.uint64], rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each of *rows* the first of them that has the same five-tuple, or nearly always the first."""
    leader = np.arange(len(mixed))
    first = np.empty(1 << _SLOT_BITS, np.int64)
    left = rows
    for attempt in range(_ROUNDS):
        slot = mixed[left] >> np.uint64(64 - _SLOT_BITS - attempt * 8) & np.uint64((1 << _SLOT_BITS) - 1)
        # Of several values written to one place the last one stays, so the earliest row is written last.
        first[slot[::-1]] = left[::-1]
        head = first[slot]
        same = (payloads.ends[head] == payloads.ends[left]) & (payloads.kind[head] == payloads.kind[left])
        for word in payloads.wide:
            same &= word[head] == word[left]
        leader[left[same]] = head[same]
        left = left[~same]
        if not len(left):
            break
    return leader[rows]


def _keys(payloads: Payloads, rows: NDArray[np.int64]) -> list[tuple[int, ...]]:
    """The five-tuples of *rows* as numbers."""
    wide = [word[rows].tolist() for word in payloads.wide] or [[0] * len(rows)] * 3
    return list(zip(payloads.ends[rows].tolist(), payloads.kind[rows].tolist(), *wide, strict=True))
