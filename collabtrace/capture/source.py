"""The bytes of a file on disk in order: hashed and counted as they are read, unzipped where they are gzip."""

import hashlib
import io
import os
import stat
import sys
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path

from collabtrace.errors import CaptureError

GZIP = b"\x1f\x8b"
"""Begins every gzip member (RFC 1952 §2.3.1)."""
_PIECE = 64 << 10
"""Compressed bytes read at a time."""
_STEP = 64 << 10
"""Bytes unzipped at a time."""
_GZIP_WINDOW = 16 + zlib.MAX_WBITS
"""zlib's way to say that a gzip header is expected."""


class Source:
    """A file that is read once from its beginning to its end: the end that it has when it is opened.

    What is still being written to it waits for the next reading, so that whatever is told of the file is told of the
    same bytes. Memory stays bounded whatever the file claims: unzipping stops as soon as the caller's buffer is full.
    """

    def __init__(self, path: Path, on_bytes: Callable[[int], None] | None = None) -> None:
        """Open *path*; *on_bytes* is told the bytes read from disk since it was last told."""
        self.path = path
        self.size = 0
        """Bytes read from disk so far."""
        self.flaw: str | None = None
        """Why the compressed bytes end early."""
        self._on_bytes = on_bytes
        self._hash = hashlib.sha256()
        self._file = _open(path)
        self._left = _length(self._file)
        """Bytes on disk that are still to be read."""
        self._pending = self._take(2)
        self.compressed = self._pending == GZIP
        self._unzip = zlib.decompressobj(_GZIP_WINDOW)
        self._ended = False

    def read_into(self, target: memoryview) -> int:
        """Fill *target* as far as the file goes; the number of bytes written, less than its length only at the end."""
        read = self._inflate if self.compressed else self._copy
        filled = 0
        while filled < len(target) and (count := read(target[filled:])):
            filled += count
        return filled

    def sha256(self) -> str:
        """The digest of the whole file on disk; reads what is left of it."""
        while self._take(_PIECE):
            pass
        return self._hash.hexdigest()

    def close(self) -> None:
        """Close the file; may be called again."""
        self._file.close()

    def _copy(self, target: memoryview) -> int:
        if self._pending:
            count = min(len(self._pending), len(target))
            target[:count] = self._pending[:count]
            self._pending = self._pending[count:]
            return count
        try:
            count = self._file.readinto(target[: self._left]) or 0
        except OSError as error:
            raise _unreadable(self.path, error) from error
        self._count(target[:count])
        return count

    def _inflate(self, target: memoryview) -> int:
        while not self._ended:
            if self._unzip.eof:
                self._next_member()
                continue
            before = self._unzip.copy()
            try:
                plain = self._unzip.decompress(self._pending, min(len(target), _STEP))
                self._pending = self._unzip.unconsumed_tail
            except zlib.error as error:
                self._end(f"the gzip data is damaged before byte {self.size} of the file ({error})")
                plain = _salvaged(before, self._pending, len(target))
            if plain:
                target[: len(plain)] = plain
                return len(plain)
            if not self._pending and not self._unzip.eof:
                self._pending = self._take(_PIECE)
                if not self._pending:
                    self._end(f"the gzip data ends early, at byte {self.size} of the file")
        return 0

    def _next_member(self) -> None:
        """Go on to the member that follows (RFC 1952 §2.2); anything else behind a member is padding."""
        self._pending = self._unzip.unused_data
        if len(self._pending) < len(GZIP):
            self._pending += self._take(_PIECE)
        self._unzip = zlib.decompressobj(_GZIP_WINDOW)
        self._ended = not self._pending.startswith(GZIP)

    def _end(self, flaw: str) -> None:
        self.flaw, self._ended = flaw, True

    def _take(self, count: int) -> bytes:
        try:
            data = self._file.read(min(count, self._left)) or b""
        except OSError as error:
            raise _unreadable(self.path, error) from error
        self._count(data)
        return data

    def _count(self, data: bytes | memoryview) -> None:
        self._hash.update(data)
        self.size += len(data)
        self._left -= len(data)
        if self._on_bytes and len(data):
            self._on_bytes(len(data))


def _salvaged(unzip: "zlib._Decompress", packed: bytes, limit: int) -> bytes:
    """What comes before the damage: zlib gives nothing at all of a step within which it fails."""
    plain, step = b"", min(limit, _STEP)
    while step and len(plain) < limit:
        attempt = unzip.copy()
        try:
            piece = attempt.decompress(packed, min(step, limit - len(plain)))
        except zlib.error:
            step //= 2
            continue
        if not piece:
            break
        plain, packed, unzip = plain + piece, attempt.unconsumed_tail, attempt
    return plain


def _open(path: Path) -> io.FileIO:
    if path.is_dir():
        raise CaptureError(f"{path.name or path}: is a folder; give the capture files in it")
    try:
        return io.FileIO(path)
    except OSError as error:
        raise _unreadable(path, error) from error


def spare(target: Path, captures: Iterable[Path]) -> None:
    """Keep the captures from being written over: a CaptureError where *target* is one of them."""
    for capture in captures:
        if target.exists() and capture.exists() and target.samefile(capture):
            raise CaptureError(f"{target}: is the capture itself; name another output")


def _length(file: io.FileIO) -> int:
    """How long the file is now; of a pipe or a device nobody knows."""
    told = os.fstat(file.fileno())
    return told.st_size if stat.S_ISREG(told.st_mode) else sys.maxsize


def _unreadable(path: Path, error: OSError) -> CaptureError:
    return CaptureError(f"{path.name}: cannot be read ({error.strerror or error}); check the name and the permissions")
