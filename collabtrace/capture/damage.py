"""The end of what can be read of a file."""

from typing import NamedTuple


class Damage(NamedTuple):
    """A record that cannot be one, so that nothing tells where the next one begins."""

    at: int
    """Position in the chunk."""
    why: str
