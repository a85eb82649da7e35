"""RTCP feedback (RFC 4585 §4.2) and RTP header extensions (RFC 8285 §8)."""

import re
from dataclasses import dataclass

from collabtrace.errors import ParseError

# "a=rtcp-fb:" rtcp-fb-pt SP rtcp-fb-val;  rtcp-fb-val = id [SP parameters]
_FEEDBACK = re.compile(r"\s*+(\*|[0-9]{1,3})\s++(\S++)(?:\s++(.*+))?", re.DOTALL)
# "a=extmap:" id ["/" direction] SP URI [SP attributes]
_EXTENSION = re.compile(r"\s*+([0-9]{1,5})(?:/([a-z]++))?+\s++(\S++)(?:\s++(.*+))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Feedback:
    """One kind of RTCP feedback that the receiver may send."""

    payload_type: str
    """``*`` for all."""
    kind: str
    """``nack``, ``ccm``, ``ack``, ``transport-cc`` …"""
    parameter: str | None = None
    """``pli``, ``fir``, ``tmmbr`` …"""

    @classmethod
    def parse(cls, text: str) -> "Feedback":
        """Read ``* ccm fir``."""
        match = _FEEDBACK.fullmatch(text.rstrip())
        if match is None:
            raise ParseError(f"rtcp-fb {text[:60]!r} is not a payload type and a kind")
        return cls(match[1], match[2], match[3])

    def __str__(self) -> str:
        return " ".join(word for word in (self.payload_type, self.kind, self.parameter) if word is not None)


@dataclass(frozen=True, slots=True)
class Extension:
    """One RTP header extension."""

    id: int
    uri: str
    direction: str | None = None
    attributes: str | None = None

    @classmethod
    def parse(cls, text: str) -> "Extension":
        """Read ``1 urn:ietf:params:rtp-hdrext:ssrc-audio-level``."""
        match = _EXTENSION.fullmatch(text.rstrip())
        if match is None:
            raise ParseError(f"extmap {text[:60]!r} is not a number and a URI")
        return cls(int(match[1]), match[3], match[2], match[4])

    def __str__(self) -> str:
        number = str(self.id) if self.direction is None else f"{self.id}/{self.direction}"
        return " ".join(word for word in (number, self.uri, self.attributes) if word is not None)
