"""The first section: what was captured, what was found, and what the capture cannot show."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from collabtrace.columns import Table
from collabtrace.findings import Diagnosis
from collabtrace.reports.format import moment, number, size, span
from collabtrace.reports.parts import Row, badge, code, empty, items, table
from collabtrace.reports.section import Case, Section
from collabtrace.reports.tones import result_tone, severity_tone
from collabtrace.schema import Capture
from collabtrace.severity import Severity
from collabtrace.views.limits import limits
from collabtrace.views.markup import element, join
from collabtrace.views.wording import counted

FILE_HEADINGS = ("File", "Format", "Size", "Packets", "First packet (UTC)", "Last packet (UTC)", "Length", "Dropped",
                 "Cut packets", "Second copies", "Whole", "Comments")  # fmt: skip

MOST_RESULTS = 8
"""Results that the count of calls is split into."""


@dataclass(frozen=True)
class Summary(Section):
    """The files, the counts and the limits of one case."""

    case: Case
    diagnosis: Diagnosis
    title: str = "Summary"

    def html(self) -> Markup:
        """The counts, the files, and what they cannot show."""
        doubts = limits(self.case)
        return join(
            [
                element("ul", *self._counts(), class_="counts"),
                _files(self.case.captures),
                element("h3", "What this capture cannot show"),
                items(doubts) if doubts else empty("Nothing known: the files are whole and record no dropped packet."),
            ]
        )

    def _counts(self) -> Iterator[Markup]:
        case = self.case
        results = Counter(case.calls.values("result")).most_common(MOST_RESULTS)
        found = Counter(self.diagnosis.findings.values("severity"))
        graded = [(severity.value, found[severity.value]) for severity in Severity if found[severity.value]]
        yield _counted(len(case.calls), "call", [badge(f"{n:,} {what}", result_tone(what)) for what, n in results])
        yield _counted(
            len(self.diagnosis.findings), "finding", [badge(f"{n:,} {s}", severity_tone(s)) for s, n in graded]
        )
        points = [f"in {len(case.captures)} captures"] if len(case.captures) > 1 else []
        yield _counted(len(case.messages), "SIP message", points)
        yield _counted(len(case.streams), "RTP stream", points)
        yield _counted(len(set(case.hosts.values("address"))), "machine")


def _counted(amount: int, what: str, details: Sequence[Markup | str] = ()) -> Markup:
    figure, _, unit = counted(amount, what).partition(" ")
    return element("li", element("b", figure), " ", unit, element("div", join(details, " ")) if details else None)


def _files(captures: Table[Capture]) -> Markup:
    return table(
        "Capture files", FILE_HEADINGS, [_file(capture) for capture in captures], ("Size", "Packets", "Length")
    )


def _file(capture: Capture) -> Row:
    return Row(
        (
            join([capture.file, element("small", "SHA-256 ", code(capture.sha256))]),
            f"{capture.format}, gzip" if capture.compressed else capture.format,
            size(capture.bytes),
            number(capture.packets),
            _moment(capture.first),
            _moment(capture.last),
            span(capture.first, capture.last),
            "not recorded" if capture.dropped is None else number(capture.dropped),
            number(capture.snapped),
            number(capture.duplicates),
            badge("cut in the middle", "warn") if capture.truncated else badge("yes", "good"),
            items(capture.comments) if capture.comments else None,
        )
    )


def _moment(time: float | None) -> Markup | None:
    return None if time is None else element("span", moment(time).removesuffix(" UTC"), class_="time")
