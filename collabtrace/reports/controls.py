"""Search and filter: the form that the page's own code works with; without that code it stays hidden."""

from collections import Counter
from collections.abc import Iterable

from markupsafe import Markup

from collabtrace.findings import Diagnosis
from collabtrace.reports.section import Case
from collabtrace.views.markup import element


def controls(case: Case, diagnosis: Diagnosis) -> Markup:
    """A search field, a choice for each thing that calls are told apart by, and what they leave over."""
    results = Counter(case.calls.values("result"))
    rules = Counter(diagnosis.findings.values("rule"))
    media = Counter(kind for kinds in case.calls.values("media") for kind in (kinds or "none").split(", "))
    found = [("none", "without findings"), ("*", "with findings"), *((rule, rule) for rule in sorted(rules))]
    return element(
        "form",
        _labelled(
            "Search",
            element(
                "input",
                type="search",
                name="q",
                autocomplete="off",
                spellcheck="false",
                placeholder="caller, Call-ID, address, any text of a message …",
            ),
        ),
        _choice("Result", "result", ((result, f"{result} ({n:,})") for result, n in results.most_common())),
        _choice("Findings", "findings", found),
        _choice("Media", "media", ((kind, f"{kind} ({n:,})") for kind, n in media.most_common())),
        element("button", "Clear", type="reset"),
        element("button", "Open what is shown", type="button", id="open-shown"),
        element("p", role="status", id="shown"),
        id="filters",
        role="search",
        hidden=True,
    )


def _choice(label: str, name: str, options: Iterable[tuple[str, str]]) -> Markup:
    choices = [element("option", words, value=value) for value, words in options]
    return _labelled(label, element("select", element("option", "any", value=""), *choices, name=name))


def _labelled(label: str, control: Markup) -> Markup:
    return element("label", element("span", label), control)
