"""A table as text, CSV, JSON or Parquet.

Text is for reading: what is missing is blank, long values are cut. CSV and JSON are for scripts: missing
is an empty field or null, several values are joined by spaces in CSV and an array in JSON. None of them
needs pandas, which would take longer to load than most tables take to write; Parquet does.
"""

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from typing import IO, Any

from collabtrace.columns import Table, kinds
from collabtrace.console import CONTROL
from collabtrace.schema import Evidence

WIDEST = 40
"""Characters of a column in text."""


def write_text(table: Table[Any], out: IO[str]) -> None:
    """Write the table as aligned text, a header first."""
    names = list(kinds(table.record))
    columns = [[name, *_texts(table.values(name))] for name in names]
    sides = ["-" if isinstance(table.columns[name], list) else "" for name in names]
    widths = [max(map(len, column)) for column in columns]
    line = "  ".join(f"%{side}{width}s" for side, width in zip(sides, widths, strict=True))
    out.writelines((line % row).rstrip() + "\n" for row in zip(*columns, strict=True))


def write_csv(table: Table[Any], out: IO[str]) -> None:
    """Write the table as CSV (RFC 4180) with a header."""
    names = list(kinds(table.record))
    writer = csv.writer(out)
    writer.writerow(names)
    writer.writerows(zip(*(map(field, table.values(name)) for name in names), strict=True))


def write_json(table: Table[Any], out: IO[str]) -> None:
    """Write the table as a JSON array with an object for each row."""
    out.write("[")
    for number, row in enumerate(rows(table)):
        out.write((",\n " if number else "\n ") + json.dumps(row, default=_plain, ensure_ascii=False))
    out.write("\n]\n")


def rows(table: Table[Any]) -> Iterator[dict[str, Any]]:
    """The rows as dictionaries of plain values."""
    names = list(kinds(table.record))
    for row in zip(*(table.values(name) for name in names), strict=True):
        yield dict(zip(names, row, strict=True))


def write_parquet(table: Table[Any], out: IO[bytes]) -> None:
    """Write the table as Parquet; an ImportError where pyarrow is not installed."""
    frame = table.frame()
    for name in frame.columns:
        if any(isinstance(value, tuple) for value in frame[name]):
            frame[name] = frame[name].map(_listed)
    frame.to_parquet(out, index=False)


def _texts(values: list[Any]) -> list[str]:
    """The cells of one column; what stands there again and again is written out once."""
    if values and type(values[0]) in _WRITERS and None not in values:
        return list(map(_WRITERS[type(values[0])], values))
    texts: dict[Any, str] = {}
    for value in values:
        if value not in texts:
            texts[value] = _text(value)
    return [texts[value] for value in values]


def number(value: float) -> str:
    """A number without the digits that say nothing."""
    return f"{value:.6f}".rstrip("0").rstrip(".")


_WRITERS: dict[type, Callable[[Any], str]] = {int: str, float: number}
"""How numbers are written."""


def _text(value: Any) -> str:
    if isinstance(value, float):
        return number(value)
    text = str(field(value))
    if not text.isprintable():
        text = text.translate(CONTROL)
    return text if len(text) <= WIDEST else text[: WIDEST - 1] + "…"


def field(value: Any) -> Any:
    """A cell: nothing for what is missing, several values joined by spaces."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return " ".join(map(_joined, value))
    return value


def _joined(value: Any) -> str:
    return f"{value.file}:{value.frame}" if isinstance(value, Evidence) else str(value)


def _listed(value: Iterable[Any] | None) -> list[Any] | None:
    return None if value is None else [_plain(item) for item in value]


def _plain(value: Any) -> Any:
    return asdict(value) if isinstance(value, Evidence) else value
