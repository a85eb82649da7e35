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
    """Many transport payloads of one version of IP, column by column; all columns have the same length."""

    row: NDArray[np.int32]
    """Number of the packet in its chunk."""
    ends: NDArray[np.uint64]
    """IPv4: source address in the upper, target address in the lower half. IPv6: the upper half of the source."""
    wide: NDArray[np.uint64]
    """The rest of IPv6 addresses: lower half of the source, both halves of the target. No rows for IPv4."""
    kind: NDArray[np.uint64]
    """Both ports, the IP protocol number and the IP version, from the highest bit on: 16, 16, 8 and 8 bits."""
    start: NDArray[np.int32]
    length: NDArray[np.int32]
    wire_length: NDArray[np.int32]
    ttl: NDArray[np.uint8]
    dscp: NDArray[np.uint8]
    identification: NDArray[np.uint16]
    sequence: NDArray[np.uint32]
    flags: NDArray[np.uint8]

    def taken(self, places: NDArray[np.int64]) -> "Payloads":
        """Some of the payloads, in the order given."""
        columns: list[NDArray[Any]] = [column[..., places] for column in self]
        return Payloads(*columns)


def columns(datagrams: Sequence[Datagram]) -> list[Payloads]:
    """The same payloads column by column, for each version of IP."""
    four = [datagram for datagram in datagrams if len(datagram.source) == 4]
    six = [datagram for datagram in datagrams if len(datagram.source) == 16]
    return [_columns(group, version) for group, version in ((four, 4), (six, 6)) if group]


def _columns(datagrams: Sequence[Datagram], version: int) -> Payloads:
    by_name = dict(zip(Datagram._fields, zip(*datagrams, strict=True), strict=True))
    packed = b"".join(datagram.source + datagram.target for datagram in datagrams)
    ends, *wide = np.frombuffer(packed, ">u8").reshape(len(datagrams), -1).T.astype(np.uint64)
    kind = [datagram.ports << 16 | datagram.protocol << 8 | version for datagram in datagrams]
    return Payloads(
        row=np.array(by_name["row"], np.int32),
        ends=ends,
        wide=np.array(wide, np.uint64).reshape(len(wide), len(datagrams)),
        kind=np.array(kind, np.uint64),
        start=np.array(by_name["start"], np.int32),
        length=np.array(by_name["length"], np.int32),
        wire_length=np.array(by_name["wire_length"], np.int32),
        ttl=np.array(by_name["ttl"], np.uint8),
        dscp=np.array(by_name["dscp"], np.uint8),
        identification=np.array(by_name["identification"], np.uint16),
        sequence=np.array(by_name["sequence"], np.uint32),
        flags=np.array(by_name["flags"], np.uint8),
    )
