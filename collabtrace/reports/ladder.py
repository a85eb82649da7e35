"""The ladder of a call: every message and stream between its machines, in order of time."""

from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

from collabtrace.reports.section import Case, Section
from collabtrace.schema import Finding
from collabtrace.views import marks, svg
from collabtrace.views.ladder import plan
from collabtrace.views.markup import element


@dataclass(frozen=True)
class Ladder(Section):
    """The ladder of one call; what a finding says of a frame stands at its arrow."""

    case: Case
    number: int
    findings: Iterable[Finding] = ()
    title: str = "Ladder"

    def html(self) -> Markup:
        """The ladder as a picture whose arrows open the messages behind them."""
        drawn = svg.render(
            plan(self.case, self.number, hits=marks.of_findings(self.findings)), standalone=False, role="button"
        )
        return element("div", drawn, class_="scroll drawing")
