"""What one capture shows of the requests of a floor control channel, and whether they were answered (RFC 8855 §8)."""

from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise

from collabtrace.columns import Table
from collabtrace.schema import Floor, FloorTransaction

ASKING = frozenset(
    {"Hello", "FloorRequest", "FloorRelease", "FloorRequestQuery", "UserQuery", "FloorQuery", "ChairAction"}
)
"""Requests of clients, which every server answers; what a server tells unasked was not acknowledged before RFC 8855,
and a Goodbye may be the last word."""
DOUBLING = (1.4, 2.8)
"""By how much the wait between transmissions grows: it doubles (RFC 8855 §8.3.1), give or take."""
HURRY = 1.5
"""Seconds between two Hellos of an endpoint that is not content with the answer: to keep a channel alive, none is so
quick."""
VAIN_REPEATS = 2
"""Transmissions after a response by which it did not reach its client; a single one may cross it on a slow path."""


class View:
    """The transactions of a channel as one capture shows them."""

    def __init__(self, file: str, transactions: Sequence[FloorTransaction], floors: Table[Floor]) -> None:
        self.file = file
        self.transactions = tuple(transactions)
        """In the order of time, those that a server began among them."""
        self._floors = floors

    def __repr__(self) -> str:
        return f"<View of {len(self.transactions)} transactions in {self.file}>"

    def requests(self, transaction: FloorTransaction) -> tuple[Floor, ...]:
        """The transmissions of a request."""
        return tuple(map(self._floors.__getitem__, transaction.request_rows))

    def responses(self, transaction: FloorTransaction) -> tuple[Floor, ...]:
        """The responses to it."""
        return tuple(map(self._floors.__getitem__, transaction.answer_rows))

    @cached_property
    def asked(self) -> tuple[FloorTransaction, ...]:
        """What clients asked."""
        return tuple(each for each in self.transactions if each.name in ASKING)

    @cached_property
    def in_vain(self) -> tuple[FloorTransaction, ...]:
        """What was answered, and yet sent again and again, as if nothing had been heard."""
        return tuple(each for each in self.asked if self._is_in_vain(each))

    @cached_property
    def answered(self) -> tuple[FloorTransaction, ...]:
        """What was answered to the satisfaction of who asked."""
        vain = {id(each) for each in self.in_vain}
        return tuple(each for each in self.transactions if each.answered is not None and id(each) not in vain)

    @cached_property
    def unanswered(self) -> tuple[FloorTransaction, ...]:
        """What clients asked without any response."""
        return tuple(each for each in self.asked if each.answered is None)

    def _is_in_vain(self, each: FloorTransaction) -> bool:
        answered = each.answered
        if answered is None or len(each.request_rows) <= VAIN_REPEATS:
            return False
        times = [request.time_epoch for request in self.requests(each)]
        waits = [after - before for before, after in pairwise(times)]
        growing = all(DOUBLING[0] * one <= other <= DOUBLING[1] * one for one, other in pairwise(waits))
        hurried = all(wait <= HURRY for wait in waits)
        return (growing or hurried) and sum(time > answered for time in times) >= VAIN_REPEATS
