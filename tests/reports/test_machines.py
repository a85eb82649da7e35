"""The machines of a case."""

import pytest

from collabtrace.columns import Table
from collabtrace.reports import machines
from collabtrace.reports.machines import Machines
from collabtrace.schema import Host
from collabtrace.sessions.case import Case
from tests.reports.markup_reader import read


def test_each_machine_is_a_row(case: Case) -> None:
    table = read(Machines(case.hosts).html()).one("table")
    assert {row[0] for row in table.rows()} == {"192.0.2.10", "198.51.100.20", "203.0.113.5"}
    assert "File" not in table.headings()


def test_very_many_are_cut_and_counted(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machines, "MOST_ROWS", 1)
    shown = read(Machines(case.hosts).html())
    assert len(shown.one("table").rows()) == 1
    assert shown.one("p").text == "2 more machines left out."


def test_no_machine_is_said() -> None:
    assert "No machine" in Machines(Table.empty(Host)).html()
