"""What each capture could show of each machine: the place of the capture, its time, its holes, what was closed to it.

An absence tells something only where the thing could have been seen, so this is asked before anything is concluded
from one. A machine whose packets come with the TTL that systems send with is on the capture's own link, or is the
capturing machine itself; a capture elsewhere on the path may miss packets that took another way.
"""

from collections import Counter, defaultdict

from collabtrace.columns import Table
from collabtrace.schema import Capture, Flow, Vantage
from collabtrace.sessions.hosts import hops
from collabtrace.sessions.rows import Rows

SEALED = frozenset({"tls", "dtls"})
"""Protocols whose content a capture cannot show."""

Place = tuple[str, str]
"""File and address."""


def build(captures: Table[Capture], flows: Table[Flow]) -> Table[Vantage]:
    """A row for each machine of each file that sent or received a packet."""
    sent: Counter[Place] = Counter()
    received: Counter[Place] = Counter()
    ttls: defaultdict[Place, Counter[int]] = defaultdict(Counter)
    sealed: defaultdict[Place, set[int]] = defaultdict(set)
    names = ("file", "source", "source_port", "target", "target_port", "packets", "ttl", "protocol")
    for file, source, source_port, target, target_port, packets, ttl, protocol in zip(
        *map(flows.values, names), strict=True
    ):
        sent[file, source] += packets
        received[file, target] += packets
        ttls[file, source][ttl] += packets
        if protocol in SEALED:
            # The lower of two ports is the one that a server is known by.
            port = min(source_port, target_port)
            sealed[file, source].add(port)
            sealed[file, target].add(port)
    files = {capture.file: capture for capture in captures}
    rows = Rows(Vantage)
    for file, address in dict.fromkeys((*sent, *received)):
        place, capture = (file, address), files[file]
        usual = ttls[place].most_common(1)
        rows.add(
            file,
            address,
            hops(usual[0][0]) if usual and usual[0][0] else None,
            sent[place],
            received[place],
            capture.first,
            capture.last,
            capture.truncated,
            capture.dropped,
            capture.snapped,
            tuple(sorted(sealed[place])),
        )
    return rows.table()
