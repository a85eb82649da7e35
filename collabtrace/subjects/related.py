"""Which rows of the tables of a case belong together, each grouping made when it is first asked for."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TypeVar

from collabtrace.sessions.case import Case

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
    def floor_transactions_of_line(self) -> Mapping[int, Sequence[int]]:
        """Rows of ``floor_transactions`` by the row of their m-line."""
        return _grouped(self.case.floor_transactions.values("media_row"))

    @cached_property
    def floor_control(self) -> frozenset[int]:
        """Rows of ``dialogs`` in which any description has a BFCP m-line."""
        protocols, legs = self.case.media.values("protocol"), self.case.media.values("dialog_row")
        return frozenset(leg for leg, name in zip(legs, protocols, strict=True) if name.upper().endswith("BFCP"))

    @cached_property
    def flows_between(self) -> Mapping[frozenset[tuple[str, int]], Sequence[int]]:
        """Rows of ``flows`` over UDP by their two ends."""
        names = ("source", "source_port", "target", "target_port", "transport")
        ends = zip(*map(self.case.flows.values, names), strict=True)
        return _grouped(
            frozenset(((source, source_port), (target, target_port))) if transport == "udp" else None
            for source, source_port, target, target_port, transport in ends
        )

    @cached_property
    def connections_to(self) -> Mapping[tuple[str, int], Sequence[int]]:
        """Rows of ``connections`` by address and port of their server."""
        table = self.case.connections
        return _grouped(zip(table.values("server"), table.values("server_port"), strict=True))

    @cached_property
    def unreachables_of(self) -> Mapping[tuple[str, int], Sequence[int]]:
        """Rows of ``unreachables`` by the address and port that the packet in question went to."""
        table = self.case.unreachables
        return _grouped(zip(table.values("quoted_target"), table.values("quoted_target_port"), strict=True))

    @cached_property
    def transactions_of_leg(self) -> Mapping[tuple[str, str], Sequence[int]]:
        """Rows of ``transactions`` by file and Call-ID."""
        table = self.case.transactions
        return _grouped(zip(table.values("file"), table.values("call_id"), strict=True))

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
