"""Which calls of a very large case are shown."""

from collabtrace.findings import Diagnosis
from collabtrace.reports.selection import telling_calls
from collabtrace.sessions.case import Case


def test_all_calls_of_an_ordinary_case(case: Case, diagnosis: Diagnosis) -> None:
    assert telling_calls(case, diagnosis) == {1, 2}


def test_findings_come_first_then_what_was_not_answered(case: Case, diagnosis: Diagnosis) -> None:
    clean = Diagnosis(diagnosis.findings.take([]), (), ())
    assert telling_calls(case, diagnosis, 1) == {1}
    assert telling_calls(case, clean, 1) == {2}
