"""What each five-tuple carried: packets, bytes, first and last frame, and the protocol of its payloads."""

from collections.abc import Collection, Mapping

import numpy as np
from numpy.typing import NDArray

from collabtrace.capture.packets import Flows, Packets
from collabtrace.capture.timestamps import in_seconds
from collabtrace.columns import Table
from collabtrace.schema import Flow
from collabtrace.sessions.detection import Payload
from collabtrace.sessions.markings import Markings

KINDS = len(Payload)


class FlowCounters:
    """Counters by flow number, fed chunk by chunk."""

    def __init__(self) -> None:
        self._packets = np.zeros(0, np.int64)
        self._bytes = np.zeros(0, np.int64)
        self._kinds = np.zeros((0, KINDS), np.int32)
        self._frames = np.zeros((0, 2), np.int64)
        self._times = np.zeros((0, 2), np.int64)
        self._ttl = np.zeros(0, np.uint8)
        self._markings = Markings()

    def add(self, packets: Packets, kinds: NDArray[np.int8], flows: Flows) -> None:
        """Count one chunk; *kinds* is the ``Payload`` of each packet."""
        if not len(packets):
            return
        known, now = len(self._packets), len(flows)
        for name in ("_packets", "_bytes", "_kinds", "_frames", "_times", "_ttl"):
            column = getattr(self, name)
            setattr(self, name, np.concatenate([column, np.zeros((now - known, *column.shape[1:]), column.dtype)]))
        flow = packets.flow
        self._packets += np.bincount(flow, minlength=now)
        self._bytes += np.bincount(flow, weights=packets.wire_length, minlength=now).astype(np.int64)
        self._kinds += np.bincount(flow.astype(np.int64) * KINDS + kinds, minlength=now * KINDS).reshape(now, KINDS)
        self._first(packets, known)
        self._markings.add(flow, packets.dscp)
        self._frames[flow, 1] = packets.frame
        self._times[flow, 1] = packets.time

    def _first(self, packets: Packets, known: int) -> None:
        """Note the first packet of the flows that are new in this chunk."""
        new = np.flatnonzero(packets.flow >= known)[::-1]
        flow = packets.flow[new]
        self._frames[flow, 0] = packets.frame[new]
        self._times[flow, 0] = packets.time[new]
        self._ttl[flow] = packets.ttl[new]

    def table(
        self,
        file: str,
        flows: Flows,
        connections: dict[int, str],
        proven: Mapping[Payload, Collection[int]] | None = None,
    ) -> Table[Flow]:
        """The ``flows`` table; *connections* tells the protocol of TCP flows.

        Of the kinds in *proven* only the flows named there count: other text begins like SIP, and chance like BFCP.
        """
        names = [kind.name.lower() for kind in Payload]
        kinds = self._kinds.copy()
        for payload, numbers in (proven or {}).items():
            doubtful = np.ones(len(kinds), np.bool_)
            doubtful[list(numbers)] = False
            kinds[doubtful, payload] = 0
        usual = np.where(kinds[:, 1:].any(axis=1), kinds[:, 1:].argmax(axis=1) + 1, 0).tolist()
        return Table(
            Flow,
            {
                "file": [file] * len(flows),
                "source": flows.source,
                "source_port": flows.source_port,
                "target": flows.target,
                "target_port": flows.target_port,
                "transport": flows.transport,
                "packets": self._packets,
                "bytes": self._bytes,
                "first_frame": self._frames[:, 0],
                "last_frame": self._frames[:, 1],
                "first": in_seconds(self._times[:, 0]),
                "last": in_seconds(self._times[:, 1]),
                "protocol": [
                    connections.get(number) or (names[kind] if kind else None) for number, kind in enumerate(usual)
                ],
                "ttl": self._ttl.astype(np.int64),
                "dscp": self._markings.usual(self._packets),
            },
        )
