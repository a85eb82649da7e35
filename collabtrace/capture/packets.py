"""What the capture layer hands on: the transport payloads of a file, column by column.

A file is read in chunks; each chunk gives one ``Packets``. Link layers, tunnels, IP options and
extension headers are gone, IP fragments are whole again (at the frame of the fragment that completed
them, as Wireshark shows it), and SCTP user messages are whole again. TCP segments are as they came:
``capture.tcp`` puts them in order.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

FIN, SYN, RST, ACK = 0x01, 0x02, 0x04, 0x10
"""TCP flags (RFC 9293 §3.1)."""


@dataclass(frozen=True, slots=True)
class Packets:
    """The transport payloads of one chunk, in the order of the file; all columns have the same length."""

    buffer: NDArray[np.uint8]
    """The bytes that ``start`` points into: the chunk, and behind it what was reassembled. At least ``chunks.MARGIN``
    bytes stand behind every payload's start, so that first bytes can be gathered without looking at lengths."""
    frame: NDArray[np.int64]
    """Wireshark's frame number, from 1."""
    time: NDArray[np.int64]
    """Nanoseconds since the epoch."""
    flow: NDArray[np.int32]
    """Number of the directed five-tuple in the reader's ``Flows``."""
    start: NDArray[np.int64]
    """First payload byte in ``buffer``."""
    length: NDArray[np.int32]
    """Payload bytes that the capture holds."""
    wire_length: NDArray[np.int32]
    """Payload bytes that the sender sent; more than ``length`` where the capture cut the packet."""
    ttl: NDArray[np.uint8]
    """IPv4 TTL or IPv6 hop limit."""
    dscp: NDArray[np.uint8]
    """RFC 2474, 0 to 63."""
    duplicate: NDArray[np.bool_]
    """Whether the packet is a second copy of an earlier one (SPAN)."""
    sequence: NDArray[np.uint32]
    """TCP sequence number; 0 for other transports."""
    flags: NDArray[np.uint8]
    """TCP flags; 0 for other transports."""

    def __len__(self) -> int:
        return len(self.frame)

    def payload(self, row: int) -> bytes:
        """The payload bytes of one packet."""
        start = int(self.start[row])
        return self.buffer[start : start + int(self.length[row])].tobytes()


@dataclass(slots=True)
class Flows:
    """The directed five-tuples of one file, numbered in the order in which they first appear."""

    source: list[str] = field(default_factory=list)
    source_port: list[int] = field(default_factory=list)
    target: list[str] = field(default_factory=list)
    target_port: list[int] = field(default_factory=list)
    transport: list[str] = field(default_factory=list)
    """``udp tcp sctp``"""

    def __len__(self) -> int:
        return len(self.source)

    def add(self, source: str, source_port: int, target: str, target_port: int, transport: str) -> int:
        """Number a new five-tuple; the caller knows that it is new."""
        self.source.append(source)
        self.source_port.append(source_port)
        self.target.append(target)
        self.target_port.append(target_port)
        self.transport.append(transport)
        return len(self.source) - 1
