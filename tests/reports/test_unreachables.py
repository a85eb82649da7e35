"""ICMP errors in the report."""

from dataclasses import replace

import pytest

from collabtrace.columns import Table
from collabtrace.reports import unreachables
from collabtrace.reports.unreachables import Unreachables
from collabtrace.schema import Unreachable
from tests.reports.markup_reader import read

ERROR = Unreachable("a.pcap", 7, 0.0, "192.0.2.1", "192.0.2.2", 3, 3, "192.0.2.2", 4000, "192.0.2.1", 5000, "udp")


def test_the_same_error_about_the_same_packets_is_one_row() -> None:
    errors = Table.of(Unreachable, [ERROR, replace(ERROR, frame=9), replace(ERROR, quoted_target_port=5002)])
    table = read(Unreachables(errors).html()).one("table")
    told = [dict(zip(table.headings(), row, strict=True)) for row in table.rows()]
    assert [(row["First frame"], row["Packet to"], row["Times"]) for row in told] == [
        ("7", "192.0.2.1:5000", "2"),
        ("7", "192.0.2.1:5002", "1"),
    ]
    assert told[0]["Error"] == "ICMP port unreachable"


def test_very_many_kinds_are_cut_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unreachables, "MOST_ROWS", 2)
    errors = Table.of(Unreachable, [replace(ERROR, quoted_target_port=port) for port in range(5)])
    assert "3 more kinds left out." in Unreachables(errors).html()


def test_no_error_is_said() -> None:
    assert "No ICMP error" in Unreachables(Table.empty(Unreachable)).html()
