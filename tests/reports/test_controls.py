"""The form for search and filter."""

from collabtrace.findings import Diagnosis
from collabtrace.reports.controls import controls
from collabtrace.sessions.case import Case
from tests.reports.markup_reader import read


def test_every_control_has_a_label_and_its_choices(case: Case, diagnosis: Diagnosis) -> None:
    form = read(controls(case, diagnosis)).one("form", role="search")
    choices = {label.one("span").text: [option.text for option in label.all("option")] for label in form.all("label")}
    assert choices == {
        "Search": [],
        "Result": ["any", "answered (1)", "busy (1)"],
        "Findings": ["any", "without findings", "with findings", "lossy-way-back"],
        "Media": ["any", "audio (1)", "video (1)", "none (1)"],
    }


def test_without_the_code_of_the_page_it_stays_hidden(case: Case, diagnosis: Diagnosis) -> None:
    assert "hidden" in read(controls(case, diagnosis)).one("form").attributes
