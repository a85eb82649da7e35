"""IP addresses as text, the way Wireshark prints them."""

import socket
from functools import lru_cache


@lru_cache(maxsize=1 << 16)
def address(packed: bytes) -> str:
    """The text of the four bytes of an IPv4 address or the sixteen of an IPv6 one (RFC 5952)."""
    return socket.inet_ntop(socket.AF_INET if len(packed) == 4 else socket.AF_INET6, packed)
