"""The sections of a report."""

from collabtrace.findings import Diagnosis
from collabtrace.reports.anchors import Anchors
from collabtrace.reports.by_call import ByCall
from collabtrace.reports.overview import document, overview
from collabtrace.sessions.case import Case


def test_the_page_and_the_document_have_the_same_sections(case: Case, diagnosis: Diagnosis) -> None:
    page = overview(ByCall(Anchors(case), diagnosis))
    whole = document(case, diagnosis)
    assert [name for name in whole if name in page] == list(page)
    assert set(whole) - set(page) == {"heading", "details"}
    assert list(page)[:3] == ["summary", "findings", "calls"]
