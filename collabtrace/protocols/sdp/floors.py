"""Floors of a BFCP m-line: the floorid attribute (RFC 8856 §5.4, formerly RFC 4583) as it is written in the field."""

import re
from dataclasses import dataclass

from collabtrace.errors import ParseError

# floor-id-attribute = "a=floorid:" token [ SP "mstrm:" token *(SP token) ]
# Senders of the drafts write "m-stream:", others a space for the colon.
_FLOOR = re.compile(r"\s*+([0-9]{1,5})(?:\s*+(?i:mstrm|m-stream|mstream)\s*+:?\s*+(.*+))?", re.DOTALL)
_BETWEEN = re.compile(r"[\s,]+")


@dataclass(frozen=True, slots=True)
class Floor:
    """A floor, and the media that whoever holds it may send."""

    floor_id: int
    streams: tuple[str, ...] = ()
    """Labels (RFC 4574) of the m-lines that the floor controls."""

    @classmethod
    def parse(cls, text: str) -> "Floor":
        """Read ``2 mstrm:12``, ``1 m-stream:3``, ``1 mstrm 3``, ``1 mstrm:10 11`` or ``1``."""
        match = _FLOOR.fullmatch(text.rstrip())
        if match is None:
            raise ParseError(f"floorid {text[:60]!r} is not a floor and its streams")
        return cls(int(match[1]), tuple(label for label in _BETWEEN.split(match[2] or "") if label))

    def __str__(self) -> str:
        return f"{self.floor_id} mstrm:{' '.join(self.streams)}" if self.streams else str(self.floor_id)
