"""The place in one packet up to which it is decoded."""

from dataclasses import dataclass
from enum import Enum, auto


class Layer(Enum):
    """What stands at a place in a packet."""

    ETHERNET = auto()
    LLC = auto()
    MPLS = auto()
    PPP = auto()
    PPPOE = auto()
    VLAN = auto()
    IP = auto()
    IPV4 = auto()
    IPV6 = auto()
    FRAGMENT = auto()
    GRE = auto()
    ERSPAN = auto()
    ERSPAN3 = auto()
    ICMP = auto()
    ICMPV6 = auto()
    UDP = auto()
    TCP = auto()
    SCTP = auto()


@dataclass(slots=True)
class Fragment:
    """One fragment of an IP packet."""

    key: tuple[object, ...]
    """What fragments of the same packet share."""
    offset: int
    more: bool
    """Whether another one follows."""


@dataclass(slots=True)
class Cursor:
    """One packet, decoded from the outside inwards: each layer moves ``at`` and says what it found about IP.

    Positions count from the first byte of ``data``.
    """

    data: bytes
    """What the capture holds of the packet."""
    end: int
    """Where the packet ends on the wire: behind ``data`` where the capture cut it."""
    base: int = 0
    """Position of ``data`` in the chunk's buffer."""
    at: int = 0
    """First byte that is not decoded yet."""
    vlan: int = 0
    source: bytes = b""
    target: bytes = b""
    protocol: int = 0
    ttl: int = 0
    dscp: int = 0
    identification: int = 0
    """Of IPv4 (RFC 791 §3.1); 0 for IPv6."""
    fragment: Fragment | None = None

    def holds(self, count: int) -> bool:
        """Whether the next *count* bytes are within the layer and in the capture."""
        return self.at + count <= min(len(self.data), self.end)

    def number(self, offset: int, width: int) -> int:
        """The unsigned big-endian number of *width* bytes, *offset* bytes from here."""
        begin = self.at + offset
        return int.from_bytes(self.data[begin : begin + width], "big")

    def narrow(self, length: int) -> None:
        """End the packet *length* bytes from here, unless it ends before."""
        self.end = min(self.end, self.at + length)
