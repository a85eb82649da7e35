"""BFCP messages in the report."""

import pytest

from collabtrace.reports import floors
from collabtrace.reports.floors import Floors
from collabtrace.sessions.case import Case
from tests.reports.markup_reader import read


def test_each_message_is_a_row(sharing: Case) -> None:
    table = read(Floors(sharing.floors, range(len(sharing.floors))).html()).one("table")
    told = [dict(zip(table.headings(), row, strict=True)) for row in table.rows()]
    assert [row["Frame"] for row in told] == [str(floor.frame) for floor in sharing.floors]
    assert told[0]["Message"] == "Hello"
    assert "Granted" in [row["Outcome"] for row in told]


def test_keep_alives_without_end_are_cut_and_counted(sharing: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(floors, "MOST_ROWS", 1)
    shown = read(Floors(sharing.floors, range(3)).html())
    assert len(shown.one("table").rows()) == 1
    assert shown.one("p").text == "2 later messages left out."


def test_no_message_is_said(sharing: Case) -> None:
    assert Floors(sharing.floors, ()).html() == '<p class="empty">No BFCP message.</p>'
