"""A report is whole only where its record says so."""

from dataclasses import replace
from pathlib import Path

import pytest

from collabtrace.reports.site import record
from collabtrace.reports.site.record import DONE, Record

RECIPE = {"version": "1", "template": "", "formats": ["html"]}


@pytest.fixture
def capture(tmp_path: Path) -> Path:
    (tmp_path / "x.pcap").write_bytes(b"packets")
    return tmp_path / "x.pcap"


@pytest.fixture
def done(tmp_path: Path, capture: Path) -> Record:
    (tmp_path / "x.html").touch()
    return Record("x", record.digests([capture]), RECIPE, DONE, ("x.html",), calls=3, parties=("sip:a@example.com",))


def test_what_was_written_is_read(tmp_path: Path, done: Record) -> None:
    record.write(tmp_path, done)
    assert record.read(tmp_path, "x") == done


@pytest.mark.parametrize("text", ["", "{", "[]", '{"name": "x"}', '{"reports": 1}'])
def test_what_is_no_record_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.json").write_text(text, encoding="utf-8")
    assert record.read(tmp_path, "x") is None


def test_a_record_of_these_captures_made_this_way_is_current(tmp_path: Path, capture: Path, done: Record) -> None:
    assert record.is_current(tmp_path, done, [capture], RECIPE)
    assert not record.is_current(tmp_path, done, [capture], {**RECIPE, "version": "2"})
    assert not record.is_current(tmp_path, replace(done, state=record.FAILED), [capture], RECIPE)
    assert not record.is_current(tmp_path, None, [capture], RECIPE)


def test_a_capture_that_changed_or_a_report_that_is_gone_is_not(tmp_path: Path, capture: Path, done: Record) -> None:
    capture.write_bytes(b"more packets")
    assert not record.is_current(tmp_path, done, [capture], RECIPE)
    capture.write_bytes(b"packets")
    (tmp_path / "x.html").unlink()
    assert not record.is_current(tmp_path, done, [capture], RECIPE)


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    record.put(tmp_path / "deep" / "x.html", b"old")
    (tmp_path / "taken.html").mkdir()
    with pytest.raises(OSError, match=r"taken\.html"):
        record.put(tmp_path / "taken.html", b"new")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["deep", "taken.html"]
