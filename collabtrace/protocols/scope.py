"""How far an IP address reaches, by the block that it is of.

The blocks that documentation may use (RFC 5737, RFC 3849) count as public: whoever writes them means public ones.
"""

import functools
from enum import StrEnum
from ipaddress import ip_address, ip_network


class Scope(StrEnum):
    """Where packets to an address can come from."""

    PUBLIC = "public"
    """From everywhere."""
    PRIVATE = "private"
    """From one network: RFC 1918 §3."""
    SHARED = "carrier NAT"
    """From behind one carrier's NAT: RFC 6598 §7."""
    LINK = "link-local"
    """From one link: RFC 3927, RFC 4291 §2.5.6."""
    UNIQUE_LOCAL = "unique local"
    """From one site: RFC 4193."""
    NOWHERE = "nowhere"
    """Names no other machine: unspecified, loopback, multicast, reserved; or no IP address at all."""


_BLOCKS = tuple(
    (ip_network(block), scope)
    for block, scope in (
        ("10.0.0.0/8", Scope.PRIVATE),
        ("172.16.0.0/12", Scope.PRIVATE),
        ("192.168.0.0/16", Scope.PRIVATE),
        ("100.64.0.0/10", Scope.SHARED),
        ("169.254.0.0/16", Scope.LINK),
        ("0.0.0.0/8", Scope.NOWHERE),
        ("127.0.0.0/8", Scope.NOWHERE),
        ("224.0.0.0/3", Scope.NOWHERE),
        ("fe80::/10", Scope.LINK),
        ("fc00::/7", Scope.UNIQUE_LOCAL),
        ("::/127", Scope.NOWHERE),
        ("ff00::/8", Scope.NOWHERE),
    )
)
INSIDE = frozenset({Scope.PRIVATE, Scope.SHARED, Scope.LINK, Scope.UNIQUE_LOCAL})
"""Scopes of which the Internet knows no way to the address."""


@functools.lru_cache(maxsize=1 << 14)
def scope(address: str | None) -> Scope:
    """The scope of *address*; ``NOWHERE`` for a host name and for None."""
    try:
        given = ip_address(address or "")
    except ValueError:
        return Scope.NOWHERE
    if given.version == 6 and given.ipv4_mapped is not None:
        given = given.ipv4_mapped
    return next((found for block, found in _BLOCKS if given.version == block.version and given in block), Scope.PUBLIC)


def is_inside(address: str | None) -> bool:
    """Whether the Internet knows no way to *address*."""
    return scope(address) in INSIDE


def is_public(address: str | None) -> bool:
    """Whether packets from everywhere can reach *address*."""
    return scope(address) is Scope.PUBLIC


def is_multicast(address: str | None) -> bool:
    """Whether an address is that of a group (RFC 5771, RFC 4291 §2.7); no host name is."""
    try:
        return ip_address(address or "").is_multicast
    except ValueError:
        return False
