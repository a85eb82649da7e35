"""The tables keep what scripts rely on, and say what their columns mean."""

import re
import runpy
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from collabtrace.schema import TABLES

REFERENCE: dict[str, Any] = runpy.run_path(str(Path(__file__).parents[1] / "docs" / "make_tables.py"))
SECTIONS = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", REFERENCE["reference"](), re.DOTALL | re.MULTILINE))

PROMISED = {
    "messages": "file frame time_epoch source source_port target target_port transport method status reason call_id"
    " cseq cseq_method",
    "dialogs": "call_id from_uri to_uri from_tag to_tag state started answered ended end_reason frames",
    "calls": "call call_ids caller callee started answered ended result",
    "media": "call_id offer_frame answer_frame index kind content protocol offer_address offer_port answer_address"
    " answer_port direction codecs floorctrl",
    "streams": "file source source_port target target_port ssrc payload_types packets lost max_delta_ms max_jitter_ms"
    " mean_jitter_ms first_frame last_frame call_id",
    "findings": "rule severity confidence title message calls evidence display_filter remedy references",
}
"""Columns that scripts may rely on: they never go, and never change their meaning."""


@pytest.mark.parametrize("table", PROMISED)
def test_promised_columns_stay(table: str) -> None:
    assert set(PROMISED[table].split()) <= {field.name for field in fields(TABLES[table])}


@pytest.mark.parametrize("table", TABLES)
def test_every_table_is_documented(table: str) -> None:
    # Without a docstring of its own, a dataclass gets its signature for one.
    assert not (TABLES[table].__doc__ or "").startswith(TABLES[table].__name__ + "(")


@pytest.mark.parametrize("table", TABLES)
def test_a_column_that_points_to_rows_names_their_table(table: str) -> None:
    rows = re.findall(r"^\| `\w+_rows?` \|.*\| (.*) \|$", SECTIONS[table], re.MULTILINE)

    assert all(re.search(rf"`({'|'.join(TABLES)})`", meaning) for meaning in rows)


@pytest.mark.parametrize("table", TABLES)
def test_every_column_is_in_the_reference(table: str) -> None:
    listed = re.findall(r"^\| `(\w+)` \|", SECTIONS[table], re.MULTILINE)

    assert listed == [field.name for field in fields(TABLES[table])]
