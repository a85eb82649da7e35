"""The bytes of the SIP messages of a case, kept out of memory.

A message is looked at again only when someone opens it, or asks for its SDP, so the bytes go to a
temporary file once they outgrow a few MiB; a message is then an offset and a size.
"""

import tempfile
import weakref
from types import TracebackType

from collabtrace.errors import CaptureError

IN_MEMORY = 8 << 20
"""Bytes kept in memory before the store moves to a temporary file."""


class Texts:
    """An append-only store of byte strings."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - lives as long as the case
        self._end = 0
        weakref.finalize(self, self._file.close)

    def add(self, data: bytes) -> int:
        """Keep *data*; the offset to read it back from. A CaptureError where the disk is full."""
        start = self._end
        try:
            self._file.write(data)
        except OSError as error:
            raise CaptureError(
                f"the temporary folder {tempfile.gettempdir()} cannot hold the SIP messages ({error.strerror}): "
                "free some space there, or set TMPDIR to another folder"
            ) from error
        self._end += len(data)
        return start

    def read(self, start: int, size: int) -> bytes:
        """The *size* bytes kept at *start*."""
        self._file.seek(start)
        data = self._file.read(size)
        self._file.seek(self._end)
        return data

    def close(self) -> None:
        """Give the space back; nothing can be read afterwards."""
        self._file.close()

    def __enter__(self) -> "Texts":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
