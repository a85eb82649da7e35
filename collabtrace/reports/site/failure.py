"""The page that stands where a report would, when a case could not be reported."""

from markupsafe import Markup

from collabtrace.reports.parts import code, facts, items
from collabtrace.reports.section import CLASS, asset, style
from collabtrace.reports.site.record import Record
from collabtrace.views.markup import element, join, verbatim

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def page(told: Record) -> str:
    """A page that says which captures could not be reported, and why."""
    body = join(
        [
            element("h1", f"{told.name}: no report"),
            element("p", told.error or "It is not known why.", class_="alarm"),
            facts(
                [
                    ("Captures", items(code(file) for file in told.files)),
                    ("Calls read before it failed", told.calls or None),
                    ("Findings before it failed", len(told.findings) or None),
                ]
            ),
        ]
    )
    return whole(f"{told.name}: no report", body)


def whole(title: str, body: Markup, *, script: str = "", policy: str = POLICY) -> str:
    """A page of that title around *body*, in the look of the reports."""
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", f"{title} – collabtrace"),
        verbatim("style", style() + asset("page.css")),
    )
    code_of = verbatim("script", script) if script else Markup()
    main = element("main", body)
    return f'<!DOCTYPE html>\n<html lang="en">\n{head}\n<body class="{CLASS}">\n{main}\n{code_of}</body>\n</html>\n'
