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
BATCH = 1 << 20
"""Bytes that are written at once."""


class Texts:
    """An append-only store of byte strings."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - lives as long as the case
        weakref.finalize(self, self._file.close)
        self._end = 0
        self._unwritten: list[bytes] = []
        self._written = 0

    def add(self, data: bytes) -> int:
        """Keep *data*; the offset to read it back from. A CaptureError where the disk is full."""
        start = self._end
        self._unwritten.append(data)
        self._end = start + len(data)
        if self._end - self._written > BATCH:
            self._write()
        return start

    def _write(self) -> None:
        """Append to the file what was added since."""
        try:
            self._file.seek(self._written)
            self._file.write(b"".join(self._unwritten))
        except OSError as error:
            raise CaptureError(
                f"the temporary folder {tempfile.gettempdir()} cannot hold the SIP messages ({error.strerror}): "
                "free some space there, or set TMPDIR to another folder"
            ) from error
        self._unwritten.clear()
        self._written = self._end

    def read(self, start: int, size: int) -> bytes:
        """The *size* bytes kept at *start*."""
        if self._unwritten:
            self._write()
        self._file.seek(start)
        return self._file.read(size)

    def close(self) -> None:
        """Give the space back; nothing can be read afterwards."""
        self._file.close()

    def __enter__(self) -> "Texts":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
