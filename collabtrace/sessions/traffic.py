"""The one pass over a capture file: every payload goes to whoever reads its protocol."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from collabtrace.capture.packets import Flows, Packets
from collabtrace.capture.reader import open_capture
from collabtrace.columns import Table
from collabtrace.protocols import bfcp, sip
from collabtrace.protocols.tls.numbers import APPLICATION_DATA
from collabtrace.schema import Capture, Connection, Flow, Handshake, Interface, Message, Partial, Unreachable
from collabtrace.sessions import connection_table, partials
from collabtrace.sessions.connection_counters import ConnectionCounters
from collabtrace.sessions.connections import Connections, Found, Place
from collabtrace.sessions.detection import Payload, classify
from collabtrace.sessions.flow_counters import FlowCounters
from collabtrace.sessions.media_packets import MediaPackets
from collabtrace.sessions.messages import MessageColumns
from collabtrace.sessions.texts import Texts


class Item(NamedTuple):
    """One payload of a protocol that has few packets."""

    frame: int
    time: int
    """Nanoseconds since the epoch."""
    flow: int
    data: bytes


@dataclass(frozen=True)
class Traffic:
    """What one capture file holds."""

    capture: Capture
    interfaces: Table[Interface]
    unreachables: Table[Unreachable]
    connections: Table[Connection]
    partials: Table[Partial]
    handshakes: Table[Handshake]
    messages: Table[Message]
    numbers: Flows
    """The five-tuples by the number that ``media``, ``rtcp`` and ``bfcp`` use."""
    flows: Table[Flow]
    media: MediaPackets
    rtcp: list[Item]
    bfcp: list[Item]
    secrets: list[tuple[int, bytes]]
    """Embedded decryption secrets: type and data of each block (pcapng DSB)."""


def read(path: Path, texts: Texts, progress: Callable[[int], None] | None = None, name: str | None = None) -> Traffic:
    """Read one capture file; a CaptureError says why it cannot be read.

    *name* stands for the file in the tables where its own name, without folders, is taken.
    """
    reader = open_capture(path, progress)
    sorter = Sorter(reader.flows, texts)
    for packets in reader:
        sorter.add(packets)
    sorter.finish()
    name = name or path.name
    interfaces, unreachables = reader.interfaces(), reader.unreachables()
    records, carried = sorter.tcp.records, sorter.connections.carried
    connections = connection_table.build(name, reader.flows, records, carried, unreachables)
    return Traffic(
        capture=replace(reader.capture(), file=name),
        interfaces=interfaces.replace(file=[name] * len(interfaces)),
        unreachables=unreachables.replace(file=[name] * len(unreachables)),
        connections=connections,
        partials=partials.build(name, reader.remains(), interfaces),
        handshakes=sorter.connections.handshakes.table(name, connections),
        messages=sorter.messages.table(name, reader.flows),
        numbers=reader.flows,
        flows=sorter.counters.table(name, reader.flows, sorter.connections.protocols, sorter.proven),
        media=sorter.media,
        rtcp=sorter.rtcp,
        bfcp=sorter.bfcp,
        secrets=reader.secrets,
    )


class Sorter:
    """Hands each payload of one file to the reader of its protocol."""

    def __init__(self, flows: Flows, texts: Texts) -> None:
        self.flows = flows
        self.messages = MessageColumns(texts)
        self.media = MediaPackets()
        self.counters = FlowCounters()
        self.connections = Connections(flows)
        self.tcp = ConnectionCounters(flows)
        self.rtcp: list[Item] = []
        self.bfcp: list[Item] = []
        self.proven: dict[Payload, set[int]] = {Payload.SIP: set(), Payload.BFCP: set()}
        """The flows of which more than the first bytes tell what they carry."""
        self._rows_of_flow: defaultdict[int, list[int | None]] = defaultdict(list)
        """Of the messages of each connection, in order; None for what was no SIP after all."""

    def add(self, packets: Packets) -> None:
        """Sort one chunk."""
        kinds = classify(packets, self.flows)
        self.counters.add(packets, kinds, self.flows)
        self.tcp.add(packets)
        self.media.add(packets, np.flatnonzero(kinds == Payload.RTP))
        self.rtcp += _items(packets, np.flatnonzero((kinds == Payload.RTCP) & ~packets.duplicate))
        floors = _items(packets, np.flatnonzero((kinds == Payload.BFCP) & ~packets.duplicate))
        self.proven[Payload.BFCP].update(item.flow for item in floors if item.data[1] in bfcp.PRIMITIVES)
        self.bfcp += floors
        self._datagrams_of_tls(packets, np.flatnonzero((kinds == Payload.DTLS) & ~packets.duplicate))
        self._signalling(packets, np.flatnonzero(kinds == Payload.SIP), self.connections.rows(packets))

    def _datagrams_of_tls(self, packets: Packets, rows: NDArray[np.int64]) -> None:
        """Read the handshakes of DTLS; what it carries is encrypted, and may be much."""
        for item in _items(packets, rows[packets.buffer[packets.start[rows]] != APPLICATION_DATA]):
            self.connections.handshakes.datagram(item.flow, item.frame, item.time, item.data)

    def _signalling(self, packets: Packets, datagrams: NDArray[np.int64], segments: NDArray[np.int64]) -> None:
        """Read the SIP of datagrams and connections in the order of the file."""
        rows = np.concatenate([datagrams, segments])
        order = np.argsort(rows, kind="stable")
        rows, of_connection = rows[order], (order >= len(datagrams)).tolist()
        columns = (packets.frame, packets.time, packets.flow, packets.start, packets.length, packets.wire_length)
        listed = [column[rows].tolist() for column in (*columns, packets.duplicate)]
        view = packets.buffer.data
        for row, segment, frame, time, flow, start, length, wire, copy in zip(
            rows.tolist(), of_connection, *listed, strict=True
        ):
            data = bytes(view[start : start + length])
            if segment:
                place = Place(frame, time, flow, int(packets.sequence[row]), int(packets.flags[row]), wire)
                for found in self.connections.feed(place, data):
                    self._found(found)
            elif (usual := self.messages.usual(data)) or sip.starts(data):
                self.proven[Payload.SIP].add(flow)
                self.messages.add(frame, time, flow, data, usual=usual, lacking=wire - length, copy=copy)

    def _found(self, found: Found) -> None:
        if found.protocol == "bfcp":
            self.bfcp.append(Item(found.frame, found.time, found.flow, found.data))
            self._rows_of_flow[found.flow].append(None)
            return
        if found.transport == "ws":
            self.messages.websockets.add(found.flow)
        added = self.messages.add(found.frame, found.time, found.flow, found.data)
        self._rows_of_flow[found.flow].append(len(self.messages) - 1 if added else None)

    def finish(self) -> None:
        """Take what the connections still hold at the end of the file."""
        for found in self.connections.finish():
            self._found(found)
        for flow, number, tail in self.connections.slips:
            row = self._rows_of_flow[flow][number]
            if row is not None:
                self.messages.follow(row, tail)


def _items(packets: Packets, rows: NDArray[np.int64]) -> list[Item]:
    return [
        Item(frame, time, flow, packets.payload(row))
        for row, frame, time, flow in zip(
            rows.tolist(),
            packets.frame[rows].tolist(),
            packets.time[rows].tolist(),
            packets.flow[rows].tolist(),
            strict=True,
        )
    ]
