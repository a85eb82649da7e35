"""RTCP in the report."""

from dataclasses import replace

import pytest

from collabtrace.columns import Table
from collabtrace.reports import rtcp
from collabtrace.reports.rtcp import Receptions
from collabtrace.schema import Report
from tests.reports.markup_reader import read
from tests.views.cases import ALICE, BOB, blank, stream

REPORT = blank(
    Report, frame=7, source=ALICE, source_port=4001, target=BOB, target_port=4001, kind="rr", about="0x00000005"
)
BLOCK = replace(REPORT, fraction_lost=0.25, lost=12, jitter=80, round_trip_ms=31.0)
AUDIO = stream(5, 0, BOB, ALICE, clock_rate=8000)


def told(*reports: Report) -> list[dict[str, str]]:
    table = read(Receptions(Table.of(Report, reports), range(len(reports)), [AUDIO]).html()).one("table")
    return [dict(zip(table.headings(), row, strict=True)) for row in table.rows()]


def test_a_report_says_what_its_sender_received() -> None:
    (block,) = told(BLOCK, replace(REPORT, kind="sdes", about=None))
    assert (block["From"], block["About"]) == ("192.0.2.10:4001", "0x00000005")
    assert (block["Loss since the last"], block["Lost in all"], block["Round trip"]) == ("25 %", "12", "31.0 ms")


def test_jitter_is_told_where_the_clock_of_the_stream_is_known() -> None:
    known, unknown = told(BLOCK, replace(BLOCK, about="0x000000ff"))
    assert (known["Jitter"], unknown["Jitter"]) == ("10.0 ms", "–")


def test_reports_without_end_are_cut_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rtcp, "MOST_ROWS", 1)
    assert "2 later reports left out." in Receptions(Table.of(Report, [BLOCK] * 3), range(3), []).html()


def test_no_report_is_said() -> None:
    assert "No RTCP report" in Receptions(Table.of(Report, [REPORT]), [0], []).html()
