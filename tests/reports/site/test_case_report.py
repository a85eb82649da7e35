"""Whatever becomes of a case, a record tells of it."""

from pathlib import Path

import pytest

from collabtrace.reports.site import case_report, execution, record
from collabtrace.reports.site.gathering import CaseFiles

RECIPE = {"version": "1"}


def make(case: CaseFiles, folder: Path, *formats: str) -> record.Record:
    return case_report.make(case, folder, execution.TEMPLATE, formats or ("html",), RECIPE)


def test_the_record_knows_calls_parties_and_times(captures: Path, tmp_path: Path) -> None:
    pytest.importorskip("papermill", reason="papermill is not installed")
    told = make(CaseFiles("sub/one", (captures / "one.pcapng",)), tmp_path / "out", "html", "ipynb")
    assert (told.state, told.calls, told.reports) == ("done", 1, ("sub/one.html", "sub/one.ipynb"))
    assert told.parties == ("sip:alice0@example.com", "sip:bob@example.com")
    assert told.started is not None
    assert record.read(tmp_path / "out", "sub/one") == told
    assert (tmp_path / "out" / "sub" / "one.html").is_file()


def test_a_file_that_is_no_capture_gets_a_page_that_says_so(captures: Path, tmp_path: Path) -> None:
    told = make(CaseFiles("broken", (captures / "broken.pcap",)), tmp_path)
    assert told.state == "failed"
    assert told.error is not None
    assert told.error.startswith("broken.pcap: ")
    assert "broken: no report" in (tmp_path / "broken.html").read_text(encoding="utf-8")


def test_what_nobody_expected_ends_one_report_and_is_told(
    captures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(case_report, "diagnose", lambda case: case.captures[1])
    told = make(CaseFiles("one", (captures / "one.pcapng",)), tmp_path)
    assert (told.state, told.reports) == ("failed", ("one.html",))
    assert told.error == "an unexpected IndexError while the report was made: row 1 of 1"


def test_where_nothing_can_be_written_the_record_given_says_so(captures: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    told = make(CaseFiles("broken", (captures / "broken.pcap",)), tmp_path / "file")
    assert (told.state, told.reports) == ("failed", ())
