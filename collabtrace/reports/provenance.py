"""How a report came about: from which files, by which version and rules, so that it can be made again."""

import platform
from dataclasses import dataclass
from importlib import metadata

from markupsafe import Markup

from collabtrace.findings import Diagnosis
from collabtrace.reports.parts import code, facts, items
from collabtrace.reports.section import Case, Section
from collabtrace.views.markup import element


@dataclass(frozen=True)
class Provenance(Section):
    """The captures by their digest, the program, the rules, and the command that makes the report again."""

    case: Case
    diagnosis: Diagnosis
    title: str = "How this report was made"

    def html(self) -> Markup:
        """A list of facts."""
        captures = list(self.case.captures)
        files = items(element("span", capture.file, " ", code(capture.sha256)) for capture in captures)
        names = " ".join(f'"{capture.file}"' if " " in capture.file else capture.file for capture in captures)
        return facts(
            [
                ("Captures (SHA-256)", files),
                ("Program", f"collabtrace {metadata.version('collabtrace')}, Python {platform.python_version()}"),
                ("Rules", ", ".join(self.diagnosis.checked) or "none"),
                ("Made again by", code(f"collabtrace report {names}")),
            ]
        )
