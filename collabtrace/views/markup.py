"""The one door through which text enters markup, for SVG and for HTML.

What a capture holds is an attacker's text: everything that is not ``Markup`` already is escaped here, and
characters that XML 1.0 §2.2 forbids, or that turn the direction of reading around them, are made visible.
Names of elements and attributes come from code, never from a capture, and are checked all the same.
"""

import functools
import json
import re
from collections.abc import Iterable

from markupsafe import Markup, escape

CLOSES_ITSELF = frozenset(
    "br circle col ellipse hr img input line link meta path polygon polyline rect source stop use wbr".split()  # noqa: SIM905
)
"""Elements that never hold anything; every other one gets an end tag, which HTML needs."""

NOT_ESCAPABLE = frozenset(["script", "style"])
"""Elements whose content HTML reads without character references: ``verbatim`` and ``data_island`` write them."""

ADDRESS = re.compile(r"#|\./|https://|data:image/")
"""How an address in ``href`` or ``src`` may begin; what is left out, runs code."""

ENDS_CODE = re.compile(r"</|<!--|<script", re.IGNORECASE)

_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_VISIBLE: dict[int, str] = {
    **{code: chr(0x2400 + code) for code in range(0x20) if chr(code) not in "\t\n\r"},
    0x7F: "\N{SYMBOL FOR DELETE}",
    **dict.fromkeys(range(0x80, 0xA0), _REPLACEMENT),
    **dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)], _REPLACEMENT),
    **dict.fromkeys([*range(0xD800, 0xE000), 0xFFFE, 0xFFFF], _REPLACEMENT),
}


_TAG = re.compile("[<>\"']")
_SPECIAL = re.compile(f"[&<>\"'{re.escape(''.join(map(chr, _VISIBLE)))}]").search


def visible(text: str) -> str:
    """*text* with each forbidden character replaced by its picture (``␀``) or ``�``."""
    return text if text.isprintable() else text.translate(_VISIBLE)


def text(value: object) -> Markup:
    """*value* as markup: escaped, unless it is ``Markup`` already."""
    return value if isinstance(value, Markup) else _safe(_escaped(str(value)))


def element(name: str, /, *children: object, **attributes: object) -> Markup:
    """One element; None among *children* and *attributes* is left out.

    ``class_`` is written ``class``, ``data_frame`` is written ``data-frame``; an attribute that is True is
    written empty and one that is False is left out. Raises ValueError where a name or an address could run code.
    """
    parts = [_start(name)]
    for key, value in attributes.items():
        if value is not None and value is not False:
            kind = type(value)
            plain = value if kind is int or kind is float else _attribute_value(key, value)
            parts.append(f'{_attribute(key)}{plain}"')
    if name in CLOSES_ITSELF and not children:
        parts.append("/>")
    else:
        parts.append(">")
        shown = [child for child in children if child is not None]
        parts += [child if isinstance(child, Markup) else _escaped(str(child)) for child in shown]
        parts.append(f"</{name}>")
    return _safe("".join(parts))


def join(parts: Iterable[object], between: str = "") -> Markup:
    """Pieces of markup or text, one after another with *between* between them; None is left out."""
    pieces = [text(part) for part in parts if part is not None]
    return _safe(str(text(between)).join(pieces))


def verbatim(name: str, code: str) -> Markup:
    """A ``style`` or ``script`` of our own; ValueError if *code* could end the element."""
    if name not in NOT_ESCAPABLE:
        raise ValueError(f"{name} takes text that is escaped: use element()")
    if ENDS_CODE.search(code) or (name == "style" and re.search("[<&]", code)):
        raise ValueError(f"this text could end its {name}, or mean something else in XML than in HTML")
    return Markup(f"<{name}>{code}</{name}>")  # noqa: S704 - checked above


def data_island(identifier: str, value: object) -> Markup:
    """*value* as JSON in a ``script`` that no browser runs, to be read by the page's own code."""
    code = json.dumps(value, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    for character in "<>&":
        code = code.replace(character, f"\\u{ord(character):04x}")
    island = f'<script type="application/json" id="{text(identifier)}">{code}</script>'
    return Markup(island)  # noqa: S704 - JSON without < > &


def _safe(markup: str) -> Markup:
    """Markup of which every part went through ``text``; Markup's own constructor takes four times as long."""
    return str.__new__(Markup, markup)


def _escaped(text: str) -> str:
    # Most texts hold nothing special: to find that out is faster than to escape them.
    return text if _SPECIAL(text) is None else escape(visible(text))


def _attribute_value(key: str, value: object) -> str:
    if value is True:
        return ""
    if key in ("href", "src") and not ADDRESS.match(str(value)):
        raise ValueError(f"{key} begins with none of # ./ https:// data:image/")
    if isinstance(value, Markup) and not _TAG.search(value):
        return value
    # Markup with a tag in it would end the attribute: what it says is escaped like any other text.
    return _escaped(str.__str__(value) if isinstance(value, str) else str(value))


@functools.cache
def _start(name: str) -> str:
    """``<name``, of a name that can be an element's."""
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9]*", name):
        raise ValueError(f"{name!r} is no name of an element")
    if name in NOT_ESCAPABLE:
        raise ValueError(f"{name} cannot hold escaped text: use verbatim() or data_island()")
    return f"<{name}"


@functools.cache
def _attribute(key: str) -> str:
    """`` name="``, of a name that can be that of an attribute which holds text."""
    name = key.rstrip("_").replace("_", "-")
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]*", name) or name.lower().startswith("on"):
        raise ValueError(f"{key!r} is no name of an attribute that holds text")
    return f' {name}="'
