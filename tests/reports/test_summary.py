"""The summary."""

from collabtrace.findings import Diagnosis
from collabtrace.reports.summary import Summary
from collabtrace.sessions.case import Case
from tests.reports.markup_reader import read


def test_it_counts_and_says_how_calls_ended(case: Case, diagnosis: Diagnosis) -> None:
    counts = [entry.text for entry in read(Summary(case, diagnosis).html()).one("ul", class_="counts").all("li")]
    assert counts[:2] == ["2 calls✓ 1 answered ! 1 busy", "1 finding✕ 1 major"]
    assert counts[2:] == [f"{len(case.messages)} SIP messages", f"{len(case.streams)} RTP streams", "3 machines"]


def test_it_names_the_files_so_that_they_can_be_told_again(case: Case, diagnosis: Diagnosis) -> None:
    (row,) = read(Summary(case, diagnosis).html()).one("table").rows()
    assert row[0] == f"scene.pcapngSHA-256 {case.captures[0].sha256}"
    assert "2026-01-05 10:00:00.000" in row


def test_it_says_what_the_capture_cannot_show(case: Case, diagnosis: Diagnosis) -> None:
    assert "does not record whether the capture dropped packets" in Summary(case, diagnosis).html()
