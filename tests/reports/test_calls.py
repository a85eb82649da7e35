"""The table of calls."""

import typing

from collabtrace.findings import Diagnosis
from collabtrace.reports.anchors import Anchors
from collabtrace.reports.by_call import ByCall
from collabtrace.reports.calls import Calls
from collabtrace.sessions.case import Case
from tests.reports.markup_reader import read
from tests.views.cases import case as made


def test_a_row_says_who_called_whom_and_how_it_went(by_call: ByCall) -> None:
    table = read(Calls(by_call).html()).one("table")
    first, second = (dict(zip(table.headings(), row, strict=True)) for row in table.rows())
    assert (first["Call"], first["Caller"], first["Callee"]) == ("1", "alice@example.com", "bob@example.com")
    assert (first["Result"], first["Legs"], first["Media"]) == ("✓ answered", "2", "audio, video")
    assert first["Findings"] == "✕ Packets are lost on the way back"
    assert first["Worst loss"].endswith(" %")
    assert (second["Result"], second["Duration"], second["Worst loss"]) == ("! busy", "–", "–")


def test_a_row_carries_what_it_is_found_and_filtered_by(by_call: ByCall, case: Case) -> None:
    row = read(Calls(by_call).html()).one("tr", data_article="call-1")
    assert row.attributes["data-result"] == "answered"
    assert row.attributes["data-media"] == "audio, video"
    assert row.attributes["data-findings"] == "lossy-way-back"
    assert case.calls[0].call_ids[0] in (row.attributes["data-words"] or "")
    assert row.one("a").attributes == {"href": "#call-1"}


def test_calls_left_out_of_a_very_large_case_are_counted(case: Case, diagnosis: Diagnosis) -> None:
    shown = read(Calls(ByCall(Anchors(case, [2]), diagnosis)).html())
    assert shown.one("p").text.startswith("1 of 2 calls:")
    assert [row[0] for row in shown.one("table").rows()] == ["2"]


def test_a_case_without_calls_says_so(nothing_found: Diagnosis) -> None:
    empty = typing.cast("Case", made())
    assert Calls(ByCall(Anchors(empty), nothing_found)).html() == '<p class="empty">No call was seen.</p>'
