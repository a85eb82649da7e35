"""The one pass over a capture file: every payload goes to whoever reads its protocol."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from collabtrace.capture.packets import Flows, Packets
from collabtrace.capture.reader import open_capture
from collabtrace.columns import Table
from collabtrace.protocols import sip
from collabtrace.schema import Capture, Flow, Interface, Message, Unreachable
from collabtrace.sessions.connections import Connections, Found
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
    messages: Table[Message]
    numbers: Flows
    """The five-tuples by the number that ``media``, ``rtcp`` and ``bfcp`` use."""
    flows: Table[Flow]
    media: MediaPackets
    rtcp: list[Item]
    bfcp: list[Item]
    secrets: list[tuple[int, bytes]]
    """Embedded decryption secrets: type and data of each block (pcapng DSB)."""


def read(path: Path, texts: Texts, progress: Callable[[int], None] | None = None) -> Traffic:
    """Read one capture file; a CaptureError says why it cannot be read."""
    reader = open_capture(path, progress)
    sorter = Sorter(reader.flows, texts)
    for packets in reader:
        sorter.add(packets)
    sorter.finish()
    return Traffic(
        capture=reader.capture(),
        interfaces=reader.interfaces(),
        unreachables=reader.unreachables(),
        messages=sorter.messages.table(path.name, reader.flows),
        numbers=reader.flows,
        flows=sorter.counters.table(path.name, reader.flows, sorter.connections.protocols),
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
        self.rtcp: list[Item] = []
        self.bfcp: list[Item] = []

    def add(self, packets: Packets) -> None:
        """Sort one chunk."""
        kinds = classify(packets, self.flows)
        self.counters.add(packets, kinds, self.flows)
        self.media.add(packets, np.flatnonzero(kinds == Payload.RTP))
        self.rtcp += _items(packets, np.flatnonzero((kinds == Payload.RTCP) & ~packets.duplicate))
        self.bfcp += _items(packets, np.flatnonzero((kinds == Payload.BFCP) & ~packets.duplicate))
        self._signalling(packets, np.flatnonzero(kinds == Payload.SIP), self.connections.rows(packets))

    def _signalling(self, packets: Packets, datagrams: NDArray[np.int64], segments: NDArray[np.int64]) -> None:
        """Read the SIP of datagrams and connections in the order of the file."""
        of_connection = np.concatenate([np.zeros(len(datagrams), np.bool_), np.ones(len(segments), np.bool_)])
        rows = np.concatenate([datagrams, segments])
        order = np.argsort(rows, kind="stable")
        for row, segment in zip(rows[order].tolist(), of_connection[order].tolist(), strict=True):
            if segment:
                self._connection(packets, row)
            else:
                self._datagram(packets, row)

    def _datagram(self, packets: Packets, row: int) -> None:
        data = packets.payload(row)
        if sip.starts(data):
            self.messages.add(
                int(packets.frame[row]),
                int(packets.time[row]),
                int(packets.flow[row]),
                data,
                lacking=int(packets.wire_length[row]) - len(data),
                copy=bool(packets.duplicate[row]),
            )

    def _connection(self, packets: Packets, row: int) -> None:
        for found in self.connections.feed(packets, row):
            self._found(found)

    def _found(self, found: Found) -> None:
        if found.protocol == "bfcp":
            self.bfcp.append(Item(found.frame, found.time, found.flow, found.data))
            return
        if found.transport == "ws":
            self.messages.websockets.add(found.flow)
        self.messages.add(found.frame, found.time, found.flow, found.data)

    def finish(self) -> None:
        """Take what the connections still hold at the end of the file."""
        for found in self.connections.finish():
            self._found(found)


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
