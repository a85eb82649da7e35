"""The presentation language of TLS (RFC 8446 §3): numbers, and vectors that begin with their length."""

from collabtrace.errors import ParseError


class Vectors:
    """Reads a structure from its beginning on."""

    __slots__ = ("_at", "_data")

    def __init__(self, data: bytes) -> None:
        """Begin at the first byte."""
        self._data = data
        self._at = 0

    def number(self, width: int) -> int:
        """The next *width* bytes as a number."""
        return int.from_bytes(self.take(width), "big")

    def take(self, length: int) -> bytes:
        """The next *length* bytes; a ParseError where there are fewer."""
        begin, end = self._at, self._at + length
        if end > len(self._data):
            raise ParseError(f"{length} bytes are expected, {len(self._data) - begin} are there")
        self._at = end
        return self._data[begin:end]

    def vector(self, width: int) -> bytes:
        """The content of the next vector, whose length takes *width* bytes."""
        return self.take(self.number(width))

    def more(self) -> bool:
        """Whether anything follows."""
        return self._at < len(self._data)

    def end(self) -> None:
        """Hold the structure to its length; a ParseError where something follows."""
        if self.more():
            raise ParseError(f"{len(self._data) - self._at} bytes follow the end")


def vector(width: int, content: bytes) -> bytes:
    """Write *content* as a vector."""
    return len(content).to_bytes(width, "big") + content
