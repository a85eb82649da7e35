"""Who made a session description, and where media is wanted: the o= and c= lines (RFC 8866 §5.2, §5.7)."""

import re
from dataclasses import dataclass

from collabtrace.errors import ParseError

_NUMBER = re.compile(r"[0-9]{1,20}")
# connection-address: address, for multicast with "/ttl" and "/count"
_CONNECTION = re.compile(r"[ \t]*+(\S+)[ \t]++(\S+)[ \t]++([^\s/]++)(?:/([0-9]{1,5}))?+(?:/([0-9]{1,5}))?+[ \t]*+")

NOWHERE = frozenset({"0.0.0.0", "::", "0:0:0:0:0:0:0:0"})  # noqa: S104 - the addresses that mean hold, not a binding
"""Addresses that ask for silence, the way of RFC 2543 to hold a call (RFC 3264 §8.4)."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The o= line: the identity of the session, and its version."""

    username: str
    session_id: str
    """A number by the grammar, but not with every sender."""
    version: str
    """Grows by one with each change (RFC 3264 §8)."""
    net_type: str
    address_type: str
    address: str

    @classmethod
    def parse(cls, text: str) -> "Origin":
        """Read ``- 1 1 IN IP4 192.0.2.1``; the user name may hold spaces, as some senders write it."""
        words = text.split()
        if len(words) < 6:
            raise ParseError(f"o={text[:60]} has {len(words)} fields, not 6")
        return cls(" ".join(words[:-5]), *words[-5:])

    @property
    def version_number(self) -> int | None:
        """The version as a number; None where it is none."""
        return int(self.version) if _NUMBER.fullmatch(self.version) else None

    def __str__(self) -> str:
        words = (self.username, self.session_id, self.version, self.net_type, self.address_type, self.address)
        return " ".join(words)


@dataclass(frozen=True, slots=True)
class Connection:
    """The c= line: the address where media is wanted."""

    address: str
    """IPv4 or IPv6 address, or a host name."""
    address_type: str = "IP4"
    """``IP4`` or ``IP6``."""
    net_type: str = "IN"
    ttl: int | None = None
    """Of IPv4 multicast."""
    count: int | None = None
    """Consecutive multicast addresses."""

    @classmethod
    def parse(cls, text: str) -> "Connection":
        """Read ``IN IP4 192.0.2.1`` or ``IN IP4 233.252.0.1/127/3``."""
        match = _CONNECTION.fullmatch(text)
        if match is None:
            raise ParseError(f"c={text[:60]} is not network type, address type and address")
        net_type, address_type, address, first, second = match.groups()
        if address_type.upper() == "IP6":
            ttl, count = None, first
        else:
            ttl, count = first, second
        return cls(address, address_type, net_type, int(ttl) if ttl else None, int(count) if count else None)

    @property
    def nowhere(self) -> bool:
        """Whether the address asks for silence: hold as RFC 2543 did it."""
        return self.address in NOWHERE

    def __str__(self) -> str:
        more = "".join(f"/{number}" for number in (self.ttl, self.count) if number is not None)
        return f"{self.net_type} {self.address_type} {self.address}{more}"
