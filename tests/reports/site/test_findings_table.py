"""One table of all findings, for scripts."""

import csv
import io
import json

import pytest

from collabtrace.reports.site import findings_table
from collabtrace.reports.site.record import Record


def test_csv_has_a_row_for_each_finding_and_lists_as_json(records: list[Record]) -> None:
    (row,) = csv.DictReader(io.StringIO(findings_table.csv(records).decode()))
    assert (row["case"], row["rule"], row["severity"]) == ("a/x", "sip-no-reply", "critical")
    assert json.loads(row["evidence"])[0]["frame"] == 3
    assert tuple(row) == findings_table.COLUMNS


def test_without_findings_the_columns_are_still_there(records: list[Record]) -> None:
    assert findings_table.csv(records[1:]).decode().strip() == ",".join(findings_table.COLUMNS)


def test_parquet_keeps_the_types(records: list[Record]) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")
    (row,) = parquet.read_table(io.BytesIO(findings_table.parquet(records))).to_pylist()
    assert row["evidence"][0]["frame"] == 3
    assert row["calls"] == ["a@b"]
    assert len(parquet.read_table(io.BytesIO(findings_table.parquet(records[1:])))) == 0
