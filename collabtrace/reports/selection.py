"""Which calls of a very large case the report shows: no browser opens a page with tens of thousands of them."""

from itertools import islice

from collabtrace.findings import Diagnosis
from collabtrace.reports.section import Case

MOST_CALLS = 5000
"""Calls that are listed and can be opened: a browser takes some seconds to lay out so long a table."""


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
