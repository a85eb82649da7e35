"""How many columns a text takes in a terminal, and texts made to take a given number of them."""

import unicodedata

TWO_COLUMNS = frozenset("WF")
"""East Asian widths (Unicode Standard Annex 11) that take two columns."""


def columns(text: str) -> int:
    """The columns that *text* takes: wide characters two, combining ones none."""
    return len(text) if text.isascii() else sum(map(_width, text))


def cut(text: str, width: int) -> str:
    """*text*, cut to *width* columns with an ellipsis."""
    if columns(text) <= width:
        return text
    used, kept = 1, []
    for character in text:
        used += _width(character)
        if used > width:
            break
        kept.append(character)
    return "".join(kept) + "…" if width > 0 else ""


def padded(text: str, width: int) -> str:
    """*text* on the left of *width* columns; longer text is cut."""
    text = cut(text, width)
    return text + " " * (width - columns(text))


def centred(text: str, width: int, fill: str = " ") -> str:
    """*text* in the middle of *width* columns; longer text is cut."""
    text = cut(text, width)
    free = width - columns(text)
    return fill * (free // 2) + text + fill * (free - free // 2)


def _width(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in TWO_COLUMNS else 1
