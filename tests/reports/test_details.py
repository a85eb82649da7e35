"""All calls one after another."""

from collabtrace.findings import Diagnosis
from collabtrace.reports.anchors import Anchors
from collabtrace.reports.by_call import ByCall
from collabtrace.reports.details import Details
from collabtrace.sessions.case import Case
from tests.reports.markup_reader import read


def test_every_call_and_conversation_can_be_unfolded(case: Case, diagnosis: Diagnosis) -> None:
    shown = read(Details(ByCall(Anchors(case), diagnosis)).html())
    anchors = [article.attributes["data-anchor"] for article in shown.all("details", class_="article")]
    assert anchors == ["call-1", "call-2", "other-1", "other-2"]
