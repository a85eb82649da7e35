"""A section with too many machines for lanes as SVG: each arrow is a line that names them."""

from markupsafe import Markup

from collabtrace.views.canvas import box, fitted, group, length, number, words
from collabtrace.views.markup import element
from collabtrace.views.rows import Arrow, Gap, Ladder, Note, Section, shown, way

LINE, TOP, TIME_END, GAP, WIDEST = 20, 26, 76, 18, 420
"""Pixels: a line, the title, where times end, between columns, a column."""


def draw(ladder: Ladder, section: Section, top: float, role: str) -> tuple[Markup, float, float]:
    """The section as a group that begins at *top*, its width and its height."""
    arrows = [row for row in section.rows if isinstance(row, Arrow)]
    texts = [(ladder.frames(arrow), way(arrow), shown(arrow), arrow.info) for arrow in arrows]
    places = [float(TIME_END + GAP)]
    for column in zip(*texts, strict=True):
        places.append(places[-1] + GAP + min(WIDEST, max(map(length, column))))
    width = max(places[-1], length(section.title, 16) + 24)
    said = [section.title, *section.lines]
    heading = [words(line, 12, top + 15 + 17 * place, "muted" if place else "title") for place, line in enumerate(said)]
    y = top + TOP + 17 * (len(said) - 1)
    told, rows = iter(texts), []
    for row in section.rows:
        if isinstance(row, Arrow):
            rows.append(_line(row, next(told), places, y, section.start, role))
        elif isinstance(row, Note):
            rows.append(words(row.text, places[0], y + 14, "muted"))
        y += LINE if not isinstance(row, Gap) else 0
    drawn = group(*heading, group(*rows, role="list", aria_label=section.title), class_="section")
    return drawn, width, y + 14 - top


def _line(arrow: Arrow, texts: tuple[str, ...], places: list[float], y: float, start: float, role: str) -> Markup:
    time = f"{arrow.time - start:.3f}"
    classes = ("", "", "label", "muted")
    return element(
        "g",
        element("title", ", ".join(filter(None, [arrow.label, *texts[:2], arrow.info, f"at {time} s", arrow.mark]))),
        box(0, 0, places[-1], LINE, "hit"),
        words(time, TIME_END, 14, "end"),
        *[
            words(fitted(text, WIDEST), place, 14, class_ or None)
            for text, place, class_ in zip(texts, places, classes, strict=False)
            if text
        ],
        class_=f"row {arrow.kind}" + (" marked" if arrow.mark else ""),
        transform=f"translate(0 {number(y)})",
        tabindex=0,
        role=role,
        data_table=arrow.table,
        data_row=arrow.row,
        data_file=arrow.file,
        data_frame=arrow.frame,
    )
