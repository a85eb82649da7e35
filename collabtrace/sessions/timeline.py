"""One RTP stream over time: packets, loss and jitter in steps of equal length, for charts."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from collabtrace.capture.packets import Flows
from collabtrace.columns import Table
from collabtrace.protocols.rtp import PAYLOAD_TYPE_MASK
from collabtrace.schema import MediaLine, Stream
from collabtrace.sessions.formats import Formats, tick
from collabtrace.sessions.media_packets import Columns, MediaPackets
from collabtrace.sessions.sequences import sequences
from collabtrace.sessions.timing import arrival_jitter

MOST_STEPS = 120
"""Steps of a timeline: what a chart can show."""
NANO = 1e9
"""Nanoseconds in a second."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """The steps of one stream; step *i* begins at ``first + i * step``."""

    first: float
    """Seconds since the epoch."""
    step: float
    """Seconds."""
    packets: NDArray[np.int64]
    expected: NDArray[np.int64]
    """Packets and those lost before them."""
    lost: NDArray[np.int64]
    """Numbers that never came, in the step in which the next higher one came."""
    max_jitter_ms: NDArray[np.float64]
    """NaN where no packet came, or the clock is not known."""

    def __len__(self) -> int:
        return len(self.packets)


def build(packets: MediaPackets, flows: Flows, stream: Stream, media: Table[MediaLine] | None = None) -> Timeline:
    """The timeline of *stream*, which is a stream of *packets*."""
    own = packets.of_stream(flows, stream)
    first = int(own.time.min())
    step = _step((int(own.time.max()) - first) / NANO)
    place = ((own.time - first) / (step * NANO)).astype(np.int64)
    steps = int(place.max()) + 1
    order = sequences(own.sequence, own.timestamp, own.bounds)
    count = np.bincount(place, minlength=steps)
    lost = np.bincount(place[order.every_gap.after], order.every_gap.size, steps).astype(np.int64)
    return Timeline(first / NANO, step, count, count + lost, lost, _max_jitter(own, place, steps, stream, media))


def _step(duration: float) -> float:
    """The shortest step, a round number, of which ``MOST_STEPS`` cover *duration* (seconds)."""
    steps = (unit * 10.0**power for power in range(-1, 10) for unit in (1, 2, 5))
    return next(step for step in steps if duration < step * MOST_STEPS)


def _max_jitter(
    own: Columns, place: NDArray[np.int64], steps: int, stream: Stream, media: Table[MediaLine] | None
) -> NDArray[np.float64]:
    formats = Formats(Table.empty(MediaLine) if media is None else media)
    ticks = np.zeros(PAYLOAD_TYPE_MASK + 1)
    for kind, meant in formats.types(None if media is None else stream.media_row, stream.payload_types).items():
        ticks[kind] = tick(meant)
    packet_ticks = ticks[own.mark & PAYLOAD_TYPE_MASK]
    clocked = np.flatnonzero(packet_ticks)
    highest = np.full(steps, np.nan)
    if len(clocked):
        jitter = arrival_jitter(own, packet_ticks, clocked, np.zeros(1, dtype=np.int64))
        np.fmax.at(highest, place[clocked], jitter)
    return highest
