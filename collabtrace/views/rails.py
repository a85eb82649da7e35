"""The lanes of a text ladder: vertical lines at fixed columns, and arrows between them."""

from collections.abc import Iterator
from typing import NamedTuple

from collabtrace.views.rows import Arrow, Note, Section, shown
from collabtrace.views.widths import centred, columns, cut, padded

NARROWEST = 15
"""Columns between two lanes, below which labels cannot be read."""

WIDEST = 37
"""Columns between two lanes, above which eyes lose the line."""

RAIL, BROKEN_RAIL = "│", "┊"

STROKES = {"rtp": "═", "rtcp": "┈", "event": "·"}
"""What the line of an arrow is drawn with, by its kind."""


class Rails(NamedTuple):
    """Where the lanes of a section are."""

    places: dict[str, int]
    """Number of each lane by key."""
    titles: tuple[tuple[str, str], ...]
    """Two lines for each lane."""
    spacing: int
    """Columns from one lane to the next."""

    @classmethod
    def fitting(cls, section: Section, width: int) -> "Rails | None":
        """Lanes as far apart as the labels want, in *width* columns; None where they do not fit."""
        places = section.places()
        if not section.lanes:
            return None
        titles = tuple((lane.name or lane.key, lane.key if lane.name else "") for lane in section.lanes)
        wanted = max((columns(text) + 2 for lines in titles for text in lines), default=0)
        for row in section.rows:
            if isinstance(row, Arrow):
                steps = abs(places[row.source] - places[row.target]) or 1
                wanted = max(wanted, (columns(shown(row)) + 7) // steps)
            elif isinstance(row, Note) and row.source != row.target:
                wanted = max(wanted, (columns(row.text) + 7) // abs(places[row.source] - places[row.target]))
        fits = width // len(section.lanes)
        if fits < NARROWEST:
            return None
        # An odd number of columns has a middle one, for the lane below the middle of its name.
        return cls(places, titles, (min(max(wanted, NARROWEST), WIDEST, fits) - 1) | 1)

    @property
    def tail(self) -> int:
        """Columns after the last lane: what its title needs."""
        return min(self.spacing, max(map(columns, self.titles[-1]), default=0)) // 2 + 1

    def heading(self) -> Iterator[str]:
        """The names of the lanes, each centred on its lane."""
        for line in range(2):
            texts = [title[line] for title in self.titles]
            if any(texts):
                yield "".join(centred(cut(text, self.spacing - 1), self.spacing) for text in texts)

    def rest(self, rail: str = RAIL) -> str:
        """A line on which nothing crosses the lanes."""
        return self._line({}, rail)

    def arrow(self, arrow: Arrow) -> str:
        """A line with an arrow; one that ends where it begins stands beside its lane."""
        stroke = STROKES.get(arrow.kind, "╌" if arrow.answer else "─")
        first, last = self.places[arrow.source], self.places[arrow.target]
        if first != last:
            length = self._between(first, last)
            line = centred(f" {cut(shown(arrow), length - 4)} ", length - 1, stroke)
            return self._line({min(first, last): f"{line}>" if first < last else f"<{line}"})
        if first + 1 == len(self.titles) > 1:
            free = self.spacing - 1
            said = f"{cut(shown(arrow), free - 4)} {stroke}>"
            return self._line({first - 1: " " * (free - columns(said)) + said})
        return self._line({first: padded(f"<{stroke} {shown(arrow)}", self.spacing - 1)})

    def note(self, source: str, target: str, text: str) -> str | None:
        """A line with a note across lanes; None where the note does not fit between them."""
        first, last = self.places[source], self.places[target]
        length = self._between(first, last)
        if first == last or columns(text) + 4 > length:
            return None
        return self._line({min(first, last): centred(f" {text} ", length, "~")})

    def _between(self, first: int, last: int) -> int:
        """The columns between two lanes."""
        return abs(last - first) * self.spacing - 1

    def _line(self, drawn: dict[int, str], rail: str = RAIL) -> str:
        """A line: what is *drawn* to the right of a lane, over as many lanes as it is long, and rails elsewhere."""
        line, place = " " * (self.spacing // 2), 0
        while place < len(self.titles):
            across = drawn.get(place, " " * (self.spacing - 1 if place + 1 < len(self.titles) else self.tail))
            line += rail + across
            place += max(1, (columns(across) + 1) // self.spacing)
        return line
