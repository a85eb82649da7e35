"""Addresses in From, To, Contact, Route and their like (RFC 3261 §20.10): a URI with a name and parameters."""

import re
from dataclasses import dataclass

from collabtrace.errors import ParseError
from collabtrace.protocols.grammar import QUOTED_STRING, SWS, quote, unquote
from collabtrace.protocols.parameters import NO_PARAMETERS, Parameters

# name-addr = [ display-name ] LAQUOT addr-spec RAQUOT;  display-name = *(token LWS) / quoted-string
_NAME_ADDR = re.compile(
    rf"{SWS}(?:({QUOTED_STRING}){SWS}|((?:[A-Za-z0-9\-.!%*_+`'~ \t]|[^\x00-\x7f])*+))"
    rf"<{SWS}([^<>\"\s]++){SWS}>{SWS}(;.*+)?",
    re.DOTALL,
)
# addr-spec; RFC 3261 §20: without brackets, whatever follows a semicolon belongs to the header
_ADDR_SPEC = re.compile(rf"{SWS}([A-Za-z][A-Za-z0-9+\-.]*+:[^<>\"\s;,?]++|\*){SWS}(;.*+)?", re.DOTALL)

_BRACKETED = re.compile(r"<\s*([^<>\s]+)")
_BARE = re.compile(r"(?:sips?|tel):[^<>\"\s;,]+", re.IGNORECASE)
_TAG = re.compile(r";\s*tag\s*=\s*([^;,\s<>\"]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Address:
    """A URI, who it is for people, and parameters."""

    uri: str
    """As written; ``Uri.parse`` takes it apart. ``*`` in a Contact that removes all bindings."""
    display_name: str | None = None
    """Without quotes."""
    parameters: Parameters = NO_PARAMETERS
    """Of the header, not of the URI."""

    @classmethod
    def parse(cls, text: str) -> "Address":
        """Read ``"Alice" <sip:alice@example.com>;tag=1`` or ``sip:alice@example.com;tag=1``."""
        match = _NAME_ADDR.fullmatch(text)
        if match is not None:
            quoted, plain, uri, parameters = match.groups()
            name = unquote(quoted) if quoted else plain.strip() or None
        else:
            match = _ADDR_SPEC.fullmatch(text)
            if match is None:
                raise ParseError(f"{text[:60]!r} is not an address")
            uri, parameters = match.groups()
            name = None
        return cls(uri, name, Parameters.parse(parameters.rstrip()) if parameters else NO_PARAMETERS)

    @property
    def tag(self) -> str | None:
        """The party's half of the dialog's identity (RFC 3261 §19.3)."""
        return self.parameters.get("tag")

    def has_feature(self, name: str) -> bool:
        """Whether a Contact declares the boolean feature *name* (in lower case): no value is TRUE (RFC 3840 §9)."""
        return name in self.parameters and (self.parameters.get(name) or "true").lower() != "false"

    def __str__(self) -> str:
        if self.uri == "*" and self.display_name is None:
            return f"*{self.parameters}"
        name = "" if self.display_name is None else quote(self.display_name) + " "
        return f"{name}<{self.uri}>{self.parameters}"


def salvage(text: str) -> Address | None:
    """What can be told of an address that is not one: its URI and its tag; None where no URI is to be seen."""
    uri = _BRACKETED.search(text)
    bare = None if uri else _BARE.search(text)
    found = uri[1] if uri else bare[0] if bare else None
    if found is None:
        return None
    tag = _TAG.search(text, uri.end() if uri else 0)
    return Address(found, None, Parameters((("tag", tag[1]),)) if tag else NO_PARAMETERS)
