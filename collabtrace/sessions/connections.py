"""TCP connections that carry signalling, found by content and taken apart into messages.

Most TCP packets of a capture are none of our business (HTTPS, file transfer), so a flow is fed to the
reassembler only while it may still turn out to carry something: for its first payloads, and whenever a
later payload begins like a protocol that we read. Of TLS the handshake is read (``handshakes``).
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from collabtrace.capture.packets import FIN, RST, SYN, Flows, Packets
from collabtrace.capture.tcp import Piece, TcpStreams
from collabtrace.protocols.bfcp_stream import BfcpFramer
from collabtrace.protocols.framing import Framer
from collabtrace.protocols.sip_stream import SipFramer
from collabtrace.protocols.tls.numbers import CLIENT_HELLO, HANDSHAKE
from collabtrace.protocols.websocket import WebSocketFramer
from collabtrace.sessions import detection
from collabtrace.sessions.handshakes import Handshakes

TRIALS = 8
"""Payloads after which a flow that carries nothing we read is no longer reassembled."""

Moment: TypeAlias = tuple[int, int]
"""Frame number and time in nanoseconds."""


class Place(NamedTuple):
    """Where a segment stands in the capture and in its connection."""

    frame: int
    time: int
    """Nanoseconds since the epoch."""
    flow: int
    sequence: int
    flags: int
    wire_length: int
    """Payload bytes that were sent; the capture may hold fewer."""


class Found(NamedTuple):
    """One message taken out of a connection."""

    protocol: str
    """``sip`` or ``bfcp``"""
    transport: str
    """``tcp`` or ``ws``"""
    frame: int
    time: int
    flow: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads one flow whose protocol is known."""

    protocol: str
    transport: str
    framer: Framer[Moment]
    before: int = 0
    """Messages of its flow that earlier readers gave."""

    def read(self, piece: Piece) -> list[tuple[bytes, Moment]]:
        """The messages that *piece* completes, each with the frame and time at which it was whole."""
        cut = self.framer.gap() if piece.gap_before else []
        return cut + self.framer.push(piece.data, (piece.frame, piece.time))

    def slips(self) -> list[tuple[int, bytes]]:
        """What it read behind messages that is no SIP since it was last asked, by number of the message in the flow."""
        if not isinstance(self.framer, SipFramer) or not self.framer.slips:
            return []
        slips = [(self.before + number, tail) for number, tail in self.framer.slips]
        self.framer.slips.clear()
        return slips


READERS: dict[str, Callable[[int], Reader]] = {
    "sip": lambda before: Reader("sip", "tcp", SipFramer(), before),
    "bfcp": lambda before: Reader("bfcp", "tcp", BfcpFramer(), before),
    "websocket": lambda before: Reader("sip", "ws", WebSocketFramer(), before),
}
"""How to read what ``detection.sniff`` recognises."""


TLS = "tls"
"""The name that ``detection.sniff`` gives to TLS."""


class Connections:
    """The TCP flows of one file."""

    def __init__(self, flows: Flows) -> None:
        self._flows = flows
        self.handshakes = Handshakes(flows)
        self._streams = TcpStreams()
        self._readers: dict[int, Reader] = {}
        self._trials: dict[int, int] = {}
        self._cold = np.zeros(0, np.bool_)
        self._tcp = np.zeros(0, np.bool_)
        self.protocols: dict[int, str] = {}
        """What each flow carries, where it was recognised."""
        self.carried: list[tuple[int, int, str]] = []
        """Flow, frame and name of everything that was recognised: one connection after another may use the ports."""
        self.slips: list[tuple[int, int, bytes]] = []
        """Flow, number of the message in it, and the lines behind it that are no SIP (``SipFramer.slips``)."""
        self._given: Counter[int] = Counter()
        """Messages of each flow that were given."""

    def rows(self, packets: Packets) -> NDArray[np.int64]:
        """The packets of a chunk that ``feed`` wants to see."""
        self._grow()
        tcp = self._tcp[packets.flow]
        if not tcp.any():
            return np.empty(0, np.int64)
        telling = (packets.length > 0) | (packets.flags & (SYN | FIN | RST) != 0)
        rows = np.flatnonzero(tcp & telling & ~packets.duplicate)
        cold = rows[self._cold[packets.flow[rows]]]
        return np.sort(np.concatenate([rows[~self._cold[packets.flow[rows]]], cold[_promising(packets, cold)]]))

    def _grow(self) -> None:
        known = len(self._tcp)
        if known < len(self._flows):
            new = np.array([transport == "tcp" for transport in self._flows.transport[known:]], np.bool_)
            self._tcp = np.concatenate([self._tcp, new])
            self._cold = np.concatenate([self._cold, np.zeros(len(new), np.bool_)])

    def feed(self, place: Place, data: bytes) -> list[Found]:
        """Take one segment; the messages that it completes."""
        flow = place.flow
        ended = self._end(flow) if place.flags & SYN else []
        if self._cold[flow]:
            if not place.flags & SYN and not self._begins(flow, data):
                return ended
            self._warm(flow)
        pieces = self._streams.feed(flow, place.frame, place.time, place.sequence, place.flags, data, place.wire_length)
        return ended + [found for piece in pieces for found in self._read(flow, piece)]

    def _begins(self, flow: int, data: bytes) -> bool:
        """Whether something that is read begins in the middle of a flow that was let go of."""
        name = detection.sniff(data)
        return name in READERS or (name == TLS and not self.handshakes.reads(flow))

    def _end(self, flow: int) -> list[Found]:
        """A new connection on the same ports may carry something else."""
        self.handshakes.end(flow)
        reader = self._readers.pop(flow, None)
        cut = [] if reader is None else list(_cut(flow, reader))
        self._given[flow] += len(cut)
        return cut

    def _read(self, flow: int, piece: Piece) -> list[Found]:
        if self.handshakes.reads(flow):
            if not self.handshakes.feed(flow, piece):
                self._let_go(flow)
            return []
        reader = self._readers.get(flow)
        if reader is None:
            name = detection.sniff(piece.data)
            if name != "unknown":
                self.carried.append((flow, piece.frame, name))
            if name == TLS:
                self.protocols.setdefault(flow, name)
                self.handshakes.begin(flow)
                return self._read(flow, piece)
            if name not in READERS:
                self._doubt(flow, name)
                return []
            self.protocols[flow] = name
            reader = self._readers[flow] = READERS[name](self._given[flow])
        messages = reader.read(piece)
        self._given[flow] += len(messages)
        self.slips += [(flow, number, tail) for number, tail in reader.slips()]
        return [Found(reader.protocol, reader.transport, frame, time, flow, data) for data, (frame, time) in messages]

    def _doubt(self, flow: int, name: str) -> None:
        """Let a flow go cold that carries something else, or told nothing for too long."""
        if name != "unknown":
            self.protocols.setdefault(flow, name)
        tries = self._trials[flow] = self._trials.get(flow, 0) + 1
        if name != "unknown" or tries >= TRIALS:
            self._let_go(flow)

    def _let_go(self, flow: int) -> None:
        self._cold[flow] = True
        self._streams.end(flow)

    def _warm(self, flow: int) -> None:
        self._cold[flow] = False
        self._trials[flow] = 0

    def finish(self) -> Iterator[Found]:
        """What can still be read at the end of the file: behind bytes that never came, or cut by the end."""
        for flow, piece in self._streams.flush():
            yield from self._read(flow, piece)
        for flow, reader in self._readers.items():
            yield from _cut(flow, reader)


def _cut(flow: int, reader: Reader) -> Iterator[Found]:
    """The message that the end of a flow cut."""
    for data, (frame, time) in reader.framer.gap():
        yield Found(reader.protocol, reader.transport, frame, time, flow, data)


def _promising(packets: Packets, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which payloads begin with a capital letter, as signalling does, or with a ClientHello, or open a connection."""
    if not len(rows):
        return np.zeros(0, np.bool_)
    last = len(packets.buffer) - 1
    first, second, sixth = (packets.buffer[np.minimum(packets.start[rows] + at, last)] for at in (0, 1, 5))
    telling: NDArray[np.bool_] = (first >= ord("A")) & (first <= ord("Z")) & (packets.length[rows] > 0)
    # A tunnel through a proxy (RFC 9110 §9.3.6) begins with HTTP and goes on with TLS.
    telling |= (first == HANDSHAKE) & (second == 3) & (sixth == CLIENT_HELLO) & (packets.length[rows] > 5)
    telling |= packets.flags[rows] & SYN != 0
    return telling
