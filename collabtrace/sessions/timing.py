"""Times between packets and their jitter, for the packets of many sources at once.

What counts for the longest and the mean is what Wireshark counts: not the first packet of a talkspurt (marker bit),
and neither comfort noise nor the packet after it, because the silence before them is no fault. Jitter itself runs on
over them. Packets without a clock, such as telephone-events, whose timestamp is that of the digit's beginning
(RFC 4733 §2.2.1), are no part of it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from collabtrace.protocols.rtp import MARKER_BIT
from collabtrace.sessions.jitter import jitter
from collabtrace.sessions.media_packets import Columns

MILLI = 1e-6
"""Milliseconds in a nanosecond."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds, one value a source."""

    max_delta: NDArray[np.float64]
    mean_delta: NDArray[np.float64]
    max_jitter: NDArray[np.float64]
    """NaN where no packet has a clock."""
    mean_jitter: NDArray[np.float64]


def timing(packets: Columns, tick: NDArray[np.float64], silence: NDArray[np.bool_]) -> Timing:
    """Measure *packets*; *tick* is milliseconds per timestamp unit (0: no clock), *silence* marks comfort noise."""
    begins = packets.bounds[:-1]
    delta = np.diff(packets.time, prepend=packets.time[:1]) * MILLI
    counted = packets.mark < MARKER_BIT
    if silence.any():
        counted &= ~silence
        counted[1:] &= ~silence[:-1]
    counted[begins] = False
    max_delta, mean_delta = _longest_and_mean(delta, counted, begins)
    clocked = np.flatnonzero(tick)
    if not len(clocked):
        none = np.full(len(begins), np.nan)
        return Timing(max_delta, mean_delta, none, none)
    max_jitter, mean_jitter = _jitter(packets, tick, counted, clocked)
    return Timing(max_delta, mean_delta, max_jitter, mean_jitter)


def arrival_jitter(
    packets: Columns, tick: NDArray[np.float64], clocked: NDArray[np.int64], begins: NDArray[np.int64]
) -> NDArray[np.float64]:
    """J in milliseconds after each of the *clocked* packets, of which each source begins at one of *begins*."""
    every = len(clocked) == len(packets)
    time, timestamp, unit = packets.time, packets.timestamp, tick
    if not every:
        time, timestamp, unit = time[clocked], timestamp[clocked], tick[clocked]
    nominal = np.diff(timestamp, prepend=timestamp[:1]).view(np.int32) * unit
    differences = np.diff(time, prepend=time[:1]) * MILLI - nominal
    # RFC 7160 §4.1: across a change of the clock rate timestamps cannot be compared.
    differences[1:][unit[1:] != unit[:-1]] = 0.0
    return jitter(differences, begins)


def _jitter(
    packets: Columns, tick: NDArray[np.float64], counted: NDArray[np.bool_], clocked: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    places = np.searchsorted(clocked, packets.bounds)
    some = np.flatnonzero(np.diff(places))
    begins = places[some]
    values = arrival_jitter(packets, tick, clocked, begins)
    counted = counted[clocked]
    counted[begins] = False
    longest, mean = np.full(len(places) - 1, np.nan), np.full(len(places) - 1, np.nan)
    longest[some], mean[some] = _longest_and_mean(values, counted, begins)
    return longest, mean


def _longest_and_mean(
    values: NDArray[np.float64], counted: NDArray[np.bool_], begins: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The greatest and the mean of the values that count, from each of *begins* on; 0 where none counts."""
    values = np.where(counted, values, 0.0)
    number = np.add.reduceat(counted, begins, dtype=np.int64)
    return np.maximum.reduceat(values, begins), np.add.reduceat(values, begins) / np.maximum(number, 1)
