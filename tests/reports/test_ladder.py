"""The ladder of a call in the report."""

from collabtrace.findings import Diagnosis
from collabtrace.reports.ladder import Ladder
from collabtrace.sessions.case import Case
from tests.reports.markup_reader import read


def test_every_arrow_can_be_opened_by_mouse_and_keyboard(case: Case) -> None:
    arrows = read(Ladder(case, 1).html()).all("g", class_="row")
    assert len(arrows) > 10
    assert all((arrow.attributes["role"], arrow.attributes["tabindex"]) == ("button", "0") for arrow in arrows)
    assert all(arrow.attributes["data-row"] for arrow in arrows)


def test_the_page_brings_the_style_so_that_the_drawing_needs_none(case: Case) -> None:
    shown = read(Ladder(case, 1).html())
    assert not shown.all("style")
    assert not [node for node in shown.walk() if "style" in node.attributes]


def test_what_a_finding_shows_stands_at_its_arrow(case: Case, diagnosis: Diagnosis) -> None:
    drawn = read(Ladder(case, 1, list(diagnosis.findings)).html())
    assert "the INVITE" in [text.text for text in drawn.all("text")]
