"""The RTP of many calls at once, packet by packet as columns (RFC 3550)."""

import struct
from dataclasses import dataclass

import numpy as np
import packets
from numpy.typing import NDArray
from signalling import Call, source_id

JITTER_SECONDS = 0.002
RTP_HEADER = 12


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of media is cut into packets."""

    payload_type: int
    octets: int
    """Payload of a packet."""
    packets_per_frame: int
    frames_per_second: float
    clock_per_frame: int


AUDIO = Kind(0, 160, 1, 50, 160)
VIDEO = Kind(97, 1000, 4, 30, 3000)
PACE_SECONDS = 2e-4
"""Between two packets of one video frame."""


@dataclass(slots=True)
class Media:
    """All packets of all streams whose packets have the same size; one row a packet."""

    headers: NDArray[np.uint8]
    """For each stream everything in front of the payload, sequence number and timestamp still zero."""
    octets: int
    """Payload of a packet."""
    stream: NDArray[np.int32]
    """Row of ``headers``."""
    time: NDArray[np.float64]
    sequence: NDArray[np.uint16]
    timestamp: NDArray[np.uint32]
    marker: NDArray[np.bool_]

    def frames(self, rows: NDArray[np.int64], random: np.random.Generator) -> NDArray[np.uint8]:
        """The whole frames of some packets, one a line."""
        width = self.headers.shape[1]
        frames = np.empty((len(rows), width + self.octets), np.uint8)
        frames[:, :width] = self.headers[self.stream[rows]]
        frames[:, width - 11] |= self.marker[rows].astype(np.uint8) << 7
        frames[:, width - 10 : width - 8] = self.sequence[rows].astype(">u2")[:, None].view(np.uint8)
        frames[:, width - 8 : width - 4] = self.timestamp[rows].astype(">u4")[:, None].view(np.uint8)
        frames[:, width:] = random.integers(0, 256, (len(rows), self.octets), np.uint8)
        return frames


def media(calls: list[tuple[Call, float]], seconds: float, loss: float, random: np.random.Generator) -> list[Media]:
    """The media of calls and the times when each begins, grouped by the size of the packets."""
    groups: dict[tuple[Kind, int], list[tuple[bytes, float]]] = {}
    for call, start in calls:
        for kind, first in ((AUDIO, 0), (VIDEO, 2))[: 1 + call.video]:
            for end, route in enumerate((call.route, call.route.back)):
                ports = call.ports[end] + first, call.ports[1 - end] + first
                header = packets.media_headers(route, *ports, RTP_HEADER + kind.octets)
                header += struct.pack("!BBHII", 0x80, kind.payload_type, 0, 0, source_id(call.number, first + end))
                groups.setdefault((kind, len(header)), []).append((header, start))
    return [_columns(kind, streams, seconds, loss, random) for (kind, _), streams in groups.items()]


def _columns(
    kind: Kind, streams: list[tuple[bytes, float]], seconds: float, loss: float, random: np.random.Generator
) -> Media:
    number = np.arange(int(seconds * kind.frames_per_second) * kind.packets_per_frame)
    frame, place = np.divmod(number, kind.packets_per_frame)
    shape = len(streams), len(number)
    starts = np.array([start for _, start in streams])[:, None]
    times = (
        starts + frame / kind.frames_per_second + place * PACE_SECONDS + abs(random.normal(0, JITTER_SECONDS, shape))
    )
    # A queue delays packets, it does not swap them.
    times = np.maximum.accumulate(times, axis=1)
    sequence = random.integers(0, 2**16, (len(streams), 1)) + number
    timestamp = random.integers(0, 2**32, (len(streams), 1)) + frame * kind.clock_per_frame
    marker = number == 0 if kind.packets_per_frame == 1 else place == kind.packets_per_frame - 1
    arrived = random.random(shape) >= loss
    return Media(
        headers=np.frombuffer(b"".join(header for header, _ in streams), np.uint8).reshape(len(streams), -1),
        octets=kind.octets,
        stream=np.nonzero(arrived)[0].astype(np.int32),
        time=times[arrived],
        sequence=(sequence[arrived] & 0xFFFF).astype(np.uint16),
        timestamp=(timestamp[arrived] & 0xFFFFFFFF).astype(np.uint32),
        marker=np.broadcast_to(marker, shape)[arrived],
    )
