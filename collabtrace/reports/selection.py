"""Which calls of a very large case open in the report: a page with all of them would open in no browser."""

from itertools import islice

from collabtrace.findings import Diagnosis
from collabtrace.reports.section import Case

MOST_CALLS = 5000
"""Calls that can be opened: their details take about 4 kB each in the page."""


def telling_calls(case: Case, diagnosis: Diagnosis, most: int = MOST_CALLS) -> frozenset[int]:
    """The numbers of *most* calls: those with findings first, then those not answered, then the others in order."""
    numbers = case.calls.values("call")
    if len(numbers) <= most:
        return frozenset(numbers)
    found = {call_id for call_ids in diagnosis.findings.values("calls") for call_id in call_ids}
    ids, results = case.calls.values("call_ids"), case.calls.values("result")

    def rank(row: int) -> tuple[bool, bool, int]:
        return (found.isdisjoint(ids[row]), results[row] == "answered", row)

    return frozenset(numbers[row] for row in islice(sorted(range(len(numbers)), key=rank), most))
