"""A floor control channel of a call: two endpoints that BFCP m-lines agreed on, and what went between them (RFC 8856).

The legs of a B2BUA that lets media pass by, several captures, and rounds that change nothing all name the same two
endpoints: that is one channel. A round that changes a port, or a machine that media flows through, makes another.
"""

from functools import cached_property
from typing import NamedTuple

from collabtrace.protocols.sdp.floor_roles import CLIENT, SERVER
from collabtrace.schema import Connection, Evidence, Floor, FloorTransaction, Flow, Unreachable
from collabtrace.sessions.negotiated import EARLY, canonical
from collabtrace.sessions.undelivered import undelivered
from collabtrace.subjects.channel_view import View
from collabtrace.subjects.line import Line
from collabtrace.subjects.related import NONE, Related

REFRESH_SECONDS = 2.0
"""Between two rounds of one leg that agree on the same, and between the legs of one call: that is no interruption."""

DISCARD = 9
"""The port that a side names which only opens connections (RFC 4145 §4.1)."""


class Endpoint(NamedTuple):
    """Where one side of a channel listens."""

    address: str
    port: int

    def __str__(self) -> str:
        return f"[{self.address}]:{self.port}" if ":" in self.address else f"{self.address}:{self.port}"


class Channel:
    """A channel and what passed on it in all captures, while it was in force."""

    def __init__(self, related: Related, lines: tuple[Line, ...]) -> None:
        self._related = related
        self.lines = lines
        """The agreed m-lines that name its endpoints, in the order of time."""
        awake = [line for line in lines if not line.is_held]
        self.line = awake[-1] if awake else lines[-1]
        """The latest of them that was not on hold."""

    def __repr__(self) -> str:
        return f"<Channel {self.line.record.protocol} {self.offerer} {self.answerer}>"

    @cached_property
    def offerer(self) -> Endpoint:
        """Where the offerer of the latest round listens."""
        return _end(self.line.record.offer_address, self.line.record.offer_port)

    @cached_property
    def answerer(self) -> Endpoint:
        """Where its answerer listens."""
        return _end(self.line.record.answer_address, self.line.record.answer_port)

    @staticmethod
    def end_of(line: Line, *, by_caller: bool) -> Endpoint:
        """Where one side of the leg listens by one of the m-lines."""
        said = line.record
        if line.offered_by_caller == by_caller:
            return _end(said.offer_address, said.offer_port)
        return _end(said.answer_address, said.answer_port)

    @property
    def roles(self) -> tuple[str, str]:
        """What offerer and answerer act as: ``client``, ``server``, ``both`` (``protocols.sdp.floor_roles``)."""
        offerer, _, answerer = (self.line.record.floor_roles or "both/both").partition("/")
        return offerer, answerer

    @property
    def client(self) -> Endpoint | None:
        """Who asks; None where the roles are open or both sides have the same."""
        return {(CLIENT, SERVER): self.offerer, (SERVER, CLIENT): self.answerer}.get(self.roles)

    @property
    def server(self) -> Endpoint | None:
        """Who is asked; None where the roles are open or both sides have the same."""
        return {(CLIENT, SERVER): self.answerer, (SERVER, CLIENT): self.offerer}.get(self.roles)

    def peer(self, end: Endpoint) -> Endpoint:
        """The endpoint of the other side."""
        return self.offerer if end == self.answerer else self.answerer

    def is_from(self, sent: Floor | FloorTransaction, end: Endpoint) -> bool:
        """Whether one of its ends sent something; over TCP a client has a port of its own choice."""
        return sent.source == end.address and (self.is_reliable or sent.source_port == end.port)

    @cached_property
    def call_ids(self) -> frozenset[str]:
        """The Call-IDs of the legs that agreed on it."""
        return frozenset(line.leg.call_id for line in self.lines)

    @property
    def is_reliable(self) -> bool:
        """Whether it runs over TCP."""
        return self.line.record.protocol.upper().startswith("TCP/")

    @property
    def is_encrypted(self) -> bool:
        """Whether it runs over TLS or DTLS, where a capture cannot show what is said."""
        return "TLS/" in self.line.record.protocol.upper()

    @property
    def chooses_pair(self) -> bool:
        """Whether ICE was agreed, so that other endpoints than those of the m-lines may be in use."""
        return any(line.record.ice for line in self.lines)

    @cached_property
    def agreement(self) -> tuple[Evidence, ...]:
        """The frames of the latest offer and answer."""
        line = self.line.record
        sides = zip(
            ("offers", "answers"), (self.line.offer, self.line.answer), (self.offerer, self.answerer), strict=True
        )
        roles = (line.floorctrl or "-/-").split("/")
        return tuple(
            Evidence(side.message.file, side.frame, f"{verb} {line.protocol} at {end}, floorctrl {role}")
            for (verb, side, end), role in zip(sides, roles, strict=True)
            if side is not None
        )

    @property
    def display_filter(self) -> str | None:
        """Shows what passes on it, and ICMP about that; None where nothing was captured of it."""
        if not (self.floors or self.flows or self.connections or self.errors):
            return None
        transport = "tcp" if self.is_reliable else "udp"
        seen = [((each.source, each.source_port), (each.target, each.target_port)) for each in self.floors[:1]]
        ends = [Endpoint(*end) for end in seen[0]] if seen else [self.offerer, self.answerer]
        ports = sorted({each.port for each in ends if each.port != DISCARD})
        hosts = " && ".join(f"{'ipv6' if ':' in each.address else 'ip'}.addr == {each.address}" for each in ends)
        return f"{transport}.port in {{{', '.join(map(str, ports))}}} && {hosts}"

    def is_awake(self, time: float) -> bool:
        """Whether it was in force then and not on hold."""
        return any(begin - EARLY <= time <= end for begin, end in self.spells)

    @cached_property
    def spells(self) -> tuple[tuple[float, float], ...]:
        """When it was in force and not on hold: begin and end of each time without interruption."""
        merged: list[tuple[float, float]] = []
        for begin, end in sorted((line.begin or 0.0, line.end) for line in self.lines if not line.is_held):
            if merged and begin <= merged[-1][1] + REFRESH_SECONDS:
                merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
            else:
                merged.append((begin, end))
        return tuple(merged)

    @property
    def spell(self) -> tuple[float, float]:
        """The longest of these."""
        return max(self.spells, key=lambda spell: spell[1] - spell[0], default=(self.begin, self.begin))

    @cached_property
    def begin(self) -> float:
        """When it was first agreed."""
        return min(line.begin or 0.0 for line in self.lines)

    @cached_property
    def end(self) -> float:
        """When the last round that agreed on it was over."""
        return max(line.end for line in self.lines)

    @property
    def began_before(self) -> bool:
        """Whether captures began in the middle of every leg that agreed on it, and may lack its beginning."""
        return all(line.leg.began_before for line in self.lines)

    @cached_property
    def _opened(self) -> float:
        """Since when its endpoints may be used: what is sent may overtake the answer (RFC 3264 §5.1)."""
        return min(line.record.offer_time or line.begin or 0.0 for line in self.lines) - EARLY

    def _during(self, first: float, last: float) -> bool:
        """Whether what began and ended then was there while it was in force."""
        return first <= self.end + EARLY and last >= self._opened

    @cached_property
    def floors(self) -> tuple[Floor, ...]:
        """Its messages in all captures, in the order of time."""
        rows = {row for line in self.lines for row in self._related.floors_of_line.get(line.row, NONE)}
        found = (self._related.case.floors[row] for row in sorted(rows))
        kept = (each for each in found if self._during(each.time_epoch, each.time_epoch))
        return tuple(sorted(kept, key=lambda each: each.time_epoch))

    @cached_property
    def transactions(self) -> tuple[FloorTransaction, ...]:
        """What was asked on it and what was answered, as each capture shows it, in the order of time."""
        rows = {row for line in self.lines for row in self._related.floor_transactions_of_line.get(line.row, NONE)}
        found = (self._related.case.floor_transactions[row] for row in sorted(rows))
        kept = (each for each in found if self._during(each.started, each.last_sent))
        return tuple(sorted(kept, key=lambda each: each.started))

    @cached_property
    def views(self) -> tuple[View, ...]:
        """The same, capture by capture."""
        files = dict.fromkeys(each.file for each in self.transactions)
        table = self._related.case.floors
        return tuple(View(file, [each for each in self.transactions if each.file == file], table) for file in files)

    @cached_property
    def flows(self) -> tuple[Flow, ...]:
        """The flows between its endpoints, whatever they carry, both ways and in all captures; none over TCP."""
        rows = self._related.flows_between.get(frozenset((self.offerer, self.answerer)), NONE)
        found = map(self._related.case.flows.__getitem__, rows)
        return tuple(each for each in found if self._during(each.first, each.last))

    @cached_property
    def connections(self) -> tuple[Connection, ...]:
        """The TCP connections from one side to the endpoint of the other, in all captures."""
        found = [
            connection
            for end in (self.offerer, self.answerer)
            for connection in map(
                self._related.case.connections.__getitem__, self._related.connections_to.get(end, NONE)
            )
            if connection.client == self.peer(end).address and self._during(connection.first, connection.last)
        ]
        return tuple(sorted(found, key=lambda each: each.first))

    @cached_property
    def errors(self) -> tuple[Unreachable, ...]:
        """The ICMP errors that say that a packet to one of its endpoints did not arrive, in the order of time."""
        found = [
            error
            for end in (self.offerer, self.answerer)
            for error in map(self._related.case.unreachables.__getitem__, self._related.unreachables_of.get(end, NONE))
            if undelivered(error.quoted_source, error.type, error.code)
            and self._is_of(error, self.peer(end))
            and self._during(error.time_epoch, error.time_epoch)
        ]
        return tuple(sorted(found, key=lambda each: each.time_epoch))

    @staticmethod
    def _is_of(error: Unreachable, sender: Endpoint) -> bool:
        """Whether it speaks of a packet of *sender*, whose address a NAT may have changed, but hardly its port too."""
        return error.quoted_source == sender.address or error.quoted_source_port == sender.port


def _end(address: str | None, port: int | None) -> Endpoint:
    return Endpoint(canonical(address or ""), port or 0)
