"""The wire of a scene: its clock, the packets sent on it, and the captures made of them."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, NamedTuple

from collabtrace.testing import files, wire
from collabtrace.testing.carriers import ethernet
from collabtrace.testing.connections import Connection
from collabtrace.testing.dialogs import HOP_SECONDS
from collabtrace.testing.machines import Machine

START = 1_767_607_200 * 10**9
"""2026-01-05 10:00:00 UTC, in nanoseconds since the epoch."""
COPY_SECONDS = 0.00005
"""From a packet to its second copy at a SPAN port."""
NAT_SECONDS = 0.0002
"""From one side of a NAT to the other."""
MTU = 1500


class Sent(NamedTuple):
    """One packet on the wire."""

    time: int
    """Nanoseconds since the epoch."""
    source: Machine
    target: Machine
    packet: wire.Layer
    """From its IP header on."""
    frame: bytes
    arrives: bool
    """Whether it reaches its target."""
    inside: Machine | None = None
    """The machine whose side of a NAT this is; None is where all others see it."""


class Network:
    """A clock, chance, and the packets so far."""

    def __init__(self, *, seed: int = 1, start: int = START) -> None:
        """Begin at *start*, in nanoseconds since the epoch."""
        self.chance = random.Random(seed)
        self.start = start
        self.elapsed = 0
        """Nanoseconds since the start."""
        self.sent: list[Sent] = []
        self._connections: dict[tuple[frozenset[Machine], str], Connection] = {}
        self._blocked: list[tuple[Machine, int | None]] = []
        self._whole_only: set[Machine] = set()
        self._copies: Literal["", "bridged", "routed"] = ""

    @property
    def clock(self) -> float:
        """Seconds since the start."""
        return self.elapsed / 10**9

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.elapsed += round(seconds * 10**9)

    @contextmanager
    def meanwhile(self, after: float = 0.0) -> Iterator[None]:
        """Do what is in the block beside what follows it, *after* seconds from now."""
        before = self.elapsed
        self.wait(after)
        yield
        self.elapsed = before

    def datagram(
        self, source: Machine, target: Machine, ports: tuple[int, int], payload: bytes, *, dscp: int = 0
    ) -> None:
        """Send one UDP datagram between the given source and target ports, now."""
        plain = wire.udp(*ports, payload)
        outside = wire.udp(*ports, _outside(source, target, payload))
        self.transmit(source, target, plain, dscp=dscp, outside=outside)

    def stream(self, source: Machine, target: Machine, port: int, data: bytes, *, purpose: str = "sip") -> None:
        """Send bytes over TCP, on the connection that the two machines have for a purpose, or a new one to *port*."""
        self.connect(source, target, port, purpose=purpose)
        self._connections[frozenset((source, target)), purpose].send(source, data)

    def connect(self, client: Machine, server: Machine, port: int, *, purpose: str = "sip") -> None:
        """Open a TCP connection, unless the two machines have one for that purpose."""
        key = (frozenset((client, server)), purpose)
        if key not in self._connections:
            self._connections[key] = Connection(self, client, server, port)

    def disconnect(self, by: Machine, other: Machine, *, purpose: str = "sip") -> None:
        """End the TCP connection of two machines."""
        self._connections.pop((frozenset((by, other)), purpose)).close(by)

    def knock(
        self, source: Machine, target: Machine, ports: tuple[int, int], *, refused: bool = False, repeats: int = 0
    ) -> None:
        """Send the SYN of a TCP connection that never opens: it is sent again *repeats* times, or refused at once."""
        number = self.chance.getrandbits(32)
        for count in range(repeats + 1):
            self.transmit(source, target, wire.tcp(*ports, sequence=number, flags=wire.SYN))
            self.wait(2.0**count if count < repeats else 0.0)
        if refused:
            back = wire.tcp(*ports[::-1], acknowledgement=number + 1, flags=wire.RST | wire.ACK)
            self.transmit(target, source, back)

    def transmit(
        self,
        source: Machine,
        target: Machine,
        segment: wire.Layer,
        *,
        dscp: int = 0,
        outside: wire.Layer | None = None,
    ) -> None:
        """Put one transport packet on the wire, in IP fragments where it is too long for Ethernet.

        *outside* is what a NAT between the two makes of it, by default the same.
        """
        number = len(self.sent) + 1
        arrives = not any(self._is_blocked(rule, target, segment) for rule in self._blocked)
        if source.nat:
            self._put(_Side(source, target, source, (source.address, target.outside)), segment, number, dscp, arrives)
        ends = (source.outside, target.outside)
        self._put(_Side(source, target, None, ends), outside or segment, number, dscp, arrives)
        if target.nat:
            self._put(_Side(source, target, target, (source.outside, target.address)), segment, number, dscp, arrives)

    def _put(self, side: "_Side", segment: wire.Layer, number: int, dscp: int, arrives: bool) -> None:
        """Put a packet on one side of the NATs that it passes."""
        source, target, inside, ends = side
        passed = source.hops + bool(source.nat and inside is not source) + bool(target.nat and inside is target)
        for copy in range(1 + bool(self._copies)):
            routed = copy and self._copies == "routed"
            packet = _packet(ends, segment, number, ttl=64 - passed - routed, dscp=dscp)
            room = (MTU - 20 if packet.ethertype == 0x0800 else MTU - 48) // 8 * 8
            macs = (target.mac, source.mac) if routed else (source.mac, target.mac)
            late = copy * COPY_SECONDS + NAT_SECONDS * (passed - source.hops)
            time = self.start + self.elapsed + round(late * 10**9)
            pieces = [packet] if len(packet) <= MTU else wire.fragments(packet, room, identification=number)
            for at, piece in enumerate(pieces):
                frame = ethernet(piece, source=macs[0], target=macs[1])
                passes = arrives and not (at and target in self._whole_only)
                self.sent.append(Sent(time, source, target, piece, frame, passes, inside))

    def span(self, *, routed: bool = False) -> None:
        """From now on the capture shows every packet twice, as a SPAN port does; *routed* copies have a lower TTL."""
        self._copies = "routed" if routed else "bridged"

    def block(self, target: Machine, port: int | None = None) -> None:
        """From now on a firewall drops what is sent to *target*, or to one port of it: sent, but never there."""
        self._blocked.append((target, port))

    def block_fragments(self, target: Machine) -> None:
        """From now on a firewall lets no IP fragment to *target* but the first, as they carry no ports."""
        self._whole_only.add(target)

    def unreachable(self, by: Machine, *, code: int = 3) -> None:
        """Let *by* answer the packet sent last with ICMP: destination unreachable (RFC 792; 3 is the port)."""
        last = self.sent[-1]
        self.wait(HOP_SECONDS)
        if last.packet.ethertype == 0x0800:
            self.transmit(by, last.source, wire.icmp_error(last.packet[:576], code=code))
        else:
            self.transmit(by, last.source, wire.icmpv6_error(last.packet[:1232], code=4 if code == 3 else 1))

    def packets(self, near: Machine | None = None, *, missing: float = 0.0) -> list[tuple[int, bytes]]:
        """Time and frame of every packet, or of those that *near* sends and gets; a share may be *missing*.

        Of what passes a NAT, *near* sees its own side, and who is near nobody sees it outside.
        """
        chance = random.Random(1)
        place = near if near is not None and near.nat else None
        seen = [
            sent
            for sent in self.sent
            if sent.inside is place and (near is None or sent.source is near or (sent.target is near and sent.arrives))
        ]
        kept = [sent for sent in seen if not missing or chance.random() >= missing]
        return [(sent.time, bytes(sent.frame)) for sent in sorted(kept, key=lambda sent: sent.time)]

    def pcap(self, near: Machine | None = None) -> bytes:
        """The capture as a pcap file with microseconds."""
        return files.pcap(self.packets(near))

    def pcapng(self, near: Machine | None = None, *, missing: float = 0.0) -> bytes:
        """The capture as a pcapng file with nanoseconds."""
        return files.pcapng(self.packets(near, missing=missing))

    def write(self, path: Path, near: Machine | None = None) -> None:
        """Write the capture; the suffix of *path* chooses the format."""
        path.write_bytes(self.pcap(near) if path.suffix == ".pcap" else self.pcapng(near))

    @staticmethod
    def _is_blocked(rule: tuple[Machine, int | None], target: Machine, segment: wire.Layer) -> bool:
        machine, port = rule
        return machine is target and port in (None, int.from_bytes(segment[2:4], "big"))


class _Side(NamedTuple):
    """One side of the NATs between two machines."""

    source: Machine
    target: Machine
    inside: Machine | None
    ends: tuple[str, str]
    """Addresses that the packet has here."""


def _packet(ends: tuple[str, str], segment: wire.Layer, number: int, *, ttl: int, dscp: int) -> wire.Layer:
    if ":" in ends[0]:
        return wire.ipv6(*ends, segment, hop_limit=ttl, dscp=dscp)
    return wire.ipv4(*ends, segment, ttl=ttl, dscp=dscp, identification=number)


def _outside(source: Machine, target: Machine, payload: bytes) -> bytes:
    """The payload between the NATs of two machines."""
    for machine in (source, target):
        if machine.nat:
            payload = machine.nat.rewrite(payload)
    return payload
