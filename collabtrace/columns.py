"""Tables as columns: numpy arrays for numbers, lists of shared strings for text.

A table is declared in ``schema.py`` as a frozen dataclass: field = column, annotation = type.
``Table`` holds its rows column by column, gives typed records one at a time when someone looks
at them, and a pandas frame at the door. pandas is imported only when a frame is asked for.

=================  =============  ============
annotation         column         missing
=================  =============  ============
``int``            int64 array    not possible
``int | None``     int64 array    ``MISSING``
``float``          float64 array  not possible
``float | None``   float64 array  NaN
``bool``           bool array     not possible
anything else      list           ``None``
=================  =============  ============
"""

import math
import typing
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

MISSING = int(np.iinfo(np.int64).min)
"""Stands for a missing number in an ``int | None`` column; records show ``None``, frames ``<NA>``."""

RECENT = 256
"""Records that a table keeps: one view after another asks for those of the same call."""

Column: TypeAlias = NDArray[Any] | list[Any]
Record = TypeVar("Record")


class Kind(typing.NamedTuple):
    """How one column is stored."""

    dtype: np.dtype[Any] | None
    """The numpy type, or None for a list."""
    optional: bool
    """Whether values may be missing."""


_KINDS: dict[type[Any], dict[str, Kind]] = {}


def kinds(record: type[Any]) -> Mapping[str, Kind]:
    """How each column of the table of *record* is stored, by name and in order."""
    if record not in _KINDS:
        hints = typing.get_type_hints(record)
        _KINDS[record] = {field.name: _kind(hints[field.name]) for field in fields(record)}
    return _KINDS[record]


def _kind(hint: Any) -> Kind:
    choices = set(typing.get_args(hint)) or {hint}
    optional = type(None) in choices
    for plain in (bool, int, float):
        if choices - {type(None)} == {plain}:
            return Kind(np.dtype(plain), optional)
    return Kind(None, optional)


class Table(Generic[Record]):
    """The rows of one table, held as columns of equal length."""

    __slots__ = ("_optional", "_recent", "_views", "columns", "record")

    def __init__(self, record: type[Record], columns: Mapping[str, Column | Sequence[Any]]) -> None:
        """Hold *columns*, one for each field of *record*; plain sequences are converted."""
        expected = kinds(record)
        if set(expected) != set(columns):
            raise TypeError(f"{record.__name__} has the columns {sorted(expected)}, not {sorted(columns)}")
        self.record = record
        self.columns: dict[str, Column] = {name: store(columns[name], kind) for name, kind in expected.items()}
        if len({len(column) for column in self.columns.values()}) > 1:
            raise ValueError(f"the columns of {record.__name__} differ in length")
        self._recent: dict[int, Record] = {}
        # Reading one value from a memoryview gives a plain number, several times as fast as from the array.
        self._views = [column if isinstance(column, list) else column.data for column in self.columns.values()]
        self._optional = [place for place, kind in enumerate(expected.values()) if kind.optional and kind.dtype]

    @classmethod
    def empty(cls, record: type[Record]) -> "Table[Record]":
        """A table without rows."""
        return cls(record, {name: [] for name in kinds(record)})

    @classmethod
    def of(cls, record: type[Record], rows: Iterable[Record]) -> "Table[Record]":
        """A table of records that exist already (tests and small tables)."""
        listed = list(rows)
        return cls(record, {name: [getattr(row, name) for row in listed] for name in kinds(record)})

    def __len__(self) -> int:
        return len(self._views[0])

    def __getitem__(self, row: int) -> Record:
        made = self._recent.get(row)
        if made is None:
            if not -len(self) <= row < len(self):
                raise IndexError(f"row {row} of {len(self)}")
            values = [view[row] for view in self._views]
            for place in self._optional:
                value = values[place]
                if value == MISSING or value != value:
                    values[place] = None
            made = self.record(*values)
            if len(self._recent) >= RECENT:
                self._recent.clear()
            self._recent[row] = made
        return made

    def __iter__(self) -> Iterator[Record]:
        return map(self.__getitem__, range(len(self)))

    def __repr__(self) -> str:
        return f"<Table {self.record.__name__}: {len(self)} rows>"

    def numbers(self, name: str) -> NDArray[Any]:
        """The column *name* as a numpy array; a TypeError for a text column."""
        column = self.columns[name]
        if isinstance(column, list):
            raise TypeError(f"{self.record.__name__}.{name} is not a column of numbers")
        return column

    def values(self, name: str) -> list[Any]:
        """The column *name* as plain Python values, missing ones ``None``."""
        column, kind = self.columns[name], kinds(self.record)[name]
        if isinstance(column, list):
            return column
        plain: list[Any] = column.tolist()
        if not kind.optional:
            return plain
        if column.dtype.kind == "f":
            return [None if math.isnan(value) else value for value in plain]
        return [None if value == MISSING else value for value in plain]

    def take(self, rows: Sequence[int] | NDArray[np.integer[Any]]) -> "Table[Record]":
        """The table of the given rows, in the order given."""
        index = np.asarray(rows, dtype=np.int64)
        positions = index.tolist()
        return Table(
            self.record,
            {
                name: [column[i] for i in positions] if isinstance(column, list) else column[index]
                for name, column in self.columns.items()
            },
        )

    def replace(self, **columns: Column | Sequence[Any]) -> "Table[Record]":
        """The same table with some columns exchanged."""
        return Table(self.record, {**self.columns, **columns})

    def frame(self) -> "pd.DataFrame":
        """The table as a pandas DataFrame; numbers that may be missing have a nullable type."""
        import pandas as pd

        def series(name: str, kind: Kind) -> Any:
            column = self.columns[name]
            if isinstance(column, list):
                return pd.Series(column, dtype=object)
            if kind.optional and column.dtype.kind == "i":
                return pd.arrays.IntegerArray(column.copy(), column == MISSING)
            return column

        return pd.DataFrame({name: series(name, kind) for name, kind in kinds(self.record).items()})


def join(record: type[Record], tables: Sequence[Table[Record]]) -> Table[Record]:
    """The rows of several tables one after another; a single table is given as it is."""
    if len(tables) == 1:
        return tables[0]

    def joined(name: str) -> Column:
        parts = [table.columns[name] for table in tables]
        if any(isinstance(part, list) for part in parts):
            return [value for part in parts for value in part]
        return np.concatenate(parts)

    return Table(record, {name: joined(name) for name in kinds(record)}) if tables else Table.empty(record)


def store(column: Column | Sequence[Any], kind: Kind) -> Column:
    """The values of one column in the form in which a table holds them; what has it already is not copied."""
    if kind.dtype is None:
        return column if isinstance(column, list) else list(column)
    if isinstance(column, np.ndarray):
        # A field of packed records is not aligned, and a memoryview of it gives no numbers.
        return np.require(column, kind.dtype, ["ALIGNED"])
    if kind.optional:
        blank = math.nan if kind.dtype.kind == "f" else MISSING
        column = [blank if value is None else value for value in column]
    return np.array(column, dtype=kind.dtype)
