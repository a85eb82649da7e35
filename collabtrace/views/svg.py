"""A ladder as SVG: stands alone, or goes into a page that has ``theme.STYLE`` already.

Every arrow is a group of class ``row`` that takes the keyboard's focus and says what it is in its ``title``; its
``data-table``, ``data-row``, ``data-file`` and ``data-frame`` let a page open the message behind it.
"""

from collections.abc import Iterator

from markupsafe import Markup

from collabtrace.views import svg_list, svg_rows
from collabtrace.views.canvas import box, document, fitted, group, length, number, words
from collabtrace.views.markup import element
from collabtrace.views.rows import Arrow, Ladder, Lane, Section, beside, shown
from collabtrace.views.svg_rows import DELTA_END, TIME_END, Lanes

LEFT, TOP, HEAD, LINE = 130, 12, 46, 17
"""Pixels for the times, above everything, for the names of the machines, for a line of text."""

NARROWEST, WIDEST = 180, 300
"""Pixels between two lanes."""

ALL_LANES = 1400
"""Pixels that all lanes together take if labels can be read all the same."""

HEADS_EVERY = 40
"""Rows after which the names of the machines are shown again."""


def render(ladder: Ladder, *, standalone: bool = True, role: str = "listitem") -> Markup:
    """The ladder as an ``svg`` element; *role* is that of its arrows: ``button`` where a page opens them."""
    y, width = float(TOP), 0.0
    parts: list[Markup] = []
    for line in _preface(ladder):
        parts.append(words(line, 12, y + 12, "muted"))
        y, width = y + LINE, max(width, length(line) + 24)
    shared: dict[tuple[Lane, ...], float] = {}
    for section in (section for section in ladder.sections if section.lanes):
        shared[section.lanes] = max(shared.get(section.lanes, NARROWEST), _spacing(section))
    for section in ladder.sections:
        if section.lanes:
            lanes = _lanes(ladder, section, shared[section.lanes])
            drawn, wide, height = _section(ladder, section, lanes, y, role)
        else:
            drawn, wide, height = svg_list.draw(ladder, section, y, role)
        parts.append(group(drawn, id=section.anchor) if standalone else drawn)
        y, width = y + height, max(width, wide)
    return document(width, y + TOP, ladder.title, *parts, standalone=standalone, class_="ct-ladder")


def _preface(ladder: Ladder) -> Iterator[str]:
    if len(ladder.files) > 1:
        yield ", ".join(f"{ladder.letter(file)} = {file}" for file in ladder.files)
    yield from ladder.remarks


def _spacing(section: Section) -> float:
    """How far apart names and labels want the lanes, within reason."""
    places = section.places()
    wanted = max((length(lane.name or lane.key) + 30 for lane in section.lanes), default=0)
    for row in section.rows:
        if isinstance(row, Arrow):
            steps = abs(places[row.source] - places[row.target]) or 1
            wanted = max(wanted, (length(shown(row)) + 40) / steps, (length(row.info, 11) + 30) / steps)
    return min(wanted, WIDEST, max(NARROWEST, ALL_LANES / max(1, len(places))))


def _lanes(ladder: Ladder, section: Section, spacing: float) -> Lanes:
    """Where the lanes are, with room on the right for frames and CSeq."""
    centres = {lane.key: LEFT + spacing * (place + 0.5) for place, lane in enumerate(section.lanes)}
    right = LEFT + spacing * max(1, len(centres))
    said = max((length(beside(row, ladder)) for row in section.rows if isinstance(row, Arrow)), default=40)
    titles = max(length(section.title, 16), *map(length, section.lines))
    return Lanes(centres, right, max(right + said + 24, titles + 30), section.start)


def _section(ladder: Ladder, section: Section, lanes: Lanes, top: float, role: str) -> tuple[Markup, float, float]:
    """A section that begins at *top*, its width and its height."""
    titles = [section.title, *section.lines]
    said = [
        words(line, 12, top + 15 + LINE * place, "muted" if place else "title") for place, line in enumerate(titles)
    ]
    y = top + 10 + LINE * len(titles)
    rails_from, heads, rows = y + HEAD / 2, [_heads(section, lanes, y)], []
    y += HEAD + 4
    for place, row in enumerate(section.rows):
        if place and place % HEADS_EVERY == 0:
            heads.append(_heads(section, lanes, y + 4))
            y += HEAD + 8
        rows.append(svg_rows.draw(row, lanes, ladder, y, role))
        y += svg_rows.height(row, lanes)
    rails = [
        element("path", d=f"M{number(x)} {number(rails_from)}V{number(y + 6)}", class_="rail")
        for x in lanes.places.values()
    ]
    drawn = group(*said, *rails, *heads, group(*rows, role="list", aria_label=section.title), class_="section")
    return drawn, lanes.width, y + 22 - top


def _heads(section: Section, lanes: Lanes, y: float) -> Markup:
    """The machines in boxes on their lanes: name and address, or the address alone."""
    wide = (lanes.right - LEFT) / len(section.lanes) - 14
    heads = [words("seconds", TIME_END, y + 23, "muted end"), words("since", DELTA_END, y + 23, "muted end")]
    for lane in section.lanes:
        x = lanes.places[lane.key]
        lines = [lane.name, lane.key] if lane.name else [lane.key]
        heads.append(box(x - wide / 2, y, wide, HEAD - 8, "panel", 5))
        first = y + (16 if len(lines) > 1 else 23)
        heads += [
            words(fitted(line, wide - 12), x, first + 15 * place, "mid muted" if place else "mid strong")
            for place, line in enumerate(lines)
        ]
    return group(*heads)
