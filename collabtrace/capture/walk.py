"""Where the records of a capture file begin: each says how long it is, and so where the next one is.

One by one that costs more than everything else that is done with a packet. So many cursors walk in lockstep, each
from a place where a record seems to begin. All but the first are guesses, and each is proved by the cursor before
it stepping exactly onto it; from the first guess that is not, the rest is walked one by one.
"""

import struct
from collections.abc import Callable
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from collabtrace import compiled

_CURSORS = 256
_STRETCH = 4096
"""Fewest bytes that are worth a cursor of their own."""
_MOST_STEPS = 2048
"""Steps of the cursors together; where records are so small that more are needed, one by one is not slower."""
_CHECKED_EVERY = 16
"""Steps after which it is looked whether all cursors have arrived."""


Guess: TypeAlias = Callable[[bytes, int], int | None]
"""Where in some bytes of a file a record seems to begin; also told how far they are from a record that is known."""


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


def stride(data: NDArray[np.uint8], size: int, first: int, layout: Layout, guess: Guess) -> Chain:
    """The same as ``walk``, faster for many records. *data* needs a few bytes behind *size*."""
    if compiled.core is not None:
        stop = -1 if layout.stop is None else layout.stop
        places, end = compiled.core.walk(data, size, first, layout.order == ">", *layout[1:6], stop)
        return Chain(np.frombuffer(places, np.int64), end)
    marks = _marks(data, size, first, guess)
    at = _steps(data, size, marks, layout) if len(marks) > 1 else marks
    # The last record found is where the walk goes on one by one: it may be followed by less than a record.
    rest = walk(data, size, int(at[-1]), layout)
    return Chain(np.concatenate([at[:-1], rest.at]), rest.end)


def _marks(data: NDArray[np.uint8], size: int, first: int, guess: Guess) -> NDArray[np.int64]:
    """Where the cursors begin, in order: at *first*, and at guesses behind it."""
    count = min(_CURSORS, (size - first) // _STRETCH)
    marks = [first]
    for number in range(1, count):
        begin = first + (size - first) * number // count
        hit = guess(data[begin : begin + _STRETCH].tobytes(), begin - first)
        if hit is not None:
            marks.append(begin + hit)
    return np.array(marks, np.int64)


def _steps(data: NDArray[np.uint8], size: int, marks: NDArray[np.int64], layout: Layout) -> NDArray[np.int64]:
    """The records from the first mark as far as they are proved, and one more that may be none."""
    words: NDArray[np.uint32] = np.ndarray(size + 1, f"{layout.order}u4", data.data, offset=layout.field, strides=(1,))
    bounds = np.append(marks[1:], size)
    position, taken = marks, [marks]
    for step in range(1, _MOST_STEPS):
        position = position + words[position]
        position += layout.extra
        np.minimum(position, size, out=position)
        taken.append(position)
        if step % _CHECKED_EVERY == 0 and (position >= bounds).all():
            break
    paths = np.array(taken)
    inside = paths < bounds
    arrival = np.minimum(inside.sum(axis=0), len(paths) - 1)
    missed = paths[arrival, np.arange(len(marks))] != bounds
    missed[-1] = True
    proved = int(missed.argmax()) + 1
    return _sound(data, paths.T[:proved][inside.T[:proved]], layout)


def _sound(data: NDArray[np.uint8], at: NDArray[np.int64], layout: Layout) -> NDArray[np.int64]:
    """The records up to and with the first that is not believable."""
    length = np.diff(at) - layout.extra
    bad = (length < layout.least) | (length > layout.most) | (length % layout.padding != 0)
    if layout.stop is not None:
        words: NDArray[np.uint32] = np.ndarray(len(data) - 3, f"{layout.order}u4", data.data, strides=(1,))
        bad |= words[at[:-1]] == layout.stop
    return at[: int(bad.argmax()) + 1] if bad.any() else at
