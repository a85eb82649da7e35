"""Tables that are filled row by row."""

from typing import Any, Generic, TypeVar

from collabtrace.columns import Table

Record = TypeVar("Record")

AT_ONCE = 4096
"""Rows that are turned into columns at once: many for speed, few for memory."""


class Rows(Generic[Record]):
    """The rows of a table of *record* while it grows."""

    def __init__(self, record: type[Record]) -> None:
        self._record = record
        self._columns: dict[str, list[Any]] = {name: [] for name in Table.empty(record).columns}
        self._waiting: list[tuple[Any, ...]] = []

    def add(self, *values: Any) -> None:
        """Add a row: the value of every column, in the order of the table."""
        self._waiting.append(values)
        if len(self._waiting) >= AT_ONCE:
            self._turn()

    def table(self) -> Table[Record]:
        """The table of the rows so far."""
        self._turn()
        return Table(self._record, self._columns)

    def _turn(self) -> None:
        for column, values in zip(self._columns.values(), zip(*self._waiting, strict=True), strict=False):
            column.extend(values)
        self._waiting.clear()
