"""The gaps of one stream: when numbers were missing, and how many."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from collabtrace.capture.packets import Flows
from collabtrace.schema import Stream
from collabtrace.sessions.media_packets import MediaPackets
from collabtrace.sessions.sequences import sequences

NANO = 1e9
"""Nanoseconds in a second."""


@dataclass(frozen=True, slots=True)
class Gaps:
    """Runs of sequence numbers that never came, in the order of time; one value a gap."""

    begin: NDArray[np.float64]
    """Time of the packet before the gap, in seconds since the epoch."""
    end: NDArray[np.float64]
    """Time of the packet that ended it."""
    frame: NDArray[np.int64]
    """Frame of the packet that ended it."""
    missing: NDArray[np.int64]
    """Packets that never came."""

    def __len__(self) -> int:
        return len(self.begin)

    def seconds_within(self, begin: float, end: float) -> float:
        """How long it was in gaps from *begin* to *end*."""
        return float(np.clip(np.minimum(self.end, end) - np.maximum(self.begin, begin), 0, None).sum())

    def missing_during(self, other: "Gaps") -> int:
        """Packets missing in those gaps that a gap of the *other* stream overlaps."""
        if not len(other):
            return 0
        # Gaps of one stream follow each other, so the first that ends after a time is the only one to look at.
        first = np.minimum(np.searchsorted(other.end, self.begin, side="right"), len(other) - 1)
        overlap = (other.begin[first] < self.end) & (other.end[first] > self.begin)
        return int(self.missing[overlap].sum())


def build(packets: MediaPackets, flows: Flows, stream: Stream) -> Gaps:
    """The gaps of *stream*, which is a stream of *packets*."""
    own = packets.of_stream(flows, stream)
    found = sequences(own.sequence, own.timestamp, own.bounds).every_gap
    order = np.argsort(found.after, kind="stable")
    after = found.after[order]
    begin, end = own.time[np.maximum(after - 1, 0)] / NANO, own.time[after] / NANO
    return Gaps(begin, end, own.frame[after].astype(np.int64), found.size[order])
