"""The frame of every SVG: its size, its name for screen readers, its style where it stands alone."""

from markupsafe import Markup

from collabtrace.views.markup import element, join, verbatim
from collabtrace.views.theme import STYLE
from collabtrace.views.widths import columns, cut

NAMESPACE = "http://www.w3.org/2000/svg"

LETTER = 6.7
"""Pixels that a letter takes on average at the size of 12; drawings are laid out without measuring type."""


def document(width: float, height: float, title: str, *content: Markup, standalone: bool, class_: str) -> Markup:
    """An ``svg`` element; without *standalone* it lacks what the page around it has: name space, style and ground."""
    wide, tall = round(width), round(height)
    own = (verbatim("style", STYLE), box(0, 0, wide, tall, "ground")) if standalone else ()
    return element(
        "svg",
        *own,
        *content,
        xmlns=NAMESPACE if standalone else None,
        width=wide,
        height=tall,
        viewBox=f"0 0 {wide} {tall}",
        # A notebook cell or a page may be narrower: the drawing shrinks rather than lose its right edge.
        style="max-width:100%;height:auto" if standalone else None,
        class_=f"ct {class_}",
        role="group",
        aria_label=title,
    )


def box(x: float, y: float, width: float, height: float, class_: str, rounded: int | None = None) -> Markup:
    """A ``rect`` element."""
    place = {"x": number(x), "y": number(y), "width": number(width), "height": number(height)}
    return element("rect", rx=rounded, class_=class_, **place)


def words(value: object, x: float, y: float, class_: str | None = None) -> Markup:
    """A ``text`` element."""
    return element("text", value, x=number(x), y=number(y), class_=class_)


def group(*content: object, **attributes: object) -> Markup:
    """A ``g`` element."""
    return element("g", join(content), **attributes)


def length(text: str, size: float = 12) -> float:
    """About how many pixels *text* takes."""
    return columns(text) * LETTER * size / 12


def fitted(text: str, width: float, size: float = 12) -> str:
    """*text*, cut to about *width* pixels."""
    return cut(text, max(1, int(width / (LETTER * size / 12))))


def number(value: float) -> float | int:
    """A coordinate with as many digits as a screen shows."""
    if type(value) is int:
        return value
    rounded = round(value, 1)
    whole = int(rounded)
    return whole if whole == rounded else rounded
