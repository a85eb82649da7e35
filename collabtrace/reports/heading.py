"""What the report is of: the names of the captures, when they were made, how much they hold."""

from dataclasses import dataclass

from markupsafe import Markup

from collabtrace.reports.format import moment, span, words
from collabtrace.reports.section import Case, Section
from collabtrace.views.markup import element
from collabtrace.views.wording import counted


@dataclass(frozen=True)
class Heading(Section):
    """The beginning of a document about one case."""

    case: Case

    @property
    def title(self) -> str:
        """The names of the files."""
        return words(self.case.captures.values("file"))

    def html(self) -> Markup:
        """When, how long, how much."""
        return element("p", subtitle(self.case))


def subtitle(case: Case) -> str:
    """``2026-01-05 10:00:00 UTC, 12.3 s, 416 packets``"""
    first = min((time for time in case.captures.values("first") if time is not None), default=None)
    last = max((time for time in case.captures.values("last") if time is not None), default=None)
    packets = counted(sum(case.captures.values("packets")), "packet")
    return f"{moment(first)}, {span(first, last)}, {packets}"
