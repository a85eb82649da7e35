"""Where the records of a capture file begin: each says how long it is, and so where the next one is."""

import struct
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Layout(NamedTuple):
    """How a format says how long its records are."""

    order: str
    """``<`` or ``>``"""
    field: int
    """Position of the 32-bit length in a record."""
    extra: int
    """Bytes of a record that its length does not count."""
    least: int
    """Smallest length that a record can have."""
    most: int
    """Largest length that is believed."""
    padding: int = 1
    """Every record begins at a multiple of this from the one before."""
    stop: int | None = None
    """First word of a record at which the walk ends."""


class Chain(NamedTuple):
    """The records found."""

    at: NDArray[np.int64]
    """Where each begins, in order; all of them are whole."""
    end: int
    """Where the walk ended: at a record that is not whole, not believable, or the one to stop at."""


def walk(data: NDArray[np.uint8], size: int, first: int, layout: Layout) -> Chain:
    """The records of ``data[:size]`` from *first* on, one by one."""
    view = data.data[:size]
    unpack = struct.Struct(f"{layout.order}I").unpack_from
    field, extra, least, most, stop = layout.field, layout.extra, layout.least, layout.most, layout.stop
    padding = layout.padding - 1
    at, position, last = [], first, size - field - 4
    while position <= last:
        (length,) = unpack(view, position + field)
        behind = position + (length + padding & ~padding) + extra
        if not least <= length <= most or behind > size:
            break
        if stop is not None and unpack(view, position)[0] == stop:
            break
        at.append(position)
        position = behind
    return Chain(np.array(at, np.int64), position)
