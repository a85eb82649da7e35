"""XML bodies with everything private replaced: markup stays, text and attributes only where they are of the protocol.

The bytes are read as they are, because a body has to keep its length, and broken XML is none the less private.
"""

import re

from collabtrace.redaction.text import Text

_PIECE = re.compile(r"(<[^>]*>?)|([^<]+)")
_TAG = re.compile(r"(<[!?/]?[\w:.-]*)|([\w:.-]+)(\s*=\s*)(\"[^\"]*\"?|'[^']*'?)|([^\s>/?]+)")
_ELEMENT = re.compile(r"<([\w:.-]+)")
_NAMESPACES = re.compile(r"xmlns(?::\w+)?|(?:\w+:)?schemaLocation|version|encoding", re.IGNORECASE)
_SECRET = re.compile(r"pass(?:word|wd)?|pin|secret|token|credential", re.IGNORECASE)
_DIGITS = re.compile(r"digits?|signal|dtmf", re.IGNORECASE)
_KEY = re.compile(r"[0-9A-Da-d]")
_PATTERN = re.compile(r"[\[\]0-9xX*#A-D{},.|^\-\s]*")
_NUMBERS = frozenset(("code", "version", "expires", "interval", "timer", "duration", "index", "count", "linenumber"))


def rewrite(body: bytes, text: Text) -> bytes:
    """A document, or the beginning of one."""
    element = ""

    def piece(found: re.Match[str]) -> str:
        nonlocal element
        if found[1] is not None:
            name = _ELEMENT.match(found[1])
            if name:
                element = name[1].rpartition(":")[2]
            return text.stays(found[1]) if found[1].startswith("<?xml ") and "?>" in found[1] else _tag(found[1], text)
        return _content(element, found[2], text)

    return _PIECE.sub(piece, body.decode("latin-1")).encode("latin-1")


def _tag(tag: str, text: Text) -> str:
    if tag.startswith(("<!", "<?")):
        # Comments, declarations and instructions hold anything.
        return re.sub(r"[^<>!?\[\]\s-]", "x", tag)

    def change(found: re.Match[str]) -> str:
        if found[1] is not None:
            return text.stays(found[0])
        if found[2] is None:
            return text.private(found[0])
        return text.stays(found[2]) + found[3] + _attribute(found[2], found[4], text)

    return _TAG.sub(change, tag)


def _attribute(name: str, value: str, text: Text) -> str:
    quote, inner, end = value[:1], value[1:].rstrip(value[:1]), value[1 + len(value[1:].rstrip(value[:1])) :]
    return quote + (text.stays(inner) if _NAMESPACES.fullmatch(name) else _content(name, inner, text)) + end


def _content(name: str, value: str, text: Text) -> str:
    """Text of an element or an attribute of that name."""
    if _SECRET.search(name):
        return re.sub(r"\w", "x", value)
    if name == "regex" and _PATTERN.fullmatch(value):
        return text.stays(value) if re.search(r"[\[xX]", value) or not re.search(r"\d", value) else _KEY.sub("1", value)
    if _DIGITS.fullmatch(name):
        return _KEY.sub("1", value)
    if name.lower() in _NUMBERS and value.strip().isdecimal():
        return value
    return text.private(value)
