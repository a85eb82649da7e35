"""Search and filter: the form that the page's own code works with; without that code it stays hidden."""

from collections import Counter

from markupsafe import Markup

from collabtrace.findings import Diagnosis
from collabtrace.reports.form import choice, filters, labelled
from collabtrace.reports.section import Case
from collabtrace.views.markup import element


def controls(case: Case, diagnosis: Diagnosis) -> Markup:
    """A search field, a choice for each thing that calls are told apart by, and what they leave over."""
    results = Counter(case.calls.values("result"))
    rules = Counter(diagnosis.findings.values("rule"))
    media = Counter(kind for kinds in case.calls.values("media") for kind in (kinds or "none").split(", "))
    found = [("none", "without findings"), ("*", "with findings"), *((rule, rule) for rule in sorted(rules))]
    query = element(
        "input",
        type="search",
        name="q",
        autocomplete="off",
        spellcheck="false",
        placeholder="caller, Call-ID, address, any text of a message …",
    )
    return filters(
        [
            labelled("Search", query),
            choice("Result", "result", ((result, f"{result} ({n:,})") for result, n in results.most_common())),
            choice("Findings", "findings", found),
            choice("Media", "media", ((kind, f"{kind} ({n:,})") for kind, n in media.most_common())),
        ],
        [element("button", "Open what is shown", type="button", id="open-shown")],
    )
