"""Which payload types one stream used in a span of time, and how often."""

from typing import NamedTuple

import numpy as np

from collabtrace.capture.packets import Flows
from collabtrace.protocols.rtp import PAYLOAD_TYPE_MASK
from collabtrace.schema import Stream
from collabtrace.sessions.media_packets import MediaPackets

NANO = 1e9
"""Nanoseconds in a second."""


class Use(NamedTuple):
    """The packets of one payload type."""

    packets: int
    frame: int
    """Of the first."""
    first: float
    """Seconds since the epoch."""
    last: float


def build(packets: MediaPackets, flows: Flows, stream: Stream, begin: float, end: float) -> dict[int, Use]:
    """The payload types of *stream* from *begin* to *end*, in the order of their numbers."""
    own = packets.of_stream(flows, stream)
    chosen = np.flatnonzero((own.time >= begin * NANO) & (own.time <= end * NANO))
    kinds = own.mark[chosen] & np.uint8(PAYLOAD_TYPE_MASK)
    found: dict[int, Use] = {}
    for kind in np.unique(kinds).tolist():
        its = chosen[kinds == kind]
        first, last = own.time[its[0]] / NANO, own.time[its[-1]] / NANO
        found[kind] = Use(len(its), int(own.frame[its[0]]), float(first), float(last))
    return found
