"""The transport payloads found in the packets of one chunk, before they have a flow."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

UDP, TCP, SCTP = 17, 6, 132
"""IP protocol numbers."""
TRANSPORTS = {UDP: "udp", TCP: "tcp", SCTP: "sctp"}


class Datagram(NamedTuple):
    """One transport payload."""

    row: int
    """Number of the packet in its chunk."""
    source: bytes
    target: bytes
    protocol: int
    ports: int
    """Source port in the upper, target port in the lower sixteen bits."""
    start: int
    """Position of the payload in the chunk's buffer."""
    length: int
    """Bytes in the capture."""
    wire_length: int
    """Bytes sent."""
    ttl: int
    dscp: int
    identification: int
    sequence: int = 0
    flags: int = 0


class Payloads(NamedTuple):
    """Many transport payloads, column by column; all columns have the same length."""

    row: NDArray[np.int64]
    """Number of the packet in its chunk."""
    ends: NDArray[np.uint64]
    """IPv4: source address in the upper, target address in the lower half. IPv6: the upper half of the source."""
    wide: NDArray[np.uint64]
    """The rest of IPv6 addresses: lower half of the source, both halves of the target. No rows without IPv6."""
    kind: NDArray[np.uint64]
    """Both ports, the IP protocol number and the IP version, from the highest bit on: 16, 16, 8 and 8 bits."""
    start: NDArray[np.int64]
    length: NDArray[np.int64]
    wire_length: NDArray[np.int64]
    ttl: NDArray[np.uint8]
    dscp: NDArray[np.uint8]
    identification: NDArray[np.uint16]
    sequence: NDArray[np.uint32]
    flags: NDArray[np.uint8]


def columns(datagrams: Sequence[Datagram]) -> Payloads:
    """The same payloads column by column."""
    six = [len(datagram.source) == 16 for datagram in datagrams]
    packed = b"".join(
        datagram.source + datagram.target if wide else datagram.source + datagram.target + bytes(24)
        for datagram, wide in zip(datagrams, six, strict=True)
    )
    words = np.frombuffer(packed, ">u8").reshape(-1, 4).astype(np.uint64).T
    if not any(six):
        words = words[:1]
    kind = [d.ports << 16 | d.protocol << 8 | (6 if wide else 4) for d, wide in zip(datagrams, six, strict=True)]
    rest = list(zip(*datagrams, strict=True)) or [()] * len(Datagram._fields)
    by_name = dict(zip(Datagram._fields, rest, strict=True))

    def column(name: str, dtype: type[np.generic]) -> NDArray[Any]:
        return np.array(by_name[name], dtype)

    return Payloads(
        row=column("row", np.int64),
        ends=words[0].copy(),
        wide=words[1:].copy(),
        kind=np.array(kind, np.uint64),
        start=column("start", np.int64),
        length=column("length", np.int64),
        wire_length=column("wire_length", np.int64),
        ttl=column("ttl", np.uint8),
        dscp=column("dscp", np.uint8),
        identification=column("identification", np.uint16),
        sequence=column("sequence", np.uint32),
        flags=column("flags", np.uint8),
    )


def merged(parts: Sequence[Payloads]) -> Payloads:
    """Several groups of payloads of one chunk in the order of its packets."""
    if len(parts) == 1:
        return parts[0]
    rows = max((len(part.wide) for part in parts), default=0)
    parts = [
        part if len(part.wide) == rows else part._replace(wide=np.zeros((rows, len(part.row)), np.uint64))
        for part in parts
    ]
    together = Payloads(*(np.concatenate(column, axis=-1) for column in zip(*parts, strict=True)))
    order = np.argsort(together.row, kind="stable")
    return Payloads(*(column[..., order] for column in together))
