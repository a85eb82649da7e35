"""What every framer is: it finds the messages of one protocol in the bytes of one direction of a connection."""

from typing import Any, Protocol, TypeVar


class _Ordered(Protocol):
    def __lt__(self, other: Any, /) -> bool: ...


Mark = TypeVar("Mark", bound=_Ordered)
"""What tells where bytes came from, greater for later ones: a frame number, or frame and time."""


class Framer(Protocol[Mark]):
    """Bytes go in as they come, messages come out when they are whole, each with the greatest mark of its bytes."""

    def push(self, data: bytes, mark: Mark) -> list[tuple[bytes, Mark]]:
        """The messages that *data*, which follows what came before, completes."""

    def gap(self) -> list[tuple[bytes, Mark]]:
        """Bytes are lost here, or the connection ends: what can be given of a message under way."""
