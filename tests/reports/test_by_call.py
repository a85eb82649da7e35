"""What is looked up for each call."""

import pytest

from collabtrace.reports.by_call import ByCall, Worst
from collabtrace.sessions.case import Case


def test_findings_are_those_about_any_leg(by_call: ByCall, case: Case) -> None:
    assert [finding.rule for finding in by_call.findings(case.calls[0])] == ["lossy-way-back"]
    assert by_call.findings(case.calls[1]) == []


def test_the_worst_stream_counts(by_call: ByCall, case: Case) -> None:
    losses = [stream.lost / stream.expected for stream in case.streams]
    assert by_call.worst(1).loss == pytest.approx(max(losses))
    assert by_call.worst(1).jitter == max(value for value in case.streams.values("max_jitter_ms") if value is not None)
    assert by_call.worst(2) == Worst(None, None)


def test_the_words_are_what_the_row_does_not_show(by_call: ByCall, case: Case) -> None:
    words = by_call.words(case.calls[0])
    assert all(call_id in words for call_id in case.calls[0].call_ids)
    assert all(word in words for word in ("192.0.2.10", "203.0.113.5", "Bobphone/2", "INVITE", "BYE"))
