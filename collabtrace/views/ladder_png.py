"""A ladder as PNG: long ladders stand in several columns, each with the names of its machines on top."""

from collections.abc import Iterator
from typing import NamedTuple

from collabtrace.views import png_rows
from collabtrace.views.canvas import fitted, length
from collabtrace.views.figure import PIXELS, Figure, Words, dots_per_inch
from collabtrace.views.png_rows import BESIDE, LEFT, Room
from collabtrace.views.rows import Ladder, Lane, Row, Section

TALLEST, WIDEST, MOST_ROWS = 4500, 40_000, 3000
"""Pixels of a column and of all columns, and rows that one picture shows."""

SPACING, TOP, HEAD, LINE = 220, 14, 50, 17
"""Pixels: between lanes, above everything, for names of machines, a line of text."""


class Piece(NamedTuple):
    """Rows of one section that stand in one column."""

    section: Section
    rows: tuple[Row, ...]
    first: bool
    """Whether the section begins with it."""
    top: float
    column: int

    @property
    def lines(self) -> tuple[str, ...]:
        """What is said above the machines."""
        return (self.section.title, *self.section.lines) if self.first else (f"{self.section.title} (continued)",)


def render(ladder: Ladder, most: int = MOST_ROWS) -> bytes:
    """The picture of the first *most* rows as the bytes of a PNG file."""
    figure, wide = Figure(), _wide(ladder)
    # A row is hardly ever lower than half an arrow's height: so many fit into the columns that a picture can have.
    most = min(most, max(1, int(WIDEST / wide)) * int(TALLEST / png_rows.LISTED))
    top = _preface(figure, ladder, most)
    pieces = list(_pieces(ladder, top, most))
    ends = [_draw(figure, ladder, piece, wide * piece.column) for piece in pieces]
    columns = max((piece.column for piece in pieces), default=0) + 1
    wide, tall = max(wide * columns, 320), max(ends, default=top) + 20
    if dots_per_inch(wide, tall) < PIXELS:
        figure.words.append(Words(12, tall - 4, "drawn small: the SVG is sharp at any size", "muted"))
    return figure.png(wide, tall)


def _wide(ladder: Ladder) -> float:
    """The width of a column."""
    lanes = SPACING * max(map(_columns, ladder.sections), default=1)
    titles = (length(section.title, 16) + 24 for section in ladder.sections[:MOST_ROWS])
    return max([float(LEFT + BESIDE + lanes), *titles])


def _preface(figure: Figure, ladder: Ladder, most: int) -> float:
    """Capture points and what was left out; where they end."""
    lines = list(ladder.remarks)
    if len(ladder.files) > 1:
        lines.insert(0, ", ".join(f"{ladder.letter(file)} = {file}" for file in ladder.files))
    total = sum(len(section.rows) for section in ladder.sections)
    if total > most:
        lines.append(f"the first {most:,} of {total:,} rows; text and SVG have all")
    figure.words += [Words(12, TOP + LINE * (place + 0.7), line, "muted") for place, line in enumerate(lines)]
    return float(TOP + LINE * len(lines))


def _pieces(ladder: Ladder, top: float, left: int) -> Iterator[Piece]:
    """The sections in columns, cut where a column is full, until no rows are *left*."""
    column, y = 0, top
    for section in ladder.sections:
        rows, first, room = list(section.rows[:left]), True, _room(section, 0)
        left -= len(rows)
        while rows or (first and left):
            piece = Piece(section, (), first, y, column)
            y += LINE * len(piece.lines) + HEAD + 24
            fits = 0
            while fits < len(rows) and (y < TALLEST or not fits):
                y += png_rows.height(rows[fits], room)
                fits += 1
            yield piece._replace(rows=tuple(rows[:fits]))
            rows, first = rows[fits:], False
            if y >= TALLEST:
                column, y = column + 1, top


def _room(section: Section, left: float) -> Room:
    """Where the lanes of a section are in the column that begins at *left*."""
    places = {key: left + LEFT + SPACING * (place + 0.5) for key, place in section.places().items()}
    return Room(places, left, left + LEFT + SPACING * _columns(section), section.start)


def _columns(section: Section) -> int:
    """The lanes of a section, or the width of as many that rows take which name their machines."""
    return len(section.lanes) or 3


def _draw(figure: Figure, ladder: Ladder, piece: Piece, left: float) -> float:
    """Draw a piece whose column begins at *left*; where it ends."""
    room = _room(piece.section, left)
    for place, line in enumerate(piece.lines):
        y = piece.top + LINE * (place + 0.7)
        role, size = ("muted", 12) if place else ("ink", 14)
        figure.words.append(Words(left + 12, y, line, role, size=size, strong=not place))
    y = piece.top + LINE * len(piece.lines) + 6
    for lane in piece.section.lanes:
        _machine(figure, lane, room.places[lane.key], y)
    ground = y + HEAD - 12
    y += HEAD
    for row in piece.rows:
        png_rows.draw(figure, ladder, row, room, y)
        y += png_rows.height(row, room)
    for x in room.places.values():
        figure.line([(x, ground), (x, y + 4)], "rail")
    return y + 4


def _machine(figure: Figure, lane: Lane, x: float, y: float) -> None:
    """A machine in a box: its name and address, or its address alone."""
    figure.box(x - SPACING / 2 + 7, y, SPACING - 14, HEAD - 12)
    names = [lane.name, lane.key] if lane.name else [lane.key]
    first = y + (16 if len(names) > 1 else 23)
    for line, name in enumerate(names):
        role, size = ("muted", 11) if line else ("ink", 12)
        said = fitted(name, SPACING - 24)
        figure.words.append(Words(x, first + 15 * line, said, role, "center", size, strong=not line))
