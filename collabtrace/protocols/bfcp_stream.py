"""Framing of BFCP in a byte stream: the length in each header tells where the next message begins (RFC 8855 §6.1)."""

from typing import Generic

from collabtrace.errors import ParseError
from collabtrace.protocols import bfcp
from collabtrace.protocols.framing import Mark


class BfcpFramer(Generic[Mark]):
    """The messages of one direction of a connection; bytes go in by ``push``."""

    __slots__ = ("_buffer", "_mark", "_needed")

    def __init__(self) -> None:
        """Begin at the start of a message."""
        self._buffer = bytearray()
        self._mark: Mark | None = None
        """The greatest mark of the bytes in the buffer."""
        self._needed = bfcp.HEADER.size
        """Bytes without which the buffer holds no whole message."""

    def push(self, data: bytes, mark: Mark) -> list[tuple[bytes, Mark]]:
        """The messages that *data* completes, each with the greatest mark of its bytes.

        Bytes that begin no message are dropped with all that came with them.
        """
        latest = mark if self._mark is None or self._mark < mark else self._mark
        self._buffer += data
        if len(self._buffer) < self._needed:
            self._mark = latest
            return []
        try:
            whole, rest = bfcp.frames(bytes(self._buffer))
        except ParseError:
            whole, rest = [], b""
        found = [(message, latest if number == 0 else mark) for number, message in enumerate(whole)]
        self._buffer = bytearray(rest)
        self._mark = (mark if whole else latest) if rest else None
        self._needed = bfcp.size(rest) if len(rest) >= bfcp.HEADER.size else bfcp.HEADER.size
        return found

    def gap(self) -> list[tuple[bytes, Mark]]:
        """Bytes were lost, or the connection ended: the beginning of a message is dropped, and none is given."""
        self._buffer.clear()
        self._mark, self._needed = None, bfcp.HEADER.size
        return []
