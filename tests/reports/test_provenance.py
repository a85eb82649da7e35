"""A report says how it came about."""

from collabtrace.findings import Diagnosis
from collabtrace.reports.provenance import Provenance
from collabtrace.sessions.case import Case
from tests.reports.markup_reader import read


def test_it_names_captures_program_rules_and_the_command(case: Case, diagnosis: Diagnosis) -> None:
    shown = read(Provenance(case, diagnosis).html()).text
    assert case.captures[0].sha256 in shown
    assert "collabtrace report scene.pcapng" in shown
    assert all(rule in shown for rule in diagnosis.checked)
