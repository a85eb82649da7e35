"""A file in chunks that fit into memory, each beginning with what the one before left over."""

import numpy as np
from numpy.typing import NDArray

from collabtrace.capture.source import Source

CHUNK = 4 << 20
"""Bytes read at a time: large enough that numpy's cost per call vanishes, small enough for the processor's cache."""
_STEP = 64 << 10
"""Bytes read at a time where they are not wanted."""
MARGIN = 256
"""Zero bytes behind the end of each chunk, so that headers can be gathered without looking where the end is."""
ROOM = 64 << 10
"""Bytes behind the margin for what is reassembled from the chunk."""


class Chunks:
    """The bytes of a source, one chunk at a time.

    ``data[:size]`` is the chunk. Every chunk has memory of its own, so what was made of an earlier one stays valid.
    """

    def __init__(self, source: Source, chunk: int = CHUNK) -> None:
        """Read the first chunk of *source*, *chunk* bytes at a time."""
        self.source = source
        self.offset = 0
        """Position of ``data[0]`` in the (unzipped) file."""
        self.read = 0
        """Bytes of the (unzipped) file read so far."""
        self.left = 0
        """Bytes at the end of the file that were not consumed, known once ``advance`` has given False."""
        self.size = 0
        self.data: NDArray[np.uint8] = np.zeros(0, np.uint8)
        self._chunk = chunk
        self._skipped = memoryview(bytearray(_STEP))
        self.advance(0)

    def advance(self, consumed: int) -> bool:
        """Go on to what follows the first *consumed* bytes; False when the file has nothing more to give."""
        rest = self.data[consumed : self.size]
        if not self._skip(consumed - self.size):
            self.left = consumed - self.size
            return False
        data = np.empty(len(rest) + self._chunk + MARGIN + ROOM, np.uint8)
        count = self._fill(data.data[len(rest) : len(rest) + self._chunk])
        if not count:
            self.left = len(rest)
            return False
        data[: len(rest)] = rest
        self.data, self.size, self.offset = data, len(rest) + count, self.offset + consumed
        data[self.size : self.size + MARGIN] = 0
        return True

    def _skip(self, count: int) -> bool:
        """Read *count* bytes past the chunk and forget them; False when the file ends among them."""
        while count > 0:
            step = self._fill(self._skipped[: min(count, _STEP)])
            if not step:
                return False
            count -= step
        return True

    def _fill(self, target: memoryview) -> int:
        count = self.source.read_into(target)
        self.read += count
        return count
