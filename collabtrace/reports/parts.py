"""The small pieces of HTML that several sections use."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from markupsafe import Markup

from collabtrace.reports.format import MISSING
from collabtrace.views.markup import element, join

NUMBER = "n"
"""The class of columns that hold numbers."""

MARKED = {"`": "code", "*": "em"}
"""What stands for words between two marks."""

SYMBOLS = {"good": "✓", "bad": "✕", "warn": "!", "plain": "·"}
"""What stands beside a colour, so that nothing is said by colour alone."""


class Keyed(NamedTuple):
    """A cell whose text does not sort as it should."""

    shown: object
    key: float | None
    """What the column is sorted by; None comes last."""


class Row(NamedTuple):
    """One row of a table; a cell that is None, or shows None, has nothing to show."""

    cells: Sequence[object]
    attributes: Mapping[str, object] = {}


def table(
    caption: str, headings: Sequence[str], rows: Sequence[Row], numbers: Sequence[str] = (), *, sortable: bool = False
) -> Markup:
    """A table whose first column names the row; columns without any value are left out.

    *numbers* are the headings of the columns that are aligned as numbers.
    """
    shown = [i for i in range(len(headings)) if i == 0 or any(_shows(row.cells[i]) for row in rows)]
    classes = {i: NUMBER if headings[i] in numbers else None for i in shown}
    head = [element("th", headings[i], scope="col", class_=classes[i]) for i in shown]
    body = [element("tr", *_cells(row, shown, classes), **row.attributes) for row in rows]
    written = element(
        "table",
        element("caption", caption),
        element("thead", element("tr", *head)),
        element("tbody", *body),
        class_="sortable" if sortable else None,
    )
    return element("div", written, class_="scroll")


def _shows(cell: object) -> bool:
    return (cell.shown if isinstance(cell, Keyed) else cell) is not None


def _cells(row: Row, shown: Sequence[int], classes: Mapping[int, str | None]) -> Iterator[Markup]:
    for i in shown:
        cell, key = row.cells[i], None
        if isinstance(cell, Keyed):
            cell, key = cell
        value = MISSING if cell is None else cell
        if i == 0:
            yield element("th", value, scope="row", class_=classes[i], data_key=key)
        else:
            yield element("td", value, class_=classes[i], data_key=key)


def facts(pairs: Iterable[tuple[str, object]]) -> Markup:
    """A list of names and values; a value that is None is left out."""
    return element(
        "dl",
        *(element("div", element("dt", name), element("dd", value)) for name, value in pairs if value is not None),
        class_="facts",
    )


def badge(words: object, tone: str) -> Markup:
    """A short statement with a colour and a symbol; *tone* is ``good bad warn plain``."""
    symbol = element("span", SYMBOLS[tone], aria_hidden="true")
    return element("span", symbol, "\N{NO-BREAK SPACE}", words, class_=f"badge {tone}")


def prose(text: str) -> Markup:
    """A sentence in which words between backticks are code, and those between asterisks the names of settings."""
    parts = re.split(r"(`[^`]+`|\*\w[^*]*\w\*)", text)
    return join(element(MARKED[part[0]], part[1:-1]) if place % 2 else part for place, part in enumerate(parts))


def code(words: object) -> Markup:
    """Text to be copied, which one click selects whole."""
    return element("code", words, class_="copy")


def link(words: object, anchor: str | None) -> Markup | object:
    """A link to an anchor of the page; the words alone where there is none."""
    return words if anchor is None else element("a", words, href=f"#{anchor}")


def items(entries: Iterable[object], name: str = "ul") -> Markup:
    """A list."""
    return element(name, *(element("li", entry) for entry in entries))


def empty(words: object) -> Markup:
    """What a section says where it has nothing to show."""
    return element("p", words, class_="empty")
