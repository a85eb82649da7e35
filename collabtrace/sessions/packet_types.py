"""The payload types of many packets at once: which each source used, and what its packets' clocks are."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from collabtrace.protocols.rtp import PAYLOAD_TYPE_MASK
from collabtrace.sessions.formats import COMFORT_NOISE, EVENT, Format, tick

TYPES = PAYLOAD_TYPE_MASK + 1


def types_used(kinds: NDArray[np.unsignedinteger[Any]], bounds: NDArray[np.int64]) -> list[list[int]]:
    """The payload types of each source in the order in which they appeared."""
    changes = np.diff(kinds, prepend=kinds[:1]) != 0
    changes[bounds[:-1]] = True
    at = np.flatnonzero(changes)
    source = np.searchsorted(bounds, at, side="right") - 1
    _, index = np.unique(source * TYPES + kinds[at], return_index=True)
    index.sort()
    found: list[list[int]] = [[] for _ in range(len(bounds) - 1)]
    for one, kind in zip(source[index].tolist(), kinds[at[index]].tolist(), strict=True):
        found[one].append(kind)
    return found


def clocks(
    formats: list[dict[int, Format]], kinds: NDArray[np.unsignedinteger[Any]], counts: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Milliseconds per timestamp unit of each packet (0: no clock), and whether it is comfort noise."""
    ticks = np.zeros((len(formats), TYPES))
    silence = np.zeros((len(formats), TYPES), dtype=np.bool_)
    for one, known in enumerate(formats):
        for kind, meant in known.items():
            silence[one, kind] = meant.name == COMFORT_NOISE
            ticks[one, kind] = tick(meant)
    place = np.repeat(np.arange(len(formats)) * TYPES, counts) + kinds
    return ticks.ravel()[place], silence.ravel()[place]


def codec(types: list[int], formats: dict[int, Format]) -> Format | None:
    """What the first payload type that carries media means."""
    for kind in types:
        meant = formats.get(kind)
        if meant is None or meant.name not in (EVENT, COMFORT_NOISE):
            return meant
    return None
