"""TCP segments that were sent again (RFC 9293 §3.8.1), told from sequence numbers, many at a time.

A segment counts as sent again when its bytes lie wholly behind the furthest byte that its sender had sent before.
Those that come very soon after the one that passed them were more likely overtaken on the way, and a keep-alive
repeats one byte on purpose (§3.8.4): neither counts. So the count may be too small, hardly too large.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from collabtrace.capture.packets import Packets

OVERTAKEN = 3_000_000
"""Nanoseconds within which a segment is taken for overtaken; Wireshark draws the line at the same place."""
REACH = 1 << 26
"""Bytes of a step that is believed; after a further one, which is damage or a connection whose SYN the capture lacks,
the count goes on from there."""
EDGES = (("sent", np.bool_, (2,)), ("edge", np.int64, (2,)), ("passed", np.int64, (2,)))
"""What is kept of each side of a connection: whether it sent anything, the sequence number behind its furthest byte,
and when that byte was sent."""
_BITS = 44
"""Bits that hold a position of one chunk: at most 65,536 segments of at most ``REACH`` each."""


def repeats(
    packets: Packets, rows: NDArray[np.int64], lane: NDArray[np.int64], held: NDArray[Any]
) -> NDArray[np.int64]:
    """The places among *rows* whose segments were sent before; *lane* is twice the connection plus the side.

    *held* has the fields ``EDGES`` and is brought up to date.
    """
    if not len(rows):
        return np.empty(0, np.int64)
    order = np.argsort(lane, kind="stable")
    lanes, row = lane[order], rows[order]
    time, size = packets.time[row], packets.wire_length[row].astype(np.int64)
    head = np.insert(lanes[1:] != lanes[:-1], 0, True)
    begins = np.flatnonzero(head)
    group = np.cumsum(head) - 1
    sides = (lanes[begins] // 2, lanes[begins] % 2)
    edge, passed = held["edge"][sides], held["passed"][sides]

    sequence = packets.sequence[row].astype(np.int64)
    edge = np.where(held["sent"][sides], edge, sequence[begins])
    before = np.insert(sequence[:-1], 0, 0)
    before[begins] = edge
    step = ((sequence - before + (1 << 31)) & 0xFFFFFFFF) - (1 << 31)
    step = np.where(np.abs(step) > REACH, np.where(head, 0, np.insert(size[:-1], 0, 0)), step)
    total = np.cumsum(step)
    end = total - (total - step)[begins][group] + size

    # The furthest byte before each segment, from 0 at the edge; groups are kept apart by their number.
    reached = np.maximum.accumulate(np.maximum(end, 0) + (group << _BITS))
    furthest = np.insert(reached[:-1], 0, 0) - (group << _BITS)
    furthest[begins] = 0
    advances = end > furthest
    latest = np.maximum.accumulate(np.where(advances, np.arange(len(row)), -1))
    before_it = np.insert(latest[:-1], 0, -1)
    since = time - np.where(before_it >= begins[group], time[before_it], passed[group])
    again = ~advances & (since > OVERTAKEN) & ~((size == 1) & (end == furthest))

    last = latest[np.append(begins[1:], len(row)) - 1]
    held["edge"][sides] = np.where(last >= begins, sequence[last] + size[last] & 0xFFFFFFFF, edge)
    held["sent"][sides] = True
    held["passed"][sides] = np.where(last >= begins, time[last], passed)
    places: NDArray[np.int64] = order[again]
    return places
