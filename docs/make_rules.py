"""Write ``docs/rules.md``, the catalogue of the faults that are known, from the pages of the rules."""

from pathlib import Path

from collabtrace.rulebook import Rule, rules

CATALOGUE = Path(__file__).with_name("rules.md")
START = """\
# Rules

Each names one known fault, with the frames that prove it. `collabtrace explain RULE` shows the same page, and
`collabtrace diagnose --rule RULE` lets one rule judge alone.

A rule says `fault`, `clear`, or `unknown` with the reason, and nothing where it does not apply. A fault is `proved` (a
packet says so), `likely` (a pattern, the alternatives excluded) or `possible` (an absence, where the thing could have
been seen). *critical*: the call or conference is dead; *major*: a feature is dead; *minor*: it is degraded.

This page is made from `collabtrace/rules/` by `make docs`.
"""


def catalogue() -> str:
    """The text of the page: a table of all rules, then each with its own page."""
    ours = [each for each in rules() if each.judge.__module__.startswith("collabtrace.")]
    links = (f"[`{each.id}`](#{each.id})" for each in ours)
    rows = "".join(
        f"| {link} | {each.severity.value} | {each.title} |\n" for link, each in zip(links, ours, strict=True)
    )
    return "\n".join([START, f"| rule | severity | fault |\n|---|---|---|\n{rows}", *map(_page, ours)])


def _page(each: Rule) -> str:
    """One rule: its headings one level down, below its name."""
    page = each.page.replace("\n## ", "\n### ").replace("``", "`")
    return f"## {each.id}\n\n{page}\n"


if __name__ == "__main__":
    CATALOGUE.write_text(catalogue(), encoding="utf-8")
