"""SIP, SIPS and tel URIs (RFC 3261 §19.1, RFC 3966); URIs of any other scheme are kept whole."""

import re
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from collabtrace.errors import ParseError
from collabtrace.protocols.grammar import HOST, PORT
from collabtrace.protocols.parameters import NO_PARAMETERS, Parameters

_ESCAPED = r"%[0-9A-Fa-f]{2}"
# user = 1*( unreserved / escaped / user-unreserved ); "#" must be escaped but is dialled as it is
_USER = rf"(?:[A-Za-z0-9\-_.!~*'()&=+$,;?/#]|{_ESCAPED})++"
# password = *( unreserved / escaped / "&" / "=" / "+" / "$" / "," )
_PASSWORD = rf"(?:[A-Za-z0-9\-_.!~*'()&=+$,]|{_ESCAPED})*+"
# SIP-URI = "sip:" [ userinfo ] hostport uri-parameters [ headers ]
_SIP = re.compile(
    rf"(?i:(sips?)):(?:({_USER})(?::({_PASSWORD}))?+@)?({HOST})(?::({PORT}))?+((?:;[^;?<>\"\s]*+)*+)(?:\?([^<>\"\s]*+))?+"
)
# telephone-subscriber = global-number / local-number, with visual separators
_TEL = re.compile(r"(?i:tel):(\+?[0-9A-Fa-f*#\-.()]++)((?:;[^;?<>\"\s]*+)*+)")
# absoluteURI = scheme ":" ( hier-part / opaque-part )
_OTHER = re.compile(r"([A-Za-z][A-Za-z0-9+\-.]*+):([^<>\"\s]++)")


@dataclass(frozen=True, slots=True)
class Uri:
    """A URI, taken apart."""

    scheme: str
    """In lower case: ``sip``, ``sips``, ``tel`` …"""
    user: str | None = None
    """As written, with its escapes; the number of a tel URI."""
    host: str | None = None
    """As written, an IPv6 address with its brackets; None where the scheme has none."""
    port: int | None = None
    """None where it is not written."""
    parameters: Parameters = NO_PARAMETERS
    headers: str | None = None
    """What follows the question mark."""
    password: str | None = None
    rest: str | None = None
    """All after the colon for any other scheme."""

    @classmethod
    def parse(cls, text: str) -> "Uri":
        """Read ``sip:alice@example.com:5061;transport=tls``, ``tel:+15550100`` or any other absolute URI."""
        match = _SIP.fullmatch(text)
        if match is not None:
            scheme, user, password, host, port, parameters, headers = match.groups()
            if port is not None and int(port) > 65535:
                raise ParseError(f"port {port} of the URI is more than 65535")
            number = None if port is None else int(port)
            return cls(scheme.lower(), user, host, number, Parameters.parse(parameters), headers, password)
        match = _TEL.fullmatch(text)
        if match is not None:
            return cls("tel", match[1], parameters=Parameters.parse(match[2]))
        match = _OTHER.fullmatch(text)
        if match is None or match[1].lower() in ("sip", "sips", "tel"):
            raise ParseError(f"{text[:60]!r} is not a URI")
        return cls(match[1].lower(), rest=match[2])

    @property
    def name(self) -> str | None:
        """The user part with its escapes undone."""
        return None if self.user is None else unescape(self.user)

    @property
    def address(self) -> str:
        """What people call it: user and host, or the number, without port and parameters."""
        if self.host is None:
            return self.user or self.rest or ""
        return self.host if self.user is None else f"{self.user}@{self.host}"

    def __str__(self) -> str:
        if self.rest is not None:
            return f"{self.scheme}:{self.rest}"
        if self.host is None:
            return f"{self.scheme}:{self.user}{self.parameters}"
        password = "" if self.password is None else f":{self.password}"
        user = "" if self.user is None else f"{self.user}{password}@"
        port = "" if self.port is None else f":{self.port}"
        headers = "" if self.headers is None else f"?{self.headers}"
        return f"{self.scheme}:{user}{self.host}{port}{self.parameters}{headers}"


def unescape(text: str) -> str:
    """Undo the %-escapes of a URI part; bytes that are no UTF-8 become the replacement character."""
    return unquote_to_bytes(text).decode("utf-8", "replace") if "%" in text else text
