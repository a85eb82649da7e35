"""Every TCP connection of a file, counted chunk by chunk: who opened it, who ended it, what went each way.

A conversation (the same two ports) holds one connection after another; a SYN with another number begins a new one
(RFC 9293 §3.5). Only SYNs are looked at one by one, all other segments many at a time. Second copies of packets do
not count.

Until the end nobody has to know which side is the client: side 0 sends in the flow that was seen first.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from collabtrace.capture.packets import ACK, FIN, RST, SYN, Flows, Packets
from collabtrace.sessions.conversations import OTHER, Conversations
from collabtrace.sessions.segment_repeats import EDGES, repeats

CROSSING = 10**9
"""Nanoseconds within which the SYNs of both sides are taken for one connection: they crossed on the way (RFC 9293
§3.5), or a capture on several queues wrote the answer before the SYN."""
_UNKNOWN = -1
_NOTED = ("syn", "answer", "fin", "reset")
"""What is noted of each side with frame and time of the first; ``answer`` is a SYN that acknowledges one."""
_COUNTED = ("syns", "packets", "bytes", "plain", "repeated")
"""``plain`` are segments with neither SYN nor RST."""
RECORD = np.dtype(
    [
        ("conversation", np.int32),
        *((name, np.int64) for name in ("first_frame", "first", "last_frame", "last")),
        ("number", np.int64, (2,)),
        ("last_syn", np.int64, (2,)),
        *((f"{name}_frame", np.int64, (2,)) for name in _NOTED),
        *((name, np.int64, (2,)) for name in _NOTED),
        *((name, np.int64, (2,)) for name in _COUNTED),
        *EDGES,
    ]
)
"""One connection; what has two values is of side 0 and side 1. Times in nanoseconds; frame 0 is none."""


class ConnectionCounters:
    """The connections of one file."""

    def __init__(self, flows: Flows) -> None:
        """Begin without connections; *flows* are those of the packets that will come."""
        self.conversations = Conversations(flows)
        self._current = np.full(0, _UNKNOWN, np.int64)
        """The latest connection of each conversation."""
        self._held = np.zeros(256, RECORD)
        self._count = 0

    @property
    def records(self) -> NDArray[Any]:
        """The connections so far, as ``RECORD``."""
        return self._held[: self._count]

    def add(self, packets: Packets) -> None:
        """Count one chunk."""
        self.conversations.grow()
        numbers = self.conversations.numbers
        rows = np.flatnonzero((numbers[packets.flow] != OTHER) & ~packets.duplicate)
        if not len(rows):
            return
        self._current = np.append(self._current, np.full(len(numbers) - len(self._current), _UNKNOWN))
        conversation = numbers[packets.flow[rows]].astype(np.int64)
        side = (packets.flow[rows] != conversation).astype(np.int64)
        connection = self._connections(packets, rows, conversation, side)
        self._note(packets, rows, connection, side)
        self._sum(packets, rows, connection * 2 + side)

    def _connections(
        self, packets: Packets, rows: NDArray[np.int64], conversation: NDArray[np.int64], side: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """The connection of each of *rows*; new ones are added."""
        before = self._current[conversation]
        begun: list[tuple[int, int]] = []
        fresh, at = np.unique(conversation[before == _UNKNOWN], return_index=True)
        first = np.flatnonzero(before == _UNKNOWN)[at]
        for number, place in zip(fresh.tolist(), first.tolist(), strict=True):
            begun.append(self._begin(number, place, packets, rows))
        for place in np.flatnonzero(packets.flags[rows] & (SYN | RST) == SYN).tolist():
            row, number, own = int(rows[place]), int(conversation[place]), int(side[place])
            if self._opens(packets, row, int(self._current[number]), own):
                begun.append(self._begin(number, place, packets, rows))
            record = self._held[self._current[number]]
            record["number"][own], record["last_syn"][own] = packets.sequence[row], packets.time[row]
        if not begun:
            return before
        # Sorted by conversation and place, the last beginning at or before a row is that of its connection.
        begins, connections = np.array(begun, np.int64).T
        order = np.lexsort((connections, begins))
        begins, connections = begins[order], connections[order]
        found = np.searchsorted(begins, conversation << 32 | np.arange(len(rows)), side="right") - 1
        own = (found >= 0) & (begins[np.maximum(found, 0)] >> 32 == conversation)
        return np.where(own, connections[found], before)

    def _begin(self, conversation: int, place: int, packets: Packets, rows: NDArray[np.int64]) -> tuple[int, int]:
        """Begin a connection at a place of *rows*; conversation and place as one number, and the connection's."""
        if self._count == len(self._held):
            self._held = np.append(self._held, np.zeros(self._count, RECORD))
        number, row = self._count, rows[place]
        self._count += 1
        record = self._held[number]
        record["conversation"], record["number"] = conversation, _UNKNOWN
        record["first_frame"], record["first"] = packets.frame[row], packets.time[row]
        self._current[conversation] = number
        return conversation << 32 | place, number

    def _opens(self, packets: Packets, row: int, connection: int, side: int) -> bool:
        """Whether the SYN in *row* is of another connection than the latest of its conversation."""
        record = self._held[connection]
        own, other = int(record["number"][side]), int(record["number"][1 - side])
        if int(packets.flags[row]) & ACK and other != _UNKNOWN:
            return False
        if own != _UNKNOWN:
            return own != int(packets.sequence[row])
        if other != _UNKNOWN:
            return int(packets.time[row]) - int(record["last_syn"][1 - side]) > CROSSING
        return int(packets.frame[row]) != int(record["first_frame"])

    def _note(
        self, packets: Packets, rows: NDArray[np.int64], connection: NDArray[np.int64], side: NDArray[np.int64]
    ) -> None:
        """Note first and last packets, and the first of each kind."""
        held, flags = self.records, packets.flags[rows]
        held["last_frame"][connection], held["last"][connection] = packets.frame[rows], packets.time[rows]
        opens = flags & (SYN | RST) == SYN
        kinds = (opens & (flags & ACK == 0), opens & (flags & ACK != 0), flags & FIN != 0, flags & RST != 0)
        for name, kind in zip(_NOTED, kinds, strict=True):
            places = np.flatnonzero(kind)[::-1]
            places = places[held[f"{name}_frame"][connection[places], side[places]] == 0]
            # Of several written to one place the last one stays, which is the first of the capture.
            held[f"{name}_frame"][connection[places], side[places]] = packets.frame[rows[places]]
            held[name][connection[places], side[places]] = packets.time[rows[places]]

    def _sum(self, packets: Packets, rows: NDArray[np.int64], lane: NDArray[np.int64]) -> None:
        """Add up what went each way; a *lane* is one side of one connection."""
        held, flags, size = self.records, packets.flags[rows], packets.wire_length[rows]
        syn = flags & (SYN | RST) == SYN
        # RFC 9293 §3.8.3: data in a SYN is rare, and sent again after it where it was not taken.
        carrying = np.flatnonzero((size > 0) & (flags & (SYN | RST) == 0))
        again = carrying[repeats(packets, rows[carrying], lane[carrying], held)]
        counted = (syn & (flags & ACK == 0), None, size, flags & (SYN | RST) == 0, np.isin(np.arange(len(rows)), again))
        for name, weights in zip(_COUNTED, counted, strict=True):
            sums = np.bincount(lane, weights=weights, minlength=2 * len(held))
            held[name] += sums.reshape(-1, 2).astype(np.int64)
