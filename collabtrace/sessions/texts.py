"""The bytes of the SIP messages of a case, kept out of memory.

A message is looked at again only when someone opens it, or asks for its SDP, so the bytes go to a
temporary file once they outgrow a few MiB; a message is then an offset and a size.
"""

import io
import tempfile
import weakref
from types import TracebackType

from collabtrace.errors import CaptureError

IN_MEMORY = 4 << 20
"""Bytes that are kept in memory; the older ones move to a temporary file."""


class Texts:
    """An append-only store of byte strings."""

    def __init__(self) -> None:
        self._recent: list[bytes] = []
        self._size = self._written = 0
        self._file: io.RawIOBase | None = None

    def add(self, data: bytes) -> int:
        """Keep *data*; the offset to read it back from. A CaptureError where the disk is full."""
        start = self._size
        if start - self._written > IN_MEMORY:
            self._write()
        self._recent.append(data)
        self._size += len(data)
        return start

    def _write(self) -> None:
        """Move what is in memory to the file."""
        try:
            if self._file is None:
                self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - lives as long as the case
                weakref.finalize(self, self._file.close)
            self._file.seek(self._written)
            left = memoryview(b"".join(self._recent))
            while left:
                left = left[self._file.write(left) or 0 :]
        except OSError as error:
            raise CaptureError(
                f"the temporary folder {tempfile.gettempdir()} cannot hold the SIP messages ({error.strerror}): "
                "free some space there, or set TMPDIR to another folder"
            ) from error
        self._written = self._size
        self._recent.clear()

    def read(self, start: int, size: int) -> bytes:
        """The *size* bytes kept at *start*."""
        if self._file is None or start >= self._written:
            if len(self._recent) != 1:
                self._recent = [b"".join(self._recent)]
            at = start - self._written
            return self._recent[0][at : at + size]
        self._file.seek(start)
        return self._file.read(size) or b""

    def close(self) -> None:
        """Give the space back; nothing can be read afterwards."""
        self._recent.clear()
        if self._file is not None:
            self._file.close()

    def __enter__(self) -> "Texts":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
