"""Time stamps of capture files as nanoseconds since the epoch."""

import numpy as np
from numpy.typing import NDArray

SECOND = 10**9
NO_TIME = int(np.iinfo(np.int64).min)
"""Stands for the time of a packet that has none."""
LATEST = int(np.iinfo(np.int64).max) // SECOND // 2
"""Seconds that are believed (the year 2116); later times are held there."""
_FINEST = 34
"""Bits of a binary fraction of a second that can be multiplied by 10**9 within 64 bits."""


def units_per_second(resolution: int) -> int:
    """What an if_tsresol octet says (pcapng §4.2): a power of ten, or of two where the highest bit is set."""
    exponent = resolution & 0x7F
    return int(2**exponent if resolution & 0x80 else 10**exponent)


def nanoseconds(stamps: NDArray[np.uint64], units: int) -> NDArray[np.int64]:
    """*stamps* counted in *units* (a power of ten or two) per second, as nanoseconds."""
    if SECOND % units == 0 and (not len(stamps) or int(stamps.max()) <= LATEST * units):
        return (stamps * np.uint64(SECOND // units)).astype(np.int64)
    if units > np.iinfo(np.uint64).max:
        seconds, rest = np.zeros_like(stamps), stamps
    else:
        seconds, rest = np.divmod(stamps, np.uint64(units))
    whole = np.minimum(seconds, np.uint64(LATEST)).astype(np.int64)
    return whole * SECOND + _fraction(rest, units).astype(np.int64)


def shifted(times: NDArray[np.int64], seconds: NDArray[np.int64]) -> NDArray[np.int64]:
    """*times* in nanoseconds with *seconds* added to each."""
    latest = np.int64(LATEST)
    whole, fraction = np.divmod(times, SECOND)
    moved: NDArray[np.int64] = np.clip(whole + np.clip(seconds, -latest, latest), -latest, latest)
    return moved * SECOND + fraction


def in_seconds(times: NDArray[np.int64]) -> NDArray[np.float64]:
    """*times* in nanoseconds as seconds, rounded once: a float cannot hold all nanoseconds since the epoch."""
    whole, rest = np.divmod(times, SECOND)
    exact: NDArray[np.float64] = whole + rest / SECOND
    return exact


def _fraction(rest: NDArray[np.uint64], units: int) -> NDArray[np.uint64]:
    """Less than a second, as nanoseconds."""
    if SECOND % units == 0:
        return rest * np.uint64(SECOND // units)
    if units % SECOND == 0:
        finer = units // SECOND
        return rest // np.uint64(finer) if finer <= np.iinfo(np.uint64).max else np.zeros_like(rest)
    bits = units.bit_length() - 1
    if bits > _FINEST:
        surplus = bits - _FINEST
        rest = rest >> np.uint64(surplus) if surplus < 64 else np.zeros_like(rest)
        bits = _FINEST
    return rest * np.uint64(SECOND) >> np.uint64(bits)
