"""A client and a port of a server that speak TLS to each other, in one capture."""

from functools import cached_property

from collabtrace.schema import Connection, Handshake
from collabtrace.sessions.case import Case
from collabtrace.subjects.related import NONE, Related

SAME_SECONDS = 60.0
"""Seconds by which the clocks of two captures differ at most; ports are not used again so soon."""


class TlsPeers:
    """All TLS handshakes over TCP of one machine with one port of another."""

    def __init__(self, related: Related, file: str, client: str, server: str, port: int, rows: tuple[int, ...]) -> None:
        self._related = related
        self._rows = rows
        self.file = file
        self.client = client
        """Address of the machine that opens the connections."""
        self.server = server
        self.port = port
        """Of the server."""

    def __repr__(self) -> str:
        return f"<TlsPeers {self.client} to {self.server}:{self.port} in {self.file}, {len(self._rows)} handshakes>"

    @property
    def case(self) -> Case:
        """The case that it is in."""
        return self._related.case

    @cached_property
    def handshakes(self) -> tuple[Handshake, ...]:
        """The handshakes in the order of time."""
        return tuple(map(self.case.handshakes.__getitem__, self._rows))

    def connection(self, handshake: Handshake) -> Connection | None:
        """The TCP connection of a handshake."""
        row = handshake.connection_row
        return None if row is None else self.case.connections[row]

    def is_sip(self, address: str) -> bool:
        """Whether a machine sends or receives SIP anywhere in the case."""
        return address in self._related.sip_machines

    def twins(self, handshake: Handshake) -> tuple[Handshake, ...]:
        """The same handshake in other captures."""
        ends = (handshake.client, handshake.client_port, handshake.server, handshake.server_port)
        rows = self._related.handshakes_between.get(ends, NONE)
        found = map(self.case.handshakes.__getitem__, rows)
        return tuple(each for each in found if each.file != self.file and _near(each, handshake))


def _near(one: Handshake, other: Handshake) -> bool:
    return abs(one.started - other.started) <= SAME_SECONDS
