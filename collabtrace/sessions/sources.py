"""Sources of RTP: one SSRC in one flow each, numbered in about the order in which they appear."""

from array import array
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from collabtrace.capture.packets import Flows, Packets

MOST_IN_FLOW = 256
"""SSRCs of one flow that are told apart; ciphertext that looks like RTP has a new one in every packet."""

Ends: TypeAlias = tuple[str, int, str, int]
"""Address and port from and to which a flow goes."""


class Sources:
    """The sources of one file; the lists have an entry for each."""

    def __init__(self) -> None:
        """Know no source yet."""
        self.flow = array("q")
        self.ssrc = array("q")
        self.ttl = array("B")
        """Of the first packet."""
        self._numbers: dict[int, int] = {}
        """By flow and SSRC, put together as in ``_key``."""
        self._names: dict[tuple[Ends, int], int] = {}
        self._in_flow: dict[int, int] = {}
        self._last_ssrc = np.empty(0, dtype=np.int64)
        """Of each flow; -1 where it had none. Nearly always the next packet has the same."""
        self._last_source = np.empty(0, dtype=np.int32)

    def __len__(self) -> int:
        return len(self.flow)

    def number(self, packets: Packets, rows: NDArray[np.int64], ssrcs: NDArray[np.uint32]) -> NDArray[np.int32]:
        """The source of each of the *rows* with its SSRC, new ones numbered; -1 for one too many in its flow."""
        flow, ssrc = packets.flow[rows], ssrcs.astype(np.int64)
        self._grow(int(flow.max()) + 1)
        odd = np.flatnonzero(self._last_ssrc[flow] != ssrc)
        fresh = odd[self._last_ssrc[flow[odd]] < 0]
        if len(fresh):
            first = _first_of_each(flow[fresh], fresh)
            self._remember(flow[first], ssrc[first], self._look_up(packets, rows[first], ssrc[first]))
            odd = odd[self._last_ssrc[flow[odd]] != ssrc[odd]]
        source = self._last_source[flow]
        if len(odd):
            _, first, which = np.unique(_key(flow[odd], ssrc[odd]), return_index=True, return_inverse=True)
            source[odd] = self._look_up(packets, rows[odd[first]], ssrc[odd[first]])[which]
            known = odd[source[odd] >= 0]
            self._remember(flow[known], ssrc[known], source[known])
        return source

    def find(self, flows: Flows, ends: Ends, ssrc: int) -> int:
        """The source with *ssrc* that sends from and to *ends*; a KeyError where there is none."""
        if len(self._names) != len(self):
            pairs = list(zip(flows.source, flows.source_port, flows.target, flows.target_port, strict=True))
            own = zip(self.flow, self.ssrc, strict=True)
            self._names = {(pairs[flow], ssrc): number for number, (flow, ssrc) in enumerate(own)}
        return self._names[ends, ssrc]

    def _grow(self, flows: int) -> None:
        if flows > len(self._last_ssrc):
            room = flows + flows // 2 - len(self._last_ssrc)
            self._last_ssrc = np.concatenate([self._last_ssrc, np.full(room, -1, dtype=np.int64)])
            self._last_source = np.concatenate([self._last_source, np.full(room, -1, dtype=np.int32)])

    def _remember(self, flow: NDArray[np.int32], ssrc: NDArray[np.int64], source: NDArray[np.int32]) -> None:
        self._last_ssrc[flow] = ssrc
        self._last_source[flow] = source

    def _look_up(self, packets: Packets, rows: NDArray[np.int64], ssrcs: NDArray[np.int64]) -> NDArray[np.int32]:
        """The number of the source of each of these packets, one packet a source."""
        keys = _key(packets.flow[rows], ssrcs).tolist()
        numbers = np.empty(len(rows), dtype=np.int32)
        for at, (row, key) in enumerate(zip(rows.tolist(), keys, strict=True)):
            number = self._numbers.get(key)
            numbers[at] = self._new(packets, row, key) if number is None else number
        return numbers

    def _new(self, packets: Packets, row: int, key: int) -> int:
        """Number the source *key*, of which the packet in *row* is the first; -1 where its flow has too many."""
        flow = key >> 32
        crowd = self._in_flow.get(flow, 0)
        if crowd == MOST_IN_FLOW:
            return -1
        self._in_flow[flow] = crowd + 1
        number = self._numbers[key] = len(self.flow)
        self.flow.append(flow)
        self.ssrc.append(key & 0xFFFFFFFF)
        self.ttl.append(int(packets.ttl[row]))
        return number


def _key(flow: NDArray[np.int32], ssrc: NDArray[np.int64]) -> NDArray[np.int64]:
    return flow.astype(np.int64) << 32 | ssrc


def _first_of_each(flow: NDArray[np.int32], rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Of the *rows* (ascending) with their *flow*, the first of each flow."""
    first = np.empty(int(flow.max()) + 1, dtype=np.int64)
    first[flow[::-1]] = rows[::-1]
    begins: NDArray[np.int64] = rows[first[flow] == rows]
    return begins
