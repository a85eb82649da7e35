"""Tables that are filled row by row."""

from collections.abc import Mapping
from typing import Any, Generic, TypeVar

import numpy as np

from collabtrace.columns import Column, Kind, Table, kinds, store

Record = TypeVar("Record")

AT_ONCE = 4096
"""Rows that are turned into columns at once: many for speed, few for memory."""


class Growing:
    """Columns that grow row by row; numbers do not stay Python objects."""

    def __init__(self, kinds: Mapping[str, Kind]) -> None:
        """Begin without rows: *kinds* says how each column is stored."""
        self._kinds = kinds
        self._texts: dict[str, list[Any]] = {name: [] for name, kind in kinds.items() if kind.dtype is None}
        self._numbers = {name: [store([], kind)] for name, kind in kinds.items() if kind.dtype is not None}
        self._waiting: list[tuple[Any, ...]] = []

    def add(self, *values: Any) -> None:
        """Add a row: the value of every column, in order."""
        self._waiting.append(values)
        if len(self._waiting) >= AT_ONCE:
            self._turn()

    def columns(self) -> dict[str, Column]:
        """The columns of the rows so far; nothing can be added afterwards."""
        self._turn()
        texts, numbers = self._texts, self._numbers
        return {name: texts[name] if name in texts else np.concatenate(numbers.pop(name)) for name in self._kinds}

    def _turn(self) -> None:
        for (name, kind), values in zip(self._kinds.items(), zip(*self._waiting, strict=True), strict=False):
            if kind.dtype is None:
                self._texts[name].extend(values)
            else:
                self._numbers[name].append(store(values, kind))
        self._waiting.clear()


class Rows(Growing, Generic[Record]):
    """The rows of a table of *record* while it grows."""

    def __init__(self, record: type[Record]) -> None:
        super().__init__(kinds(record))
        self._record = record

    def table(self) -> Table[Record]:
        """The table of the rows; nothing can be added afterwards."""
        return Table(self._record, self.columns())
