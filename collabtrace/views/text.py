"""A ladder as text that stays aligned: one line a row, lanes on the left, times and frames on the right.

Requests are drawn with a full line, answers with a broken one, media with a double one. Where the lanes do not
fit into the width, each row says its machines instead.
"""

import textwrap
from collections.abc import Iterator

from collabtrace.views.rails import BROKEN_RAIL, Rails
from collabtrace.views.rows import Arrow, Gap, Ladder, Note, Row, Section, shown, way
from collabtrace.views.widths import columns, cut, padded
from collabtrace.views.wording import duration

WIDTH = 120
"""Columns that a ladder takes unless told otherwise."""

TIMES = 25
"""Columns for the times beside the lanes, and for what separates them."""

ASCII = str.maketrans("→×…–·│┊─╌═┈", ">x~-.|:--=.")
"""Stand-ins for terminals and mails that know ASCII only."""


def render(ladder: Ladder, *, width: int = WIDTH, ascii_only: bool = False) -> str:
    """The ladder in lines of at most *width* columns; headings, and rows that name their machines, may be longer."""
    text = "".join(f"{line.rstrip()}\n" for line in _lines(ladder, width))
    return text.translate(ASCII).encode("ascii", "replace").decode() if ascii_only else text


def _lines(ladder: Ladder, width: int) -> Iterator[str]:
    several = len(ladder.sections) != 1
    if several:
        yield ladder.title
    if len(ladder.files) > 1:
        yield ", ".join(f"{ladder.letter(file)} = {file}" for file in ladder.files)
    yield from ladder.remarks
    for section in ladder.sections:
        if several:
            yield ""
        yield section.title
        yield from (f"  {line}" for line in section.lines)
        yield from _Rows(ladder, section, width).lines()


class _Rows:
    """The rows of one section as lines."""

    def __init__(self, ladder: Ladder, section: Section, width: int) -> None:
        self.ladder, self.section, self.width = ladder, section, width
        arrows = [row for row in section.rows if isinstance(row, Arrow)]
        self.frames = max((len(ladder.frames(arrow)) for arrow in arrows), default=0)
        self.cseq = max((len(arrow.cseq or "") + 2 for arrow in arrows), default=0)
        self.rails = Rails.fitting(section, width - TIMES - self.frames - self.cseq)
        self.way = max((len(way(arrow)) for arrow in arrows), default=0)

    def lines(self) -> Iterator[str]:
        if self.rails:
            yield from self.rails.heading()
        for row in self.section.rows:
            for drawn, said in self._row(row):
                yield cut(f"{drawn}  {said}", self.width) if self.rails else said

    def _row(self, row: Row) -> Iterator[tuple[str, str]]:
        """What is drawn on the lanes, and what is said beside them."""
        rails = self.rails
        rest = rails.rest() if rails else ""
        if isinstance(row, Gap):
            yield rails.rest(BROKEN_RAIL) if rails else "", f"{'':9}({duration(row.seconds)} without a message)"
        elif isinstance(row, Note):
            inside = rails.note(row.source, row.target, row.text) if rails else None
            yield (inside, "") if inside else (rest, f"~ {row.text}")
        else:
            label = "" if rails else f"{way(row):{self.way}}  {shown(row)}"
            leg = f"  leg {row.leg}" if row.leg else ""
            said = f"{self._times(row)}  {label}".rstrip() + leg
            fits = not rails or columns(rest) + 2 + columns(f"{said}  {row.info}") <= self.width
            yield rails.arrow(row) if rails else "", f"{said}  {row.info}".rstrip() if fits else said
            if row.info and not fits:
                yield rest, f"{'':9} {row.info}"
            room = max(30, self.width - columns(rest) - 14)
            for line in textwrap.wrap(row.mark or "", room):
                yield rest, f"{'':9}!! {line}"

    def _times(self, arrow: Arrow) -> str:
        delta = "" if arrow.delta is None else f"{arrow.delta:+.3f}"
        frames = padded(self.ladder.frames(arrow), self.frames)
        return f"{arrow.time - self.section.start:9.3f} {delta:>9}  {frames}  {arrow.cseq or '':{self.cseq}}".rstrip()
