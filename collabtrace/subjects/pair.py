"""Two machines that exchange requests outside of calls: a trunk with its keep-alives, a phone and its registrar."""

from functools import cached_property

from collabtrace.schema import Transaction
from collabtrace.sessions.case import Case
from collabtrace.subjects.exchange import Exchange
from collabtrace.subjects.related import Related


class Pair:
    """A client and a server in one capture, and what the one asked the other outside of calls."""

    def __init__(self, related: Related, file: str, client: str, server: str, rows: tuple[int, ...]) -> None:
        self._related = related
        self._rows = rows
        self.file = file
        self.client = client
        """Address of the machine that asks."""
        self.server = server
        """Address of the machine that is asked."""

    def __repr__(self) -> str:
        return f"<Pair {self.client} to {self.server} in {self.file}, {len(self._rows)} transactions>"

    @property
    def case(self) -> Case:
        """The case that it is in."""
        return self._related.case

    @cached_property
    def transactions(self) -> tuple[Transaction, ...]:
        """Its transactions outside of calls (OPTIONS, REGISTER, MESSAGE …) in the order of time."""
        return tuple(map(self._related.case.transactions.__getitem__, self._rows))

    @cached_property
    def exchanges(self) -> tuple[Exchange, ...]:
        """The same, with their messages."""
        return tuple(Exchange(self._related, row) for row in self._rows)
