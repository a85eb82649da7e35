"""The media paths of a call: what should flow between which machines, and what of it was seen."""

from dataclasses import dataclass

from markupsafe import Markup

from collabtrace.reports.parts import empty
from collabtrace.reports.section import Case, Section
from collabtrace.views import path_svg
from collabtrace.views.markup import element
from collabtrace.views.paths import plan
from collabtrace.views.wording import sentence


@dataclass(frozen=True)
class Paths(Section):
    """The media paths of one call."""

    case: Case
    number: int
    title: str = "Media paths"

    def html(self) -> Markup:
        """The machines, and each direction of each media line between them."""
        paths = plan(self.case, self.number)
        if not paths.edges:
            return empty(" ".join(f"{sentence(remark)}." for remark in paths.remarks))
        return element("div", path_svg.render(paths, standalone=False), class_="scroll drawing")
