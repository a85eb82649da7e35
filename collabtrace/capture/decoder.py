"""One packet at a time from its link layer to the payloads of its transport layer.

This is the readable truth. ``shapes`` decodes the usual packets many at a time; a test holds the two equal.
"""

from collections.abc import Callable
from dataclasses import replace

from collabtrace.capture import link, network, transport, tunnels
from collabtrace.capture.cursor import Cursor, Layer
from collabtrace.capture.datagrams import SCTP, Datagram
from collabtrace.capture.fragments import Fragments
from collabtrace.capture.icmp import error
from collabtrace.capture.sctp import SctpAssembler
from collabtrace.schema import Unreachable

CARRIERS: dict[Layer, Callable[[Cursor], Layer | None]] = {
    Layer.ETHERNET: link.ethernet,
    Layer.LLC: link.llc,
    Layer.VLAN: link.vlan,
    Layer.MPLS: link.mpls,
    Layer.PPP: link.ppp,
    Layer.PPPOE: link.pppoe,
    Layer.IP: network.ip,
    Layer.IPV4: network.ipv4,
    Layer.IPV6: network.ipv6,
    Layer.GRE: tunnels.gre,
    Layer.ERSPAN: tunnels.erspan,
    Layer.ERSPAN3: tunnels.erspan3,
}
"""Layers that only lead to the next one."""
_DEEPEST = 64
"""Layers of one packet; nothing real comes near it."""


class Decoder:
    """Decodes the packets of one file in their order."""

    def __init__(self, file: str) -> None:
        """*file* is the name for the table of unreachables."""
        self.fragments = Fragments()
        self.unreachables: list[Unreachable] = []
        self.datagrams: list[Datagram] = []
        """Payloads of the chunk so far."""
        self.assembled = bytearray()
        """What was put together from several packets of the chunk and before."""
        self._assembled_at = 0
        self.associations = SctpAssembler()
        self._file = file
        self._row = self._frame = self._time = 0

    def begin(self, assembled_at: int) -> None:
        """Begin a chunk, in whose buffer ``assembled`` will stand at the position given."""
        self.datagrams, self.assembled, self._assembled_at = [], bytearray(), assembled_at

    def decode(self, packet: Cursor, link_type: int, *, row: int, frame: int, time: int) -> None:
        """Decode one packet, number *row* of the chunk."""
        self._row, self._frame, self._time = row, frame, time
        if begin := link.LINK_TYPES.get(link_type):
            self._follow(packet, begin(packet))

    def _follow(self, packet: Cursor | None, layer: Layer | None) -> None:
        """Decode layer after layer until one leads nowhere."""
        for _ in range(_DEEPEST):
            if packet is None or layer is None:
                return
            if carrier := CARRIERS.get(layer):
                layer = carrier(packet)
            elif layer is Layer.FRAGMENT:
                packet, layer = self._reassemble(packet)
            else:
                layer = self._end(packet, layer)

    def _end(self, packet: Cursor, layer: Layer) -> Layer | None:
        """Read a layer that carries payloads; what follows if it was a tunnel after all."""
        if layer is Layer.UDP:
            return self._udp(packet)
        if layer is Layer.TCP:
            if segment := transport.tcp(packet, self._row):
                self.datagrams.append(segment)
        elif layer is Layer.SCTP:
            self._sctp(packet)
        elif found := error(packet, layer, self._frame, self._time, self._file):
            self.unreachables.append(found)
        return None

    def _udp(self, packet: Cursor) -> Layer | None:
        datagram = transport.udp(packet, self._row)
        if datagram is None:
            return None
        tunnel = tunnels.UDP_TUNNELS.get(datagram.ports & 0xFFFF) or tunnels.UDP_TUNNELS.get(datagram.ports >> 16)
        following = tunnel(packet) if tunnel else None
        if following is None:
            self.datagrams.append(datagram)
        return following

    def _sctp(self, packet: Cursor) -> None:
        if not packet.holds(12):
            return
        ports, data = packet.number(0, 4), packet.data[packet.at : packet.end]
        for message in self.associations.feed((packet.source, packet.target, ports), data):
            whole = self._whole(packet, message.data)
            found = transport.payload(whole, self._row, SCTP, ports)
            self.datagrams.append(found._replace(wire_length=message.wire_length))

    def _reassemble(self, packet: Cursor) -> tuple[Cursor | None, Layer | None]:
        """Keep a fragment; the whole packet, if this was the last to come, and what it carries."""
        fragment = packet.fragment
        if fragment is None or packet.at >= packet.end:
            return None, None
        packet.fragment = None
        data = self.fragments.add(packet, fragment, self._frame, self._time)
        if packet.end > len(packet.data):
            # The capture cut it, so the packet will never be whole; the first fragment still shows its beginning.
            return packet, network.upper(packet) if fragment.offset == 0 else None
        if data is None:
            return None, None
        whole = self._whole(packet, data)
        return whole, network.upper(whole)

    def _whole(self, packet: Cursor, data: bytes) -> Cursor:
        """A cursor on *data* that has what *packet* told about IP."""
        base = self._assembled_at + len(self.assembled)
        self.assembled += data
        return replace(packet, data=data, end=len(data), base=base, at=0, fragment=None)
