"""A whole session description (RFC 8866 §5)."""

import re
from dataclasses import dataclass

from collabtrace.errors import ParseError
from collabtrace.protocols.sdp.media import Media
from collabtrace.protocols.sdp.origin import Connection, Origin
from collabtrace.protocols.sdp.section import SECTIONS, Section

MOST_MEDIA = 1024
"""m-lines that are read of one description."""

_ORIGIN = re.compile(r"\no=[^\S\n]*+\S++(?:[^\S\n]++\S++){5,}")


@dataclass(frozen=True, slots=True)
class Group:
    """m-lines that belong together (RFC 5888)."""

    semantics: str
    """``BUNDLE``, ``LS``, ``FID`` …"""
    mids: tuple[str, ...]


class Session:
    """One session description."""

    __slots__ = ("_flaws", "media", "section", "text")

    def __init__(self, text: str, section: Section, media: tuple[Media, ...], flaws: tuple[str, ...]) -> None:
        """Hold what ``parse`` has read."""
        self.text = text
        """The whole description; lines end in LF."""
        self.section = section
        """The lines before the first m-line, without the o= line."""
        self.media = media
        """The m-lines in order."""
        self._flaws = flaws

    def __repr__(self) -> str:
        return f"<SDP {', '.join(map(str, self.media)) or 'without media'}>"

    @property
    def flaws(self) -> tuple[str, ...]:
        """What is wrong with the description, in plain words."""
        flaws = [*self._flaws, *self.section.flaws]
        if ("v", "0") not in self.section.others:
            flaws.append("no line v=0")
        if not _ORIGIN.search(self.text):
            flaws.append("no readable o= line")
        here = self.section.connection is not None
        for media in self.media:
            if media.flaw is not None:
                flaws.append(media.flaw)
            if media.section.flaws:
                flaws.extend(media.section.flaws)
            if not here and media.port and media.section.connection is None:
                flaws.append(f"no c= line holds for m-line {media.index + 1}")
        return tuple(dict.fromkeys(flaws)) if flaws else ()

    @property
    def origin(self) -> Origin | None:
        """The o= line; None where it is missing or unreadable."""
        start = self.text.find("\no=")
        if start < 0:
            return None
        try:
            return Origin.parse(self.text[start + 3 : self.text.find("\n", start + 3)])
        except ParseError:
            return None

    @property
    def name(self) -> str | None:
        """The s= line."""
        return next((value for kind, value in self.section.others if kind == "s"), None)

    @property
    def connection(self) -> Connection | None:
        """The session's c= line."""
        return self.section.connection

    @property
    def bandwidth(self) -> dict[str, int]:
        """The session's b= lines by type: ``AS`` and ``CT`` in kilobits a second, ``TIAS`` in bits a second."""
        return self.section.bandwidth

    @property
    def attributes(self) -> tuple[tuple[str, str | None], ...]:
        """The session's attributes in order."""
        return self.section.attributes

    @property
    def ice_lite(self) -> bool:
        """Whether the sender only answers connectivity checks (RFC 8839 §5.3)."""
        return "ice-lite" in self.section.first

    @property
    def groups(self) -> tuple[Group, ...]:
        """The group attributes."""
        words = (value.split() for value in self.section.values("group"))
        return tuple(Group(found[0], tuple(found[1:])) for found in words if found)

    @property
    def bundle(self) -> tuple[str, ...]:
        """The mids of the m-lines that share one transport (RFC 9143); empty where there are none."""
        return next((group.mids for group in self.groups if group.semantics.upper() == "BUNDLE"), ())


def parse(body: bytes) -> Session:
    """Read a session description, leniently: what cannot be read is a flaw, never an error."""
    written = body.decode("utf-8", "replace").replace("\r\n", "\n")
    if "\r" in written:
        written = written.replace("\r", "\n")
    text = f"\n{written}\n"
    head, *blocks = text.split("\nm=", MOST_MEDIA + 1)
    flaws = []
    if len(blocks) > MOST_MEDIA:
        flaws.append(f"more than {MOST_MEDIA} m-lines")
        del blocks[MOST_MEDIA:]
    session = SECTIONS[_without_origin(head)]
    media = []
    for index, block in enumerate(blocks):
        line, _, rest = block.partition("\n")
        media.append(Media(line, index, SECTIONS[rest], session))
    return Session(text, session, tuple(media), tuple(flaws))


def _without_origin(text: str) -> str:
    """Leave the o= line out, the one line that differs in every description."""
    start = text.find("\no=")
    if start < 0:
        return text
    end = text.find("\n", start + 3)
    return text[:start] if end < 0 else text[:start] + text[end:]
