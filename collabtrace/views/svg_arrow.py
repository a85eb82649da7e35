"""An arrow of a ladder as SVG: its line, its head, its words; it lies between 10 and 38 pixels below its upper edge."""

from collections.abc import Mapping

from markupsafe import Markup

from collabtrace.views.canvas import fitted, number, words
from collabtrace.views.markup import element
from collabtrace.views.rows import Arrow, shown

LABEL, LINE, INFO = 14, 21, 35
"""Pixels from the upper edge to the label, the line, and the words below it."""

LOOP = 160
"""Pixels that the label of an arrow from a machine to itself gets beside its lane."""


def draw(arrow: Arrow, places: Mapping[str, float], right: float) -> list[Markup]:
    """The arrow between the lanes at *places*, all left of *right*."""
    first, last = places[arrow.source], places[arrow.target]
    if first == last:
        return _loop(arrow, first, right)
    step = 1 if first < last else -1
    room, middle = abs(last - first) - 12, (first + last) / 2
    drawn = [
        element("path", d=_line(arrow.kind, number(first), number(last - 7 * step)), class_="line"),
        element("path", d=f"M{number(last)} {LINE}l{-9 * step}-4.5v9z", class_="head"),
        words(fitted(shown(arrow), room), middle, LABEL, "label halo mid"),
    ]
    return [*drawn, words(fitted(arrow.info, room, 11), middle, INFO, "muted halo mid")] if arrow.info else drawn


def _line(kind: str, first: float, last: float) -> str:
    """One line; two for media."""
    if kind != "rtp":
        return f"M{first} {LINE}H{last}"
    return f"M{first} {LINE - 1.5}H{last}M{first} {LINE + 1.5}H{last}"


def _loop(arrow: Arrow, x: float, right: float) -> list[Markup]:
    """An arrow that ends on the lane where it begins; its words are on the side where there is room."""
    side = 1 if x < right - LOOP else -1
    label = fitted(f"{shown(arrow)}  {arrow.info}".rstrip(), right - x - 40 if side > 0 else LOOP - 20)
    return [
        element("path", d=f"M{number(x)} 12h{20 * side}v12h{-13 * side}", class_="line"),
        element("path", d=f"M{number(x)} 24l{9 * side}-4.5v9z", class_="head"),
        words(label, x + 26 * side, 22, "label halo" if side > 0 else "label halo end"),
    ]
