"""The sections that a report of one case consists of, in their order; the page and the notebook show the same."""

from collections.abc import Iterator, Mapping

from collabtrace.findings import Diagnosis
from collabtrace.reports.anchors import Anchors
from collabtrace.reports.by_call import ByCall
from collabtrace.reports.calls import Calls
from collabtrace.reports.details import MOST_ARTICLES, Details
from collabtrace.reports.digits import Digits
from collabtrace.reports.findings import Findings
from collabtrace.reports.floors import Floors
from collabtrace.reports.heading import Heading
from collabtrace.reports.machines import Machines
from collabtrace.reports.outside import Outside
from collabtrace.reports.provenance import Provenance
from collabtrace.reports.section import Case, Section
from collabtrace.reports.selection import telling_calls
from collabtrace.reports.streams import Streams
from collabtrace.reports.summary import Summary
from collabtrace.reports.unreachables import Unreachables


def overview(by_call: ByCall) -> Mapping[str, Section]:
    """Every section but the details of single calls, by the anchor that it has on the page."""
    return dict(_sections(by_call))


def document(case: Case, diagnosis: Diagnosis) -> Mapping[str, Section]:
    """The sections of a document in which all details stand one after another, such as a notebook."""
    by_call = ByCall(Anchors(case, telling_calls(case, diagnosis, MOST_ARTICLES)), diagnosis)
    return {"heading": Heading(case), **overview(by_call), "details": Details(by_call)}


def _sections(by_call: ByCall) -> Iterator[tuple[str, Section]]:
    anchors, contents = by_call.anchors, by_call.anchors.contents
    yield "summary", Summary(anchors.case, by_call.diagnosis)
    yield "findings", Findings(by_call.diagnosis, anchors)
    yield "calls", Calls(by_call)
    yield "outside", Outside(by_call)
    loose = contents.streams_of.get(None, [])
    none = "Every RTP stream belongs to a call." if len(contents.streams) else Streams.none
    yield "loose", Streams(anchors, loose, "Streams without a call", none)
    if None in contents.digits_of:
        yield "digits", Digits(contents.digits, contents.digits_of[None], "Keys pressed without a call")
    if None in contents.floors_of:
        yield "floors", Floors(contents.floors, contents.floors_of[None], "Floor control without a call")
    yield "machines", Machines(anchors.case.hosts)
    yield "unreachables", Unreachables(contents.unreachables)
    yield "provenance", Provenance(anchors.case, by_call.diagnosis)
