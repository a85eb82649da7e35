"""Media types: the Content-Type header (RFC 3261 §20.15)."""

import re
from dataclasses import dataclass

from collabtrace.errors import ParseError
from collabtrace.protocols.grammar import SWS, TOKEN
from collabtrace.protocols.parameters import NO_PARAMETERS, Parameters

# media-type = m-type SLASH m-subtype *(SEMI m-parameter)
_MEDIA_TYPE = re.compile(rf"{SWS}({TOKEN}){SWS}/{SWS}({TOKEN}){SWS}(;.*+)?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class MediaType:
    """What a body is."""

    type: str
    """In lower case: ``application``."""
    subtype: str
    """In lower case: ``sdp``."""
    parameters: Parameters = NO_PARAMETERS
    """``boundary``, ``charset`` …"""

    @classmethod
    def parse(cls, text: str) -> "MediaType":
        """Read ``application/sdp`` or ``multipart/mixed;boundary=x``."""
        match = _MEDIA_TYPE.fullmatch(text)
        if match is None:
            raise ParseError(f"{text[:60]!r} is not a media type")
        parameters = (match[3] or "").strip().rstrip(";")
        return cls(match[1].lower(), match[2].lower(), Parameters.parse(parameters))

    @property
    def name(self) -> str:
        """Type and subtype without parameters: ``application/sdp``."""
        return f"{self.type}/{self.subtype}"

    def __str__(self) -> str:
        return f"{self.name}{self.parameters}"
