"""The index of a batch: a row for each case, to be searched and filtered without a server."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from urllib.parse import quote

from markupsafe import Markup

from collabtrace.reports.form import choice, filters, labelled
from collabtrace.reports.format import identity, moment, span, words
from collabtrace.reports.page import source_hash
from collabtrace.reports.parts import Keyed, Row, badge, table
from collabtrace.reports.section import asset, style
from collabtrace.reports.site import record
from collabtrace.reports.site.failure import whole
from collabtrace.reports.site.record import Record
from collabtrace.reports.tones import severity_tone
from collabtrace.severity import Severity
from collabtrace.views.markup import element, join

HEADINGS = ("Case", "Findings", "Begins (UTC)", "Length", "Calls", "Callers and callees", "Captures", "Reports")
NUMBERS = ("Length", "Calls")
MOST_PARTIES = 4
"""Callers and callees that a row shows; all can be searched for."""
SCRIPT = "index.js"


def page(records: Sequence[Record]) -> str:
    """The index page of all cases."""
    failed = sum(each.state == record.FAILED for each in records)
    said = f"{len(records):,} cases, {sum(each.calls for each in records):,} calls"
    said += f", {failed:,} without a report" if failed else ""
    listed = table("All cases", HEADINGS, [_row(each) for each in records], NUMBERS, sortable=True)
    body = join([element("h1", "Reports"), element("p", said), _controls(records), listed])
    script, look = asset(SCRIPT), style() + asset("page.css")
    policy = (
        f"default-src 'none'; script-src '{source_hash(script)}'; style-src '{source_hash(look)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    return whole("Reports", body, script=script, policy=policy)


def _controls(records: Iterable[Record]) -> Markup:
    """What the cases are searched and filtered by; hidden where no script runs."""
    rules = Counter(found["rule"] for each in records for found in each.findings)
    found = [("none", "without findings"), ("*", "with findings"), ("failed", "without a report")]
    named = [*found, *((rule, f"{rule} ({n:,})") for rule, n in sorted(rules.items()))]
    return filters(
        [
            labelled("Search", element("input", type="search", name="q", placeholder="case, file, caller, callee …")),
            choice("Findings", "findings", named),
            choice("At least", "severity", [(severity.value, severity.value) for severity in Severity]),
            labelled("From (UTC)", element("input", type="datetime-local", name="from")),
            labelled("To (UTC)", element("input", type="datetime-local", name="to")),
        ]
    )


def _row(told: Record) -> Row:
    order = [severity.value for severity in Severity]
    worst = min((order.index(found["severity"]) for found in told.findings), default=len(order))
    rules = dict.fromkeys(found["rule"] for found in told.findings)
    files = [Path(file).name for file in told.files]
    failed = told.state == record.FAILED
    return Row(
        (
            _to(told.reports[0], told.name) if told.reports else told.name,
            element("span", join(_badges(told), " "), class_="findings") if told.findings or failed else None,
            None if told.started is None else Keyed(moment(told.started), told.started),
            None
            if told.started is None or told.ended is None
            else Keyed(span(told.started, told.ended), told.ended - told.started),
            told.calls,
            _parties(told.parties),
            words(files),
            join((_to(report, Path(report).suffix.removeprefix(".")) for report in told.reports), " "),
        ),
        {
            "data_findings": " ".join(["failed"] * failed + [*rules]) or "none",
            "data_severity": worst,
            "data_from": told.started,
            "data_to": told.ended,
            "data_words": " ".join([told.name, *files, *told.parties]),
        },
    )


def _to(report: str, shown: str) -> Markup:
    """A link to a report; a file's name is no address until it is written as one."""
    return element("a", shown, href=f"./{quote(report)}")


def _parties(parties: Sequence[str]) -> str | None:
    shown = [identity(party) for party in parties[:MOST_PARTIES]]
    rest = len(parties) - MOST_PARTIES
    return ", ".join([*shown, *([f"and {rest:,} more"] if rest > 0 else [])]) or None


def _badges(told: Record) -> Iterator[Markup]:
    if told.state == record.FAILED:
        yield badge(f"no report: {told.error}", "bad")
    titles = Counter((found["severity"], found["title"]) for found in told.findings)
    for (severity, title), times in titles.items():
        yield badge(title if times == 1 else f"{title} ({times:,}×)", severity_tone(severity))
