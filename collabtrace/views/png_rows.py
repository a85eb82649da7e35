"""The rows of a ladder in a PNG picture, each drawn from its own upper edge."""

import textwrap
from collections.abc import Mapping
from typing import NamedTuple

from collabtrace.views.canvas import LETTER, fitted, length
from collabtrace.views.figure import Figure, Words
from collabtrace.views.rows import Arrow, Gap, Ladder, Note, Row, beside, shown, way
from collabtrace.views.theme import ANSWER, DASHES
from collabtrace.views.wording import duration

LEFT, BESIDE = 130, 165
"""Pixels for times on the left, and for frames and CSeq on the right."""

ARROW, INFO, MARK, NOTE, GAP, LISTED = 30, 12, 18, 26, 24, 24
"""Heights in pixels: an arrow, its words below, a line of what a finding says, a note, a gap, a row without lanes."""


class Room(NamedTuple):
    """Where the rows of a section are, in pixels."""

    places: Mapping[str, float]
    """Of the lanes, by key."""
    left: float
    right: float
    """Where the lanes end and frames begin."""
    start: float
    """The time from which rows count."""


def height(row: Row, room: Room) -> float:
    """The pixels of a row."""
    if not room.places:
        return LISTED + MARK * (len(_mark(row, room)) if isinstance(row, Arrow) else 0)
    if isinstance(row, Arrow):
        return ARROW + (INFO if row.info else 0) + MARK * len(_mark(row, room))
    return NOTE if isinstance(row, Note) else GAP


def _mark(arrow: Arrow, room: Room) -> list[str]:
    """What a finding says of an arrow, in lines that fit."""
    return textwrap.wrap(arrow.mark or "", max(20, int((room.right + BESIDE - room.left - LEFT - 50) / LETTER / 1.1)))


def draw(figure: Figure, ladder: Ladder, row: Row, room: Room, y: float) -> None:
    """Add a row whose upper edge is at *y* to the figure."""
    if isinstance(row, Gap):
        said = f"{duration(row.seconds)} without a message"
        figure.words.append(Words((room.left + LEFT + room.right) / 2, y + 16, said, "muted", "center", 11, halo=True))
    elif isinstance(row, Note) and not room.places:
        figure.words.append(Words(room.left + LEFT + 6, y + 17, row.text, "muted", size=11))
    elif isinstance(row, Note):
        wide = min(length(row.text) + 20, room.right - room.left - 20)
        middle = max((room.places[row.source] + room.places[row.target]) / 2, room.left + 10 + wide / 2)
        figure.box(middle - wide / 2, y + 2, wide, 20)
        figure.words.append(Words(middle, y + 16, fitted(row.text, wide - 10), "ink", "center"))
    else:
        (_arrow if room.places else _listed)(figure, row, room, y)
        _beside(figure, ladder, row, room, y)


def _listed(figure: Figure, arrow: Arrow, room: Room, y: float) -> None:
    """An arrow where there are no lanes: its machines, its label, its other words."""
    texts = ((way(arrow), "ink", 250), (shown(arrow), arrow.kind, 170), (arrow.info, "muted", 210))
    x = room.left + LEFT + 6
    for said, role, wide in texts:
        figure.words.append(Words(x, y + 21, fitted(said, wide), role, size=11))
        x += wide + 10


def _beside(figure: Figure, ladder: Ladder, arrow: Arrow, room: Room, y: float) -> None:
    """Times on the left; frame, CSeq and leg on the right; what a finding says below."""
    figure.words.append(Words(room.left + 66, y + 21, f"{arrow.time - room.start:.3f}", side="right"))
    if arrow.delta is not None:
        figure.words.append(Words(room.left + 122, y + 21, f"{arrow.delta:+.3f}", "muted", "right", 11))
    figure.words.append(Words(room.right + 6, y + 21, fitted(beside(arrow, ladder), BESIDE, 11), size=11))
    y += (ARROW + (INFO if arrow.info else 0) if room.places else LISTED) - 7
    for line, said in enumerate(_mark(arrow, room), 1):
        sign = "" if line > 1 else "\N{BLACK UP-POINTING TRIANGLE}"
        figure.words.append(Words(room.left + LEFT + 2, y + MARK * line, sign, "fault", strong=True))
        figure.words.append(Words(room.left + LEFT + 20, y + MARK * line, said, "fault", strong=True))


def _arrow(figure: Figure, arrow: Arrow, room: Room, y: float) -> None:
    first, last = room.places[arrow.source], room.places[arrow.target]
    role, y = "fault" if arrow.mark else arrow.kind, y + 21
    dash = ANSWER if arrow.answer else DASHES.get(arrow.kind)
    if first == last:
        figure.line([(first, y - 9), (first + 20, y - 9), (first + 20, y + 3), (first + 8, y + 3)], role, dash)
        figure.head(first, y + 3, "left", role)
        figure.words.append(Words(first + 26, y + 1, f"{shown(arrow)}  {arrow.info}", role, halo=True))
        return
    step = 1 if first < last else -1
    for offset in (-1.5, 1.5) if arrow.kind == "rtp" else (0.0,):
        figure.line([(first, y + offset), (last - 6 * step, y + offset)], role, dash)
    figure.head(last, y, "right" if step > 0 else "left", role)
    free, middle = abs(last - first) - 12, (first + last) / 2
    crosses = any(min(first, last) < x < max(first, last) for x in room.places.values())
    figure.words.append(Words(middle, y - 7, fitted(shown(arrow), free), role, "center", halo=crosses))
    if arrow.info:
        figure.words.append(Words(middle, y + 14, fitted(arrow.info, free, 11), "muted", "center", 11, halo=crosses))
