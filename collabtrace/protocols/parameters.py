"""Parameters of URIs and header values: ``;name=value`` (RFC 3261 §25.1, generic-param)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from collabtrace.errors import ParseError
from collabtrace.protocols.grammar import PARAMETER_VALUE, SWS, TOKEN, unquote

# generic-param = token [ EQUAL gen-value ]; the names of URI parameters may hold more than a token
_PARAMETER = re.compile(rf"{SWS};{SWS}((?:{TOKEN}|[\[\]/:&$()])++)(?:{SWS}={SWS}({PARAMETER_VALUE}))?+{SWS}")


@dataclass(frozen=True, slots=True)
class Parameters:
    """Parameters in the order in which they were written."""

    items: tuple[tuple[str, str | None], ...] = ()
    """Name and value as written, a quoted value with its quotes; None where there is no ``=``."""

    @classmethod
    def parse(cls, text: str) -> "Parameters":
        """Read ``;a=b;c``; a ParseError where something else comes between."""
        items = []
        position = 0
        while position < len(text):
            match = _PARAMETER.match(text, position)
            if match is None:
                raise ParseError(f"{text[position:][:40]!r} is not a parameter")
            name, value = match.groups()
            items.append((name, value))
            position = match.end()
        return cls(tuple(items))

    def get(self, name: str) -> str | None:
        """The value of the parameter *name* (in lower case) without quotes; None if it has none or is not there."""
        for key, value in self.items:
            if key == name or key.lower() == name:
                return None if value is None else unquote(value)
        return None

    def __contains__(self, name: str) -> bool:
        return any(key.lower() == name for key, _ in self.items)

    def __iter__(self) -> Iterator[tuple[str, str | None]]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def __str__(self) -> str:
        return "".join(f";{name}" if value is None else f";{name}={value}" for name, value in self.items)


NO_PARAMETERS = Parameters()
"""What most URIs have."""
