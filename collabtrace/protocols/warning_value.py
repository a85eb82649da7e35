"""Warning headers: why a server refused or changed something, as a number and in words (RFC 3261 §20.43)."""

import re
from dataclasses import dataclass

from collabtrace.errors import ParseError
from collabtrace.protocols.grammar import QUOTED_STRING, SWS, quote, unquote

# warning-value = warn-code SP warn-agent SP warn-text;  senders leave the agent or the text out, or the quotes away
_VALUE = re.compile(rf"{SWS}([0-9]{{3}})(?:[ \t]++([^\s\"]++))?+(?:[ \t]++({QUOTED_STRING}|.*+))?{SWS}", re.DOTALL)

MEANINGS = {
    300: "incompatible network protocol",
    301: "incompatible network address formats",
    302: "incompatible transport protocol",
    303: "incompatible bandwidth units",
    304: "media type not available",
    305: "incompatible media format",
    306: "attribute not understood",
    307: "session description parameter not understood",
    330: "multicast not available",
    331: "unicast not available",
    370: "insufficient bandwidth",
}
"""Codes by their registered meaning; 399 has none but its text."""


@dataclass(frozen=True, slots=True)
class WarningValue:
    """One warning."""

    code: int
    agent: str | None = None
    """Host or pseudonym of whoever warns."""
    text: str = ""
    """Without quotes."""

    @classmethod
    def parse(cls, text: str) -> "WarningValue":
        """Read ``305 example.com "Incompatible media format"``."""
        match = _VALUE.fullmatch(text)
        if match is None:
            raise ParseError(f"warning {text[:60]!r} is not a code, an agent and a text")
        code, agent, words = match.groups()
        return cls(int(code), agent, unquote((words or "").strip()))

    @property
    def meaning(self) -> str:
        """What the code means, else what the text says."""
        return MEANINGS.get(self.code, self.text)

    def __str__(self) -> str:
        return f"{self.code} {self.agent or '-'} {quote(self.text)}"
