"""The CSeq header (RFC 3261 §20.16)."""

import re
from dataclasses import dataclass

from collabtrace.errors import ParseError
from collabtrace.protocols.grammar import SWS, TOKEN

# CSeq = "CSeq" HCOLON 1*DIGIT LWS Method
_CSEQ = re.compile(rf"{SWS}([0-9]++)[ \t]++({TOKEN}){SWS}")

LARGEST = 2**32 - 1
"""The number must be expressible as a 32-bit unsigned integer (RFC 3261 §8.1.1.5)."""


@dataclass(frozen=True, slots=True)
class CSeq:
    """A number and a method: which request of its dialog a message belongs to."""

    number: int
    """Grows by one with each new request of the dialog."""
    method: str
    """The method of the request."""

    @classmethod
    def parse(cls, text: str) -> "CSeq":
        """Read ``101 INVITE``."""
        match = _CSEQ.fullmatch(text)
        if match is None:
            raise ParseError(f"CSeq {text[:40]!r} is not a number and a method")
        digits = match[1]
        if len(digits) > 20 or int(digits) > LARGEST:
            raise ParseError(f"CSeq number {digits[:40]} is more than 32 bits")
        return cls(int(digits), match[2])

    def __str__(self) -> str:
        return f"{self.number} {self.method}"
