"""The report of one case: every section on one self-contained HTML page.

Nothing in the page names a network address. A Content-Security-Policy lets run and apply only what is in this file,
by its hash, so that text of a capture could not run even if it were not escaped.
"""

import base64
import hashlib
from collections.abc import Iterator, Mapping
from importlib import metadata
from pathlib import Path

from markupsafe import Markup

from collabtrace.findings import Diagnosis
from collabtrace.reports.anchors import Anchors
from collabtrace.reports.articles import articles
from collabtrace.reports.by_call import ByCall
from collabtrace.reports.controls import controls
from collabtrace.reports.draft import whole
from collabtrace.reports.format import words
from collabtrace.reports.heading import subtitle
from collabtrace.reports.overview import overview
from collabtrace.reports.packing import PLAIN_SIZE, pack
from collabtrace.reports.section import CLASS, Case, Section, asset, style
from collabtrace.reports.selection import telling_calls
from collabtrace.views.markup import element, verbatim

SCRIPT = "report.js"

OPENS_HERE = "Choose a call or a conversation above: it opens here, and what is open is printed."
WITHOUT_SCRIPT = (
    "Without JavaScript nothing can be searched, and calls that are too many to be held in the page as they are "
    "cannot be opened."
)


def write(case: Case, diagnosis: Diagnosis, target: Path, *, title: str | None = None) -> None:
    """Write the report to *target*, piece by piece, whole or not at all; an OSError where it cannot be written."""
    with whole(target) as draft, draft.open("w", encoding="utf-8", newline="\n") as out:
        for piece in render(case, diagnosis, title=title):
            out.write(piece)


def render(
    case: Case, diagnosis: Diagnosis, *, title: str | None = None, plain_size: int = PLAIN_SIZE
) -> Iterator[str]:
    """The report, piece by piece; *title* is the names of the files if None, *plain_size* that of ``packing.pack``."""
    by_call = ByCall(Anchors(case, telling_calls(case, diagnosis)), diagnosis)
    heading = title or words(case.captures.values("file"))
    sections = overview(by_call)
    look = style() + asset("page.css")
    yield from ('<!DOCTYPE html>\n<html lang="en">\n', element("head", *_head(heading, look)))
    yield from (f'\n<body class="{CLASS}">\n', _banner(case, heading, sections), "\n<main>\n")
    for anchor, section in sections.items():
        yield from (section.framed(anchor, before=controls(case, diagnosis) if anchor == "calls" else None), "\n")
        if anchor == "outside":
            yield from _details(by_call, plain_size)
    yield from ("</main>\n", _colophon(), verbatim("script", asset(SCRIPT)), "\n</body>\n</html>\n")


def _details(by_call: ByCall, plain_size: int) -> Iterator[str]:
    """Every call and conversation: as they are if they are few, else packed for the page's own code to open."""
    yield '<section aria-labelledby="details">\n'
    yield element("h2", "Details", id="details")
    yield element("p", OPENS_HERE, class_="empty", id="hint", hidden=True)
    yield element("noscript", element("p", WITHOUT_SCRIPT, class_="empty"))
    yield element("p", class_="print-only", id="left-out")
    yield '\n<div id="opened">\n'
    for piece in pack(articles(by_call), plain_size):
        yield from (piece, "\n")
    yield "</div>\n</section>\n"


def _head(heading: str, look: str) -> Iterator[Markup]:
    policy = (
        f"default-src 'none'; script-src '{source_hash(asset(SCRIPT))}'; style-src '{source_hash(look)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    yield element("meta", charset="utf-8")
    yield element("meta", http_equiv="Content-Security-Policy", content=policy)
    yield element("meta", name="viewport", content="width=device-width, initial-scale=1")
    yield element("meta", name="color-scheme", content="light dark")
    yield element("meta", name="generator", content=f"collabtrace {metadata.version('collabtrace')}")
    yield element("title", f"{heading} – collabtrace")
    yield verbatim("style", look)


def source_hash(code: str) -> str:
    """How a Content-Security-Policy names a script or a style that may run (CSP Level 3 §2.3.1)."""
    return f"sha256-{base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()}"


def _banner(case: Case, heading: str, sections: Mapping[str, Section]) -> Markup:
    links = [element("li", element("a", section.title, href=f"#{anchor}")) for anchor, section in sections.items()]
    return element(
        "header",
        element("a", "Skip to the calls", href="#calls", class_="skip"),
        element("div", element("h1", heading), element("p", subtitle(case))),
        element("button", "Dark", type="button", id="theme", hidden=True),
        element("nav", element("ul", *links), aria_label="Sections"),
    )


def _colophon() -> Markup:
    said = (
        "All times are UTC. Frame numbers are Wireshark's. Credentials, keys, passwords and dialled digits are masked "
        "in the text of messages."
    )
    return element("footer", element("p", said), element("p", f"collabtrace {metadata.version('collabtrace')}"))
