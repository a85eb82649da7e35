"""Which flow each payload belongs to: five-tuples numbered without a Python object per packet.

A table of slots, addressed by a hash of the five-tuple, remembers one flow each. What a slot says is believed only
if the whole five-tuple is equal, so hash collisions cost time and nothing else.
"""

from collections.abc import Iterator, Sequence
from itertools import repeat
from operator import itemgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from collabtrace import compiled
from collabtrace.capture.addresses import address
from collabtrace.capture.datagrams import TRANSPORTS, Payloads
from collabtrace.capture.packets import Flows

_FACTORS = [np.uint64(factor) for factor in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)]
_SPREAD = np.uint64(0xD6E8FEB86659FD93)
"""Odd numbers without pattern: multiplied with them, every bit of a word moves many bits of the hash."""
_HASH_OF_4 = np.array([_FACTORS[0], _SPREAD])
"""What the hash is made with where addresses are short."""
_FEWEST_SLOT_BITS, _MOST_SLOT_BITS = 16, 20
_LEADER_BITS = 16
_ROUNDS = 4
"""Attempts to tell new flows apart many at a time; what is left is told apart one by one."""


class FlowNumbers:
    """Numbers the five-tuples of one file in the order in which they first appear."""

    def __init__(self, flows: Flows) -> None:
        """Add new five-tuples to *flows*."""
        self._flows = flows
        self._numbers: dict[int, int] = {}
        """By the five-tuple as one number: a tuple of several would take thrice the memory."""
        self._slots = np.full(1 << _FEWEST_SLOT_BITS, -1, np.int32)
        # The last place of each column is never used: it is what a slot without a flow (-1) finds.
        self._ends = np.zeros(1024, np.uint64)
        self._kind = np.zeros(1024, np.uint64)
        self._wide = np.zeros((3, 1024), np.uint64)

    def number(self, parts: Sequence[Payloads]) -> list[NDArray[np.int32]]:
        """The flow of each of the payloads of one chunk, part by part."""
        found = [self._look_up(part) for part in parts]
        known = len(self._numbers)
        heads = [head for each in found for head in each.heads()]
        heads.sort(key=itemgetter(0))
        numbers = self._numbers
        for _, key, each, place in heads:
            number = numbers.get(key)
            if number is None:
                number = numbers[key] = len(numbers)
                self._add(key)
            each.flow[place] = number
        for each in found:
            each.flow[each.rows] = each.flow[each.leader]
            self._keep(each, known)
        if len(self._numbers) << 1 > len(self._slots) and len(self._slots) < 1 << _MOST_SLOT_BITS:
            self._slots = np.full(len(self._slots) << 2, -1, np.int32)
        return [each.flow for each in found]

    def _look_up(self, part: Payloads) -> "_Found":
        """Find the flows that are known."""
        if compiled.core is not None and not len(part.wide):
            return self._look_up_compiled(compiled.core, part)
        mixed = _mix(part)
        slot = mixed >> np.uint64(65 - len(self._slots).bit_length())
        flow: NDArray[np.int32] = self._slots[slot]
        same = (self._ends[flow] == part.ends) & (self._kind[flow] == part.kind)
        for known, given in zip(self._wide, part.wide, strict=False):
            same &= known[flow] == given
        rows = np.flatnonzero(~same)
        return _Found(part, flow, slot, rows, _leaders(part, mixed, rows))

    def _look_up_compiled(self, core: compiled.Core, part: Payloads) -> "_Found":
        """The same for IPv4."""
        mixed, flow = np.empty(len(part.ends), np.uint64), np.empty(len(part.ends), np.int32)
        core.flows(_HASH_OF_4, self._slots, self._ends, self._kind, part.ends, part.kind, mixed, flow)
        rows = np.flatnonzero(flow < 0)
        slot = mixed >> np.uint64(65 - len(self._slots).bit_length())
        return _Found(part, flow, slot, rows, _leaders(part, mixed, rows))

    def _add(self, key: int) -> None:
        """Add the five-tuple to the flows."""
        length = 4 if key & 0xFF == 4 else 16
        ends = (key >> 48).to_bytes(2 * length, "big")
        source, target = address(ends[:length]), address(ends[length:])
        transport = TRANSPORTS[key >> 8 & 0xFF]
        self._flows.add(source, key >> 32 & 0xFFFF, target, key >> 16 & 0xFFFF, transport)

    def _keep(self, found: "_Found", known: int) -> None:
        """Make the flows that were looked up in vain be found from now on."""
        self._slots[found.slot[found.rows]] = found.flow[found.rows]
        while len(self._numbers) >= len(self._ends):
            self._ends = np.concatenate([self._ends, np.zeros_like(self._ends)])
            self._kind = np.concatenate([self._kind, np.zeros_like(self._kind)])
            self._wide = np.concatenate([self._wide, np.zeros_like(self._wide)], axis=1)
        new = found.leader[found.flow[found.leader] >= known]
        number, part = found.flow[new], found.part
        self._ends[number], self._kind[number] = part.ends[new], part.kind[new]
        if len(part.wide):
            self._wide[:, number] = part.wide[:, new]


class _Found(NamedTuple):
    """The flows of some payloads, as far as they are known."""

    part: Payloads
    flow: NDArray[np.int32]
    """Right for those not among ``rows``."""
    slot: NDArray[np.uint64]
    rows: NDArray[np.int64]
    """Those whose flow is not known."""
    leader: NDArray[np.int64]
    """For each of them the first one with the same five-tuple, or one of several such."""

    def heads(self) -> Iterator[tuple[int, int, "_Found", int]]:
        """Packet, five-tuple as one number, and place of each leader."""
        places = self.rows[self.leader == self.rows]
        keys = self.part.ends[places].astype(object)
        for words in self.part.wide:
            keys = keys << 64 | words[places]
        keys = keys << 48 | self.part.kind[places]
        return zip(self.part.row[places].tolist(), keys.tolist(), repeat(self), places.tolist(), strict=False)


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
    first = np.empty(1 << _LEADER_BITS, np.int64)
    left = rows
    for attempt in range(_ROUNDS):
        slot = mixed[left] >> np.uint64(64 - _LEADER_BITS - attempt * 8) & np.uint64((1 << _LEADER_BITS) - 1)
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
