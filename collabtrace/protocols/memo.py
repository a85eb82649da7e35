"""Values that were made from a text before are not made again.

The messages of a call repeat each other: the same From, the same Allow, the same codecs. A memo is
a dictionary from text to value that fills itself. It is bounded twice, because the text is a
stranger's: it forgets everything when it is full, and never keeps a long text.
"""

from collections.abc import Callable
from typing import TypeVar

Value = TypeVar("Value")

ENTRIES = 8192
"""Texts kept at most."""
LONGEST = 1024
"""Characters of the longest text that is kept."""


class Memo(dict[str, Value]):
    """``memo[text]`` is ``make(text)``, made once while the text is remembered."""

    __slots__ = ("entries", "longest", "make")

    def __init__(self, make: Callable[[str], Value], *, entries: int = ENTRIES, longest: int = LONGEST) -> None:
        """Remember what *make* makes of at most *entries* texts of at most *longest* characters."""
        super().__init__()
        self.make = make
        self.entries = entries
        self.longest = longest

    def __missing__(self, text: str) -> Value:
        value = self.make(text)
        if len(text) <= self.longest:
            if len(self) >= self.entries:
                self.clear()
            self[text] = value
        return value
