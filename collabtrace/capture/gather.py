"""Fixed-length pieces at any places of a chunk, all at once."""

import numpy as np
from numpy.typing import NDArray


def words(data: NDArray[np.uint8], at: NDArray[np.int64], count: int, kind: str) -> NDArray[np.integer]:
    """*count* words of the type *kind* (``>u8``, ``<u4`` …) at each of the places: one row for each word.

    *data* has to hold that many bytes behind the last place.
    """
    size = count * np.dtype(kind).itemsize
    # One piece of memory for each place is copied twice as fast as its bytes are.
    pieces: NDArray[np.void] = np.ndarray(len(data) - size + 1, f"V{size}", data.data, strides=(1,))
    columns = pieces[at].view(kind).reshape(len(at), count).T
    return columns.astype(np.dtype(kind).newbyteorder("="), order="C")
