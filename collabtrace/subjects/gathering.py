"""All subjects of a case, kind by kind; each is made when it is its turn, and not kept."""

from collections import defaultdict
from collections.abc import Iterator

from collabtrace.subjects.call import Call
from collabtrace.subjects.conference import Conference
from collabtrace.subjects.pair import Pair
from collabtrace.subjects.recording import Recording
from collabtrace.subjects.related import Related
from collabtrace.subjects.rtp_stream import RtpStream
from collabtrace.subjects.tls_peers import TlsPeers

OUTSIDE = frozenset({"OPTIONS", "REGISTER", "MESSAGE", "PUBLISH", "SUBSCRIBE", "NOTIFY", "SERVICE"})
"""Methods that machines ask each other without a call."""


def calls(related: Related) -> Iterator[Call]:
    """Every call."""
    return (Call(related, row) for row in range(len(related.case.calls)))


def conferences(related: Related) -> Iterator[Conference]:
    """Every ad hoc conference."""
    return (Conference(related, row) for row in range(len(related.case.conferences)))


def rtp_streams(related: Related) -> Iterator[RtpStream]:
    """Every RTP stream, also those of no call."""
    return (RtpStream(related, row) for row in range(len(related.case.streams)))


def recordings(related: Related) -> Iterator[Recording]:
    """Every capture file."""
    return (Recording(related, row) for row in range(len(related.case.captures)))


def pairs(related: Related) -> Iterator[Pair]:
    """Every two machines of which one asked the other something outside of calls."""
    table = related.case.transactions
    in_calls = related.calls_of_id
    found: defaultdict[tuple[str, str, str], list[int]] = defaultdict(list)
    names = ("method", "call_id", "file", "source", "target")
    for row, (method, call_id, *ends) in enumerate(zip(*map(table.values, names), strict=True)):
        if method in OUTSIDE and call_id not in in_calls:
            file, source, target = ends
            found[file, source, target].append(row)
    return (Pair(related, *ends, tuple(rows)) for ends, rows in found.items())


def tls_peers(related: Related) -> Iterator[TlsPeers]:
    """Every machine and the port of another with which it shook hands by TLS over TCP."""
    table = related.case.handshakes
    found: defaultdict[tuple[str, str, str, int], list[int]] = defaultdict(list)
    names = ("transport", "file", "client", "server", "server_port")
    for row, (transport, *peers) in enumerate(zip(*map(table.values, names), strict=True)):
        if transport == "tcp":
            file, client, server, port = peers
            found[file, client, server, port].append(row)
    return (TlsPeers(related, *peers, tuple(rows)) for peers, rows in found.items())
