"""One packet with everything private replaced, from its link layer inwards; its length stays.

Every layer is written on its own, and what no layer claims becomes zeros. Where a payload belongs to something larger
(a TCP stream, an IP packet in fragments), *whole* knows what stands there.
"""

from collections.abc import Callable
from functools import partial
from typing import Protocol

from collabtrace.capture import link, network, tunnels
from collabtrace.capture.cursor import Cursor, Fragment, Layer
from collabtrace.capture.decoder import CARRIERS
from collabtrace.redaction import frames, icmp, payloads, sctp
from collabtrace.redaction.checksums import Checksum, mend
from collabtrace.redaction.text import Text

_DEEPEST = 64
_OPTIONS = frozenset((2, 3, 4, 5, 8))
"""TCP options that stay: segment size, window scale, SACK, timestamps."""


class Whole(Protocol):
    """What is put together from several packets."""

    def segment(self, key: bytes, sequence: int, flags: int, data: bytes) -> bytes:
        """The payload of a TCP segment; *key* holds addresses and ports."""

    def part(self, key: bytes, tsn: int, data: bytes) -> bytes:
        """What a fragment of an SCTP user message becomes; *key* names the association's direction."""

    def whole(self, fragment: Fragment, data: bytes) -> bytes | None:
        """The payload of the IP packet of which *data* is a fragment; None where it never became whole."""


class PacketWriter:
    """Rewrites packets one by one, in the order of the file."""

    def __init__(self, text: Text, whole: Whole) -> None:
        self.text, self.pieces = text, whole
        self.frames = frames.Frames(text.addresses)
        self._last: tuple[bytes, bytes, bytes] | None = None

    def rewrite(self, data: bytes, wire: int, link_type: int) -> bytes:
        """A packet as the capture holds it."""
        begin = link.LINK_TYPES.get(link_type)
        if begin is None:
            return bytes(len(data))
        self.frames.first(link_type)
        writing = Writing(self, Cursor(data, wire))
        writing.follow(begin(writing.packet), start=0)
        return writing.finish()

    def fragment(self, fragment: Fragment, packet: Cursor, data: bytes) -> bytes | None:
        """The part of an IP packet that a fragment carries; None where the packet never became whole."""
        payload = self.pieces.whole(fragment, data)
        if payload is None:
            return None
        addresses = packet.source + packet.target
        if self._last is None or self._last[:2] != (addresses, payload):
            self._last = addresses, payload, self._carried(payload, packet, addresses)
        return self._last[2][fragment.offset : fragment.offset + len(data)]

    def _carried(self, data: bytes, packet: Cursor, addresses: bytes) -> bytes:
        """The whole payload of an IP packet; *addresses* are those of its header."""
        half, begin = len(addresses) // 2, len(addresses)
        inner = Cursor(addresses + data, begin + len(data), at=begin, protocol=packet.protocol)
        inner.source, inner.target = packet.source, packet.target
        writing = Writing(self, inner)
        change = self.text.addresses.ipv4 if half == 4 else self.text.addresses.ipv6
        writing.out[:begin] = change(addresses[:half]) + change(addresses[half:])
        writing.addresses = (0, begin)
        writing.follow(network.upper(inner), start=begin)
        return writing.finish()[begin:]


class Writing:
    """One packet while it is written: ``out`` is zero wherever no layer has put anything."""

    def __init__(self, owner: PacketWriter, packet: Cursor) -> None:
        self.text, self.packet = owner.text, packet
        self.out = bytearray(len(packet.data))
        self.addresses: tuple[int, int] | None = None
        self.checksums: list[Checksum] = []
        self._owner, self._frames = owner, owner.frames
        self._quoted = False

    def follow(self, layer: Layer | None, *, start: int) -> None:
        """Write layer after layer until one leads nowhere."""
        self._keep(start)
        if start == 0:
            self._header(start)
        for _ in range(_DEEPEST):
            if layer is None:
                self._frames.last(self.packet, self.out)
                return
            begin = self.packet.at
            if layer in ENDS:
                layer = ENDS[layer](self)
            elif layer is Layer.FRAGMENT:
                self._fragment()
                return
            elif carrier := CARRIERS.get(layer):
                layer = carrier(self.packet)
                self._keep(begin)
                self._header(begin)
                if self.packet.at == begin and layer is None:
                    return

    def finish(self) -> bytes:
        """The packet with its checksums, the innermost first."""
        for checksum in reversed(self.checksums):
            mend(self.packet.data, self.out, checksum)
        return bytes(self.out)

    def _keep(self, begin: int) -> None:
        """A header that says nothing private stays as it is."""
        end = min(self.packet.at, len(self.out))
        self.out[begin:end] = self.packet.data[begin:end]

    def _header(self, begin: int) -> None:
        """What is private in the headers just passed."""
        data, out, end = self.packet.data, self.out, min(self.packet.at, len(self.out))
        if end <= begin:
            return
        self._frames.addresses(begin, self.packet, out)
        if (
            self.packet.source
            and data[begin] >> 4 == 4
            and data[begin + 12 : begin + 20] == (self.packet.source + self.packet.target)
        ):
            self._ipv4(begin, begin + (data[begin] & 15) * 4)
        elif (
            self.packet.source
            and data[begin] >> 4 == 6
            and data[begin + 8 : begin + 40] == (self.packet.source + self.packet.target)
        ):
            self._ipv6(begin, end)

    def _ipv4(self, begin: int, end: int) -> None:
        change = self.text.addresses.ipv4
        self.out[begin + 12 : begin + 16] = change(self.packet.source)
        self.out[begin + 16 : begin + 20] = change(self.packet.target)
        # RFC 791 §3.1: options may name the machines on the way; 1 is the option that does nothing.
        self.out[begin + 20 : end] = b"\x01" * (end - begin - 20)
        self.addresses = (begin + 12, begin + 20)
        self.checksums.append(Checksum(begin + 10, begin, end))

    def _ipv6(self, begin: int, end: int) -> None:
        change = self.text.addresses.ipv6
        self.out[begin + 8 : begin + 24] = change(self.packet.source)
        self.out[begin + 24 : begin + 40] = change(self.packet.target)
        self.addresses = (begin + 8, begin + 40)
        at, kind = begin + 40, self.packet.data[begin + 6]
        while at + 8 <= end and kind in network.EXTENSIONS:
            size = self.packet.data[at + 1] * 8 + 8
            if kind == _ROUTING:
                self.out[at + 4 : min(at + size, end)] = bytes(min(at + size, end) - at - 4)
            kind, at = self.packet.data[at], at + size

    def _fragment(self) -> None:
        packet, fragment = self.packet, self.packet.fragment
        held = packet.data[packet.at : packet.end]
        if fragment is None or not held:
            return
        written = self._owner.fragment(fragment, packet, held)
        if written is None:
            if fragment.offset == 0:
                # The packet never became whole: its beginning still shows what it was.
                packet.fragment, begin = None, packet.at
                self.follow(network.upper(packet), start=begin)
            return
        self.out[packet.at : packet.at + len(written)] = written

    def _udp(self) -> Layer | None:
        packet, begin = self.packet, self.packet.at
        if not packet.holds(8):
            return None
        length = packet.number(4, 2)
        if 0 < length < 8:
            return None
        packet.narrow(length or packet.end - begin)
        ports = packet.number(0, 2), packet.number(2, 2)
        packet.at += 8
        self._keep(begin)
        self.checksums.append(Checksum(begin + 6, begin, packet.end, self.addresses, absent=True))
        tunnel = tunnels.UDP_TUNNELS.get(ports[1]) or tunnels.UDP_TUNNELS.get(ports[0])
        behind = packet.at
        following = tunnel(packet) if tunnel else None
        if following is not None:
            self._keep(behind)
            return following
        data = packet.data[packet.at : packet.end]
        if data:
            self.out[packet.at : packet.at + len(data)] = payloads.datagram(data, *ports, self.text)
        packet.at = len(packet.data)
        return None

    def _tcp(self) -> Layer | None:
        packet, begin = self.packet, self.packet.at
        if not packet.holds(14):
            # RFC 792: an error quotes no more than the ports and the sequence number.
            end = min(begin + 8, packet.end, len(packet.data))
            self.out[begin:end] = packet.data[begin:end]
            packet.at = len(packet.data)
            return None
        header = (packet.number(12, 1) >> 4) * 4
        key = packet.source + packet.target + packet.data[begin : begin + 4]
        sequence, flags = packet.number(4, 4), packet.number(13, 1)
        end = min(begin + header, packet.end, len(packet.data))
        self.out[begin : min(begin + 20, end)] = packet.data[begin : min(begin + 20, end)]
        if header < 20 or begin + header > packet.end:
            packet.at = len(packet.data)
            return None
        self._options(begin + 20, end)
        self.checksums.append(Checksum(begin + 16, begin, packet.end, self.addresses))
        packet.at = begin + header
        data = packet.data[packet.at : packet.end]
        # What an ICMP error quotes is no segment of its own: its flags open nothing.
        written = self._owner.pieces.segment(key, sequence, 0 if self._quoted else flags, data)
        self.out[packet.at : packet.at + len(data)] = written
        packet.at = len(packet.data)
        return None

    def _options(self, at: int, end: int) -> None:
        """TCP options; those that are not known give way to ones that do nothing."""
        data = self.packet.data
        while at < end:
            kind = data[at]
            size = 1 if kind < 2 else data[at + 1] if at + 1 < end else 1
            size = min(max(size, 1), end - at)
            kept = kind < 2 or kind in _OPTIONS
            self.out[at : at + size] = data[at : at + size] if kept else b"\x01" * size
            at += size

    def _sctp(self) -> Layer | None:
        packet = self.packet
        data = packet.data[packet.at : packet.end]
        if self._quoted:
            self.out[packet.at : packet.at + min(len(data), 12)] = data[:12]
            packet.at = len(packet.data)
            return None
        key = packet.source + packet.target + data[: sctp.ASSOCIATION]
        self.out[packet.at : packet.at + len(data)] = sctp.rewrite(
            data, packet.end - packet.at, self.text, partial(self._owner.pieces.part, key)
        )
        packet.at = len(packet.data)
        return None

    def _icmp(self) -> Layer | None:
        return self._control(six=False)

    def _icmp6(self) -> Layer | None:
        return self._control(six=True)

    def _control(self, *, six: bool) -> Layer | None:
        packet, begin = self.packet, self.packet.at
        addresses = self.addresses if six else None
        self.checksums.append(Checksum(begin + 2, begin, packet.end, addresses))
        quoted = icmp.rewrite(packet, self.out, self.text.addresses, six=six)
        if quoted is None:
            packet.at = len(packet.data)
            return None
        packet.at = quoted
        packet.source = packet.target = b""
        self._quoted = True
        return Layer.IP


ENDS: dict[Layer, Callable[[Writing], Layer | None]] = {
    Layer.UDP: Writing._udp,
    Layer.TCP: Writing._tcp,
    Layer.SCTP: Writing._sctp,
    Layer.ICMP: Writing._icmp,
    Layer.ICMPV6: Writing._icmp6,
}
_ROUTING = 43
