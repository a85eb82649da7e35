"""The legs of a call."""

from collabtrace.reports.legs import Legs
from collabtrace.sessions.case import Case
from collabtrace.views.contents import contents_of
from tests.reports.markup_reader import read
from tests.views.cases import ALICE, BOB, START, call, dialog, message
from tests.views.cases import case as case_of


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


def test_a_leg_whose_opening_was_not_captured_began_before_its_first_message() -> None:
    rows = [message(1, 0.0, BOB, ALICE, "180 Ringing INVITE"), message(2, 1.0, BOB, ALICE, "200 OK INVITE")]
    leg = dialog(range(2), answered=START + 1)
    table = read(Legs(contents_of(case_of(rows, dialogs=[leg], calls=[call()])), (0,)).html()).one("table")
    assert "before 22:13:20.000" in table.rows()[0]
    assert "Setup" not in table.headings()
