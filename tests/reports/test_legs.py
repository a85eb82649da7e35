"""The legs of a call."""

from collabtrace.reports.legs import Legs
from collabtrace.sessions.case import Case
from collabtrace.views.contents import contents_of
from tests.reports.markup_reader import read


def test_each_leg_is_a_row(case: Case) -> None:
    table = read(Legs(contents_of(case), case.calls[0].dialog_rows).html()).one("table")
    first, second = (dict(zip(table.headings(), row, strict=True)) for row in table.rows())
    assert (first["Leg"], first["From"], first["To"]) == ("1", "alice@example.com", "bob@example.com")
    assert first["Caller"] == "192.0.2.10 Phone/1.0"
    assert second["Callee"].startswith("198.51.100.20")
    assert [first["Call-ID"], second["Call-ID"]] == list(case.calls[0].call_ids)
    assert first["End"].startswith("BYE from 192.0.2.10, ")


def test_a_leg_that_was_refused_has_no_duration(case: Case) -> None:
    table = read(Legs(contents_of(case), case.calls[1].dialog_rows).html()).one("table")
    assert "Duration" not in table.headings()


def test_without_a_leg_the_section_says_so(case: Case) -> None:
    assert Legs(contents_of(case), ()).html() == '<p class="empty">No dialog.</p>'
