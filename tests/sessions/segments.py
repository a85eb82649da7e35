"""TCP segments written one a line, and the connections made of them.

    0.00 c S  1000
    0.01 s SA 5000
    0.02 c A  1001 10

Time in seconds, client or server, flags by their first letters (with ``D`` for a second copy of a packet), sequence
number, bytes of payload.
"""

import numpy as np

from collabtrace.capture.packets import ACK, FIN, RST, SYN, Flows, Packets
from collabtrace.schema import Connection, Unreachable
from collabtrace.sessions import connection_table
from collabtrace.sessions.connection_counters import ConnectionCounters

FLAGS = {"S": SYN, "A": ACK, "F": FIN, "R": RST, "D": 0}
CLIENT, SERVER = ("192.0.2.1", 40000), ("192.0.2.2", 5061)


def both_ways(client: tuple[str, int] = CLIENT, server: tuple[str, int] = SERVER) -> Flows:
    """The two flows of one conversation, the client's first."""
    flows = Flows()
    flows.add(*client, *server, "tcp")
    flows.add(*server, *client, "tcp")
    return flows


def segments(text: str, *, first_frame: int = 1) -> Packets:
    """The segments of *text*, in frames from *first_frame* on."""
    rows = [line.split() for line in text.strip().splitlines()]
    count = len(rows)
    length = np.array([int(row[4]) if len(row) > 4 else 0 for row in rows], np.int32)
    return Packets(
        buffer=np.zeros(4096, np.uint8),
        frame=np.arange(first_frame, first_frame + count),
        time=np.array([round(float(row[0]) * 1e9) for row in rows], np.int64),
        flow=np.array([row[1] == "s" for row in rows], np.int32),
        start=np.zeros(count, np.int64),
        length=length,
        wire_length=length,
        ttl=np.full(count, 64, np.uint8),
        dscp=np.zeros(count, np.uint8),
        duplicate=np.array(["D" in row[2] for row in rows], np.bool_),
        sequence=np.array([int(row[3]) & 0xFFFFFFFF for row in rows], np.uint32),
        flags=np.array([sum(FLAGS[letter] for letter in row[2]) for row in rows], np.uint8),
    )


def connections(
    *texts: str,
    flows: Flows | None = None,
    errors: tuple[Unreachable, ...] = (),
    carried: tuple[tuple[int, int, str], ...] = (),
) -> list[Connection]:
    """The connections of the segments in *texts*, each of which is a chunk of the capture."""
    flows = flows or both_ways()
    counters = ConnectionCounters(flows)
    frame = 1
    for text in texts:
        packets = segments(text, first_frame=frame)
        counters.add(packets)
        frame += len(packets)
    return list(connection_table.build("x.pcap", flows, counters.records, carried, errors))
