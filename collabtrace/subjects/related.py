"""Which rows of the tables of a case belong together, each grouping made when it is first asked for."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TypeVar

from collabtrace.sessions.case import Case
from collabtrace.sessions.products import product
from collabtrace.subjects import key_subscription
from collabtrace.subjects.key_subscription import KeySubscription

Key = TypeVar("Key", bound=Hashable)

NONE: Sequence[int] = ()
"""No row at all."""


class Related:
    """The rows of each table by the record that they belong to."""

    def __init__(self, case: Case) -> None:
        self.case = case

    @cached_property
    def lines_of_leg(self) -> Mapping[int, Sequence[int]]:
        """Rows of ``media`` by the row of their dialog, round by round."""
        return _grouped(self.case.media.values("dialog_row"))

    @cached_property
    def streams_of_line(self) -> Mapping[int, Sequence[int]]:
        """Rows of ``streams`` by the row of their m-line."""
        return _grouped(self.case.streams.values("media_row"))

    @cached_property
    def floors_of_line(self) -> Mapping[int, Sequence[int]]:
        """Rows of ``floors`` by the row of their m-line."""
        return _grouped(self.case.floors.values("media_row"))

    @cached_property
    def digits_of_call_id(self) -> Mapping[str, Sequence[int]]:
        """Rows of ``digits`` by Call-ID."""
        return _grouped(self.case.digits.values("call_id"))

    @cached_property
    def key_subscriptions(self) -> Mapping[str, Sequence[KeySubscription]]:
        """The subscriptions to key presses by the Call-ID of the call that they are about."""
        return key_subscription.by_call_id(self.case, self.calls_of_id)

    @cached_property
    def transactions_of_leg(self) -> Mapping[tuple[str, str], Sequence[int]]:
        """Rows of ``transactions`` by file and Call-ID."""
        table = self.case.transactions
        return _grouped(zip(table.values("file"), table.values("call_id"), strict=True))

    @cached_property
    def products(self) -> frozenset[str]:
        """The products that any header of the case names; whose header it is only ``machines`` tells."""
        agents = set(self.case.messages.columns["user_agent"])
        return frozenset(known for agent in agents if agent and (known := product(agent)))

    @cached_property
    def machines(self) -> Mapping[str, frozenset[str]]:
        """The addresses of the machines of each product (``hosts.kind``)."""
        hosts = self.case.hosts
        found = _grouped(hosts.values("kind"))
        addresses = hosts.values("address")
        return {kind: frozenset(addresses[row] for row in rows) for kind, rows in found.items()}

    @cached_property
    def calls_of_end(self) -> Mapping[str, Sequence[int]]:
        """Rows of ``calls`` by the address of each end of their legs."""
        dialogs, calls = self.case.dialogs, self.case.calls.values("dialog_rows")
        callers, callees = dialogs.columns["caller"], dialogs.columns["callee"]
        found: defaultdict[str, list[int]] = defaultdict(list)
        for row, legs in enumerate(calls):
            for address in {end[leg] for leg in legs for end in (callers, callees)}:
                found[address].append(row)
        return dict(found)

    @cached_property
    def calls_of_id(self) -> Mapping[str, int]:
        """Rows of ``calls`` by the Call-ID of any leg."""
        ids = self.case.calls.values("call_ids")
        return {call_id: row for row, legs in enumerate(ids) for call_id in legs}


def _grouped(keys: Iterable[Key | None]) -> Mapping[Key, Sequence[int]]:
    found: defaultdict[Key, list[int]] = defaultdict(list)
    for row, key in enumerate(keys):
        if key is not None:
            found[key].append(row)
    return dict(found)
