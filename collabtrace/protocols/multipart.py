"""Bodies of several parts (RFC 2046 §5.1, RFC 5621)."""

import re
from dataclasses import dataclass

from collabtrace.errors import ParseError
from collabtrace.protocols.headers import FIELDS
from collabtrace.protocols.media_type import MediaType

DEEPEST = 8
"""Levels of multiparts inside multiparts that are opened."""
MOST = 256
"""Parts of one body that are read."""

# dash-boundary transport-padding CRLF, or close-delimiter
_DELIMITER_END = re.compile(rb"(--)?+[ \t]*+(?:\r?\n|\Z)")
_TEXT = MediaType("text", "plain")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a body, or a body that has no parts."""

    media_type: MediaType
    headers: tuple[tuple[str, str], ...]
    """Name and value; empty for a body that is not a multipart."""
    body: bytes

    def header(self, name: str) -> str | None:
        """The first value of the header *name*."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)


def parse(media_type: MediaType, body: bytes) -> tuple[Part, ...]:
    """Take *body* apart into the parts that are no multiparts themselves; a ParseError where no boundary is found."""
    return tuple(_open(Part(media_type, (), body), 0))


def _open(part: Part, depth: int) -> list[Part]:
    if part.media_type.type != "multipart" or depth >= DEEPEST:
        return [part]
    boundary = part.media_type.parameters.get("boundary")
    contents = _between(b"\n--" + boundary.encode("utf-8", "replace"), part.body) if boundary else []
    if contents:
        return [found for content in contents for found in _open(_part(content), depth + 1)]
    if depth:
        return [part]
    raise ParseError(
        f"the boundary {boundary[:80]!r} is not in the body" if boundary else "the multipart has no boundary"
    )


def _between(delimiter: bytes, body: bytes) -> list[bytes]:
    """What lies between the delimiters; without the last one, up to the end."""
    contents: list[bytes] = []
    for piece in (b"\n" + body).split(delimiter, MOST)[1:]:
        match = _DELIMITER_END.match(piece)
        if match is None:
            # A longer boundary that begins alike, of a part that is a multipart itself.
            if contents:
                contents[-1] += delimiter + piece
        elif match[1]:
            break
        else:
            contents.append(piece[match.end() :])
    return contents


def _part(content: bytes) -> Part:
    """Read the headers and the body between two boundaries."""
    content = content.removesuffix(b"\r")
    if content.startswith((b"\r\n", b"\n")):
        head, body = b"", content[content.index(b"\n") + 1 :]
    else:
        ends = [(at, len(blank)) for blank in (b"\r\n\r\n", b"\n\n") if (at := content.find(blank)) >= 0]
        at, width = min(ends, default=(len(content), 0))
        head, body = content[:at], content[at + width :]
    lines = head.decode("utf-8", "replace").replace("\r\n", "\n").replace("\n ", " ").replace("\n\t", " ").split("\n")
    headers = tuple(field for field in map(FIELDS.__getitem__, lines) if field[0])
    written = next((value for name, value in headers if name == "Content-Type"), None)
    try:
        media_type = MediaType.parse(written) if written is not None else _TEXT
    except ParseError:
        media_type = _TEXT
    return Part(media_type, headers, body)
