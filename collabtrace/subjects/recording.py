"""One capture file as a subject: what was recorded, whatever call it belongs to."""

from collections.abc import Collection, Mapping
from functools import cached_property

import numpy as np

from collabtrace.columns import MISSING
from collabtrace.schema import Capture, Connection, Interface, Partial
from collabtrace.sessions.case import Case
from collabtrace.subjects.exchange import Exchange
from collabtrace.subjects.message import SipMessage
from collabtrace.subjects.related import NONE, Related


class Recording:
    """A capture file and what belongs to no call alone."""

    def __init__(self, related: Related, row: int) -> None:
        self._related = related
        self.row = row
        """In the table ``captures``."""
        self.record: Capture = related.case.captures[row]
        self._answered: dict[tuple[str, str, int], Exchange | None] = {}

    def __repr__(self) -> str:
        return f"<Recording {self.file}, {self.record.packets} packets>"

    @property
    def case(self) -> Case:
        """The case that it is in."""
        return self._related.case

    @property
    def file(self) -> str:
        """Its name."""
        return self.record.file

    @cached_property
    def interfaces(self) -> tuple[Interface, ...]:
        """The interfaces that captured it."""
        return tuple(each for each in self.case.interfaces if each.file == self.file)

    @cached_property
    def agents(self) -> Mapping[str, SipMessage]:
        """Every User-Agent or Server header in it, with the first message that has it."""
        table = self.case.messages
        first: dict[str, int] = {}
        for row, (file, agent) in enumerate(zip(table.columns["file"], table.columns["user_agent"], strict=True)):
            if file == self.file and agent is not None:
                first.setdefault(agent, row)
        return {agent: SipMessage(self.case, row) for agent, row in first.items()}

    def connections_to(self, servers: Collection[str], port: int) -> tuple[Connection, ...]:
        """The TCP connections to a port of some machines."""
        table = self.case.connections
        ends = zip(table.columns["file"], table.columns["server"], table.values("server_port"), strict=True)
        rows = [row for row, (file, server, at) in enumerate(ends) if at == port and file == self.file]
        return tuple(table[row] for row in rows if table.columns["server"][row] in servers)

    @cached_property
    def partials(self) -> tuple[Partial, ...]:
        """Its IP packets that lack fragments."""
        return tuple(each for each in self.case.partials if each.file == self.file)

    @cached_property
    def unanswered(self) -> tuple[Exchange, ...]:
        """Its transactions whose request was captured and had no response at all."""
        table = self.case.transactions
        silent = (table.numbers("status") == MISSING) & np.isnan(table.numbers("first_provisional"))
        rows = np.flatnonzero(silent & (table.numbers("request_row") != MISSING)).tolist()
        file = table.columns["file"]
        return tuple(Exchange(self._related, row) for row in rows if file[row] == self.file)

    def answered(self, client: str, server: str, most: int) -> Exchange | None:
        """The first request of at most so many bytes that one machine answered another, in calls and outside."""
        asked = (client, server, most)
        # There are many requests between the same two machines, and each of them may ask.
        if asked not in self._answered:
            rows = self._related.transactions_between.get((self.file, client, server), NONE)
            self._answered[asked] = next((each for row in rows if (each := self._within(row, most))), None)
        return self._answered[asked]

    def _within(self, row: int, most: int) -> Exchange | None:
        exchange = Exchange(self._related, row)
        if exchange.status is None or exchange.request is None:
            return None
        return exchange if exchange.request.record.size <= most else None

    def legs_of(self, call_id: str) -> tuple[str, ...]:
        """The Call-IDs of all legs of the call with that one; itself where it belongs to no call."""
        row = self._related.calls_of_id.get(call_id)
        return (call_id,) if row is None else self.case.calls[row].call_ids
