"""Tables that are filled row by row."""

from dataclasses import dataclass

import pytest

from collabtrace.sessions.rows import AT_ONCE, Rows


@dataclass(frozen=True, slots=True)
class Point:
    name: str | None
    x: int | None


def test_rows_become_columns() -> None:
    rows = Rows(Point)
    rows.add("a", 1)
    rows.add("b", None)
    assert list(rows.table()) == [Point("a", 1), Point("b", None)]


def test_what_is_missing_in_one_batch_is_missing_in_the_table() -> None:
    rows = Rows(Point)
    for number in range(AT_ONCE + 1):
        rows.add(None, None if number == AT_ONCE else number)
    table = rows.table()
    assert table.values("x")[-2:] == [AT_ONCE - 1, None]
    assert table.columns["name"][-1] is None


def test_no_rows_are_an_empty_table() -> None:
    assert len(Rows(Point).table()) == 0


def test_many_rows_keep_their_order() -> None:
    rows = Rows(Point)
    for number in range(AT_ONCE + 2):
        rows.add(str(number), number)
    assert rows.table().values("x") == list(range(AT_ONCE + 2))


def test_a_row_of_another_length_is_refused() -> None:
    rows = Rows(Point)
    rows.add("a", 1)
    rows.add("b")
    with pytest.raises(ValueError, match="argument"):
        rows.table()
