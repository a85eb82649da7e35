"""TCP connections of a scene: handshake, segments, acknowledgements, the end."""

from typing import TYPE_CHECKING

from collabtrace.testing.machines import Machine
from collabtrace.testing.wire import ACK, FIN, PSH, SYN, tcp

if TYPE_CHECKING:
    from collabtrace.testing.network import Network

SEGMENT = 1440
"""Bytes of a segment that fit into Ethernet with either version of IP."""
FIRST_CLIENT_PORT = 49152
STEP_SECONDS = 0.0005
"""From a segment to its acknowledgement."""


class Connection:
    """One connection; it opens when it is made."""

    def __init__(self, scene: "Network", client: Machine, server: Machine, port: int) -> None:
        """Shake hands."""
        self._scene = scene
        self._ports = {client: FIRST_CLIENT_PORT + len(scene.sent) % 10000, server: port}
        self._peer = {client: server, server: client}
        self._sequence = {client: scene.chance.getrandbits(32), server: scene.chance.getrandbits(32)}
        self._segment(client, SYN, acknowledges=False)
        self._segment(server, SYN | ACK)
        self._segment(client, ACK)

    def send(self, source: Machine, data: bytes) -> None:
        """Send *data* in segments, each acknowledged at once."""
        for at in range(0, len(data), SEGMENT):
            self._segment(source, PSH | ACK, data[at : at + SEGMENT])
            self._segment(self._peer[source], ACK)

    def close(self, by: Machine) -> None:
        """End both directions."""
        self._segment(by, FIN | ACK)
        self._segment(self._peer[by], FIN | ACK)
        self._segment(by, ACK)

    def _segment(self, source: Machine, flags: int, data: bytes = b"", *, acknowledges: bool = True) -> None:
        target = self._peer[source]
        segment = tcp(
            self._ports[source],
            self._ports[target],
            data,
            sequence=self._sequence[source],
            acknowledgement=self._sequence[target] if acknowledges else 0,
            flags=flags,
        )
        self._scene.transmit(source, target, segment)
        self._sequence[source] += len(data) + bool(flags & (SYN | FIN))
        self._scene.wait(STEP_SECONDS)
