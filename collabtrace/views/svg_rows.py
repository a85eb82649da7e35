"""The rows of a ladder as SVG: each is drawn from its own upper edge, between lanes at given places."""

import textwrap
from collections.abc import Mapping
from typing import NamedTuple

from markupsafe import Markup

from collabtrace.views import svg_arrow
from collabtrace.views.canvas import LETTER, box, fitted, length, number, words
from collabtrace.views.markup import element, join
from collabtrace.views.rows import Arrow, Gap, Ladder, Note, Row, beside, shown
from collabtrace.views.wording import duration

ARROW, TALL_ARROW, NOTE, GAP, LINE = 30, 42, 28, 28, 16
"""Heights in pixels: an arrow, an arrow with more words, a note, a gap, a line of text."""

TIME_END, DELTA_END = 66, 122
"""Where the times and the times since the arrow before end, in pixels from the left."""

REFUSED = 400
"""SIP statuses from here on refuse the request (RFC 3261 §7.2)."""


class Lanes(NamedTuple):
    """Where things are, in pixels."""

    places: Mapping[str, float]
    right: float
    """Where the lanes end and frames and CSeq begin."""
    width: float
    start: float
    """The time from which rows count."""


def height(row: Row, lanes: Lanes) -> int:
    """The height of a row."""
    if isinstance(row, Gap):
        return GAP
    if isinstance(row, Note):
        return NOTE
    return (TALL_ARROW if row.info else ARROW) + (LINE * len(_mark(row, lanes)) + 8 if row.mark else 0)


def draw(row: Row, lanes: Lanes, ladder: Ladder, y: float, role: str) -> Markup:
    """A row whose upper edge is at *y*."""
    if isinstance(row, Gap):
        return _gap(row, lanes, y)
    if isinstance(row, Note):
        return _note(row, lanes, y)
    return element(
        "g",
        element("title", _told(row, lanes, ladder)),
        box(0, 0, lanes.width, height(row, lanes), "hit"),
        *svg_arrow.draw(row, lanes.places, lanes.right),
        *_beside(row, lanes, ladder),
        *(_alarm(row, lanes) if row.mark else ()),
        class_=" ".join(_classes(row)),
        transform=f"translate(0 {number(y)})",
        tabindex=0,
        role=role,
        data_table=row.table,
        data_row=row.row,
        data_file=row.file,
        data_frame=row.frame,
    )


def _classes(arrow: Arrow) -> list[str]:
    kinds = ["row", arrow.kind]
    if arrow.answer:
        kinds.append("answer")
    if arrow.status is not None and arrow.status >= REFUSED:
        kinds.append("refused")
    return [*kinds, "marked"] if arrow.mark else kinds


def _beside(arrow: Arrow, lanes: Lanes, ladder: Ladder) -> list[Markup]:
    """Times on the left; frame, CSeq and leg on the right."""
    delta = [words(f"{arrow.delta:+.3f}", DELTA_END, 21, "muted end")] if arrow.delta is not None else []
    frames = ladder.frames(arrow)
    more = beside(arrow, ladder).removeprefix(frames).lstrip()
    said = [words(f"{arrow.time - lanes.start:.3f}", TIME_END, 21, "end"), *delta, words(frames, lanes.right + 6, 21)]
    return [*said, words(more, lanes.right + 18 + length(frames), 21, "muted")] if more else said


def _told(arrow: Arrow, lanes: Lanes, ladder: Ladder) -> str:
    """Everything about an arrow in words: what a pointer that rests on it shows, and what a screen reader says."""
    said = [shown(arrow), f"{arrow.source} → {arrow.target}", arrow.info, arrow.detail]
    said += [f"CSeq {arrow.cseq}" if arrow.cseq else "", f"leg {arrow.leg}" if arrow.leg else ""]
    said += [f"frame {ladder.frames(arrow)}", f"at {arrow.time - lanes.start:.3f} s"]
    if arrow.until is not None and arrow.until > arrow.time and arrow.count == 1:
        said.append(f"until {arrow.until - lanes.start:.3f} s")
    return ", ".join(filter(None, said)) + (f". {arrow.mark}" if arrow.mark else "")


def _mark(arrow: Arrow, lanes: Lanes) -> list[str]:
    return textwrap.wrap(arrow.mark or "", max(20, int((lanes.width - TIME_END - 60) / LETTER)))


def _alarm(arrow: Arrow, lanes: Lanes) -> list[Markup]:
    """What a finding says, in a box with a sign of warning below the arrow."""
    lines, top = _mark(arrow, lanes), TALL_ARROW if arrow.info else ARROW
    return [
        box(DELTA_END + 6, top, lanes.width - DELTA_END - 16, LINE * len(lines) + 4, "alarm", 4),
        element("path", d=f"M{DELTA_END + 14} {top + 15}l6-11 6 11z", class_="warning"),
        *[words(line, DELTA_END + 34, top + 14 + LINE * place) for place, line in enumerate(lines)],
    ]


def _note(note: Note, lanes: Lanes, y: float) -> Markup:
    first, last = sorted((lanes.places[note.source], lanes.places[note.target]))
    wide = max(last - first - 24, min(length(note.text) + 24, lanes.right - DELTA_END - 20))
    middle = min(max((first + last) / 2, DELTA_END + 12 + wide / 2), lanes.right - wide / 2)
    pill = box(middle - wide / 2, y + 3, wide, 21, "panel", 10)
    return join([pill, words(fitted(note.text, wide - 16), middle, y + 18, "mid")])


def _gap(gap: Gap, lanes: Lanes, y: float) -> Markup:
    """The lanes are broken where the ladder leaves time out."""
    cover = box(DELTA_END + 4, y + 5, lanes.right - DELTA_END - 4, 18, "ground")
    rails = [element("path", d=f"M{number(x)} {number(y + 5)}v18", class_="rail gap") for x in lanes.places.values()]
    text = f"{duration(gap.seconds)} without a message"
    return join([cover, *rails, words(text, (DELTA_END + lanes.right) / 2, y + 18, "muted halo mid")])
