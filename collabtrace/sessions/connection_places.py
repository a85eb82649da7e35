"""Which connection a packet belongs to, told by its ends and its place in the capture."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import TypeAlias

Ends: TypeAlias = tuple[str, int | None, str, int | None]
"""Address and port of one end, and of the other."""


class Places:
    """Rows by their two ends, in the order in which they began."""

    def __init__(self, ends: Iterable[Ends]) -> None:
        """Take the ends of every row, in order; which end comes first does not matter."""
        self._rows: dict[Ends, list[int]] = {}
        for row, each in enumerate(ends):
            self._rows.setdefault(either_way(each), []).append(row)

    def latest(self, ends: Ends, begins: Sequence[float], at: float) -> int | None:
        """The last row between these ends that had begun at *at*; *begins* says of every row where it begins."""
        here = self._rows.get(either_way(ends), [])
        place = bisect_right(here, at, key=begins.__getitem__) - 1
        return here[place] if place >= 0 else None


def either_way(ends: Ends) -> Ends:
    """The two ends in an order that does not depend on which of them comes first."""
    return min(ends, (*ends[2:], *ends[:2]), key=str)
