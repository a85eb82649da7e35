"""A table holds its rows as columns and gives them back as records and frames."""

from dataclasses import dataclass

import numpy as np
import pytest

from collabtrace.columns import MISSING, Table, join, kinds


@dataclass(frozen=True, slots=True)
class Phone:
    name: str
    port: int | None
    delay: float | None
    frames: tuple[int, ...]
    busy: bool


ALICE = Phone("alice", 5060, None, (1, 2), busy=False)
BOB = Phone("bob", None, 0.25, (), busy=True)


def test_records_come_back_as_they_went_in() -> None:
    assert list(Table.of(Phone, [ALICE, BOB])) == [ALICE, BOB]


def test_numbers_are_arrays_and_text_is_a_list() -> None:
    table = Table.of(Phone, [ALICE, BOB])
    assert table.numbers("port").tolist() == [5060, MISSING]
    assert table.columns["name"] == ["alice", "bob"]
    with pytest.raises(TypeError, match=r"Phone\.name is not a column of numbers"):
        table.numbers("name")


def test_values_are_plain_and_missing_ones_are_none() -> None:
    table = Table.of(Phone, [ALICE, BOB])
    assert table.values("port") == [5060, None]
    assert table.values("delay") == [None, 0.25]
    assert table.values("busy") == [False, True]


def test_a_frame_keeps_missing_apart_from_any_number() -> None:
    frame = Table.of(Phone, [ALICE, BOB]).frame()
    assert frame["port"].isna().tolist() == [False, True]
    assert frame["delay"].isna().tolist() == [True, False]
    assert str(frame["port"].dtype) == "Int64"
    assert frame.loc[0, "frames"] == (1, 2)


def test_an_empty_table_has_every_column_and_no_row() -> None:
    table = Table.empty(Phone)
    assert len(table) == 0
    assert list(table.frame().columns) == ["name", "port", "delay", "frames", "busy"]


def test_take_and_join_are_each_others_inverse() -> None:
    table = Table.of(Phone, [ALICE, BOB, ALICE])
    assert list(join(Phone, [table.take([0]), table.take(np.array([1, 2]))])) == list(table)
    assert len(join(Phone, [])) == 0
    assert join(Phone, [table]) is table


def test_replace_exchanges_one_column() -> None:
    assert list(Table.of(Phone, [ALICE]).replace(port=[None])) == [Phone("alice", None, None, (1, 2), busy=False)]


def test_columns_must_be_those_of_the_record() -> None:
    with pytest.raises(TypeError, match="Phone has the columns"):
        Table(Phone, {"name": ["alice"]})
    with pytest.raises(ValueError, match="differ in length"):
        Table(Phone, {name: [None] * (name == "name") for name in kinds(Phone)})


def test_a_row_that_is_not_there_is_an_index_error() -> None:
    with pytest.raises(IndexError):
        Table.of(Phone, [ALICE])[1]
    assert Table.of(Phone, [ALICE])[-1] == ALICE


def test_a_column_may_be_a_field_of_packed_records() -> None:
    packed = np.array([(1, 5060, np.nan), (2, MISSING, 0.25)], dtype=[("kind", "u1"), ("port", "i8"), ("delay", "f8")])
    table = Table.of(Phone, [ALICE, BOB]).replace(port=packed["port"], delay=packed["delay"])

    assert list(table) == [ALICE, BOB]
