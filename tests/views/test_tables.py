"""Tables as text, CSV, JSON and Parquet."""

import csv
import io
import json
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from collabtrace.columns import Table
from collabtrace.views import tables


@dataclass(frozen=True, slots=True)
class Leg:
    call_id: str
    port: int | None
    answered: float | None
    frames: tuple[int, ...]


LEGS = Table.of(Leg, [Leg("a@192.0.2.1", 5060, 1.5, (1, 12)), Leg('quo"te,\x1b[31m', None, None, ())])


def text_of(table: Table[Leg]) -> str:
    out = io.StringIO()
    tables.write_text(table, out)
    return out.getvalue()


def test_text_is_aligned_and_blank_where_a_value_is_missing() -> None:
    assert text_of(LEGS.take([0])) == (
        "call_id      port  answered  frames\n"  # numbers to the right, text to the left
        "a@192.0.2.1  5060       1.5  1 12\n"
    )


def test_text_holds_no_control_character_for_the_terminal() -> None:
    assert "\x1b" not in text_of(LEGS)


def test_csv_can_be_read_back() -> None:
    out = io.StringIO()
    tables.write_csv(LEGS, out)
    rows = list(csv.DictReader(io.StringIO(out.getvalue())))
    assert rows[0] == {"call_id": "a@192.0.2.1", "port": "5060", "answered": "1.5", "frames": "1 12"}
    assert rows[1] == {"call_id": 'quo"te,\x1b[31m', "port": "", "answered": "", "frames": ""}


def test_json_has_null_for_what_is_missing() -> None:
    out = io.StringIO()
    tables.write_json(LEGS, out)
    assert json.loads(out.getvalue()) == [
        {"call_id": "a@192.0.2.1", "port": 5060, "answered": 1.5, "frames": [1, 12]},
        {"call_id": 'quo"te,\x1b[31m', "port": None, "answered": None, "frames": []},
    ]


def test_an_empty_table_is_an_empty_array() -> None:
    out = io.StringIO()
    tables.write_json(Table.empty(Leg), out)
    assert json.loads(out.getvalue()) == []


def test_parquet_can_be_read_back(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    with (tmp_path / "legs.parquet").open("wb") as out:
        tables.write_parquet(LEGS, out)
    frame = pd.read_parquet(tmp_path / "legs.parquet")
    assert frame["call_id"].tolist() == LEGS.values("call_id")
    assert frame["port"].isna().tolist() == [False, True]
    assert [list(frames) for frames in frame["frames"]] == [[1, 12], []]
