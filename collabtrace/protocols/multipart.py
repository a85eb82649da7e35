"""Bodies of several parts (RFC 2046 §5.1, RFC 5621)."""

from dataclasses import dataclass

from collabtrace.errors import ParseError
from collabtrace.protocols.headers import FIELDS
from collabtrace.protocols.media_type import MediaType

DEEPEST = 8
"""Levels of multiparts inside multiparts that are opened."""
MOST = 256
"""Parts of one body that are read."""

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
    if not boundary:
        raise ParseError("the multipart body has no boundary parameter")
    delimiter = b"--" + boundary.encode("utf-8", "replace")
    pieces = (b"\n" + part.body).split(b"\n" + delimiter, MOST)
    if len(pieces) < 2:
        raise ParseError(f"the boundary {boundary!r} is not in the body")
    found: list[Part] = []
    for piece in pieces[1:]:
        if piece.startswith(b"--"):
            break
        _, _, content = piece.partition(b"\n")
        found += _open(_part(content), depth + 1)
    return found


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
