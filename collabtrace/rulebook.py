"""Every rule there is, with its page.

The docstring of a rule's module is its page: the first line is the title, the sections (`## What it finds` …
`## References`) are what ``collabtrace explain``, the report and the notebook show.

No rule is known by name here: those of ``collabtrace.rules`` are found by being there, those of other packages
through the entry point group ``collabtrace.rules``.
"""

import difflib
import functools
import importlib
import importlib.metadata
import inspect
import pkgutil
import re
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from collabtrace.schema import Capture
from collabtrace.verdicts import RuleFunction, Severity, Verdict, rule, unknown

GROUP = "collabtrace.rules"
"""The package of our rules, and the entry point group of other people's."""

SECTIONS = ("What it finds", "Why it matters", "How it decides", "When it is wrong", "What to do next", "References")
"""The headings of a rule's page, in order."""


@dataclass(frozen=True)
class Rule:
    """One rule, as loaded."""

    id: str
    """``bfcp-blocked``: the function's name with hyphens."""
    severity: Severity
    page: str
    """The docstring of its module."""
    judge: RuleFunction

    @property
    def title(self) -> str:
        """The first line of its page, without the full stop."""
        return self.page.partition("\n")[0].rstrip(".")

    @functools.cached_property
    def subjects(self) -> tuple[type[Any], ...]:
        """The types of what it judges: one, or the members of a union."""
        hints = typing.get_type_hints(self.judge)
        first = hints[next(iter(inspect.signature(self.judge).parameters))]
        return typing.get_args(first) or (first,)

    @functools.cached_property
    def asks(self) -> bool:
        """Whether it asks what the captures could show."""
        return len(inspect.signature(self.judge).parameters) > 1

    def section(self, heading: str) -> str:
        """The text under one heading of its page; empty where there is none."""
        found = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", self.page, re.MULTILINE | re.DOTALL)
        return found[1].strip() if found else ""

    def points(self, heading: str) -> tuple[str, ...]:
        """The list items under one heading, each on one line."""
        items = re.split(r"^(?:[-*]|\d+\.) ", self.section(heading), flags=re.MULTILINE)[1:]
        return tuple(" ".join(item.split()) for item in items)


def _rule_of(module: Any) -> Rule:
    marked = [
        value
        for value in vars(module).values()
        if hasattr(value, "severity") and getattr(value, "__module__", None) == module.__name__ and callable(value)
    ]
    if len(marked) != 1:
        raise TypeError(f"{module.__name__} marks {len(marked)} functions with @rule; a rule module marks exactly one")
    judge = typing.cast("RuleFunction", marked[0])
    return Rule(judge.__name__.replace("_", "-"), judge.severity, inspect.getdoc(module) or "", judge)


@functools.cache
def rules() -> tuple[Rule, ...]:
    """Every rule there is, by name."""
    package = importlib.import_module(GROUP)
    modules = [importlib.import_module(f"{GROUP}.{entry.name}") for entry in pkgutil.iter_modules(package.__path__)]
    ours = map(_rule_of, modules)
    theirs = map(_installed, importlib.metadata.entry_points(group=GROUP))
    return tuple(sorted((*ours, *theirs), key=lambda each: each.id))


def _installed(entry: importlib.metadata.EntryPoint) -> Rule:
    """The rule of another package; one that cannot be loaded says so whenever it should judge."""
    try:
        return _rule_of(entry.load())
    except Exception as error:
        reason = f"{entry.value} cannot be loaded: {type(error).__name__}: {error}"

        @rule(Severity.INFO)
        def unloaded(capture: Capture) -> Iterator[Verdict]:
            yield unknown(f"{capture.file} was not looked at, because {reason}")

        return Rule(entry.name, Severity.INFO, f"This rule could not be loaded.\n\n{reason}", unloaded)


def find_rule(name: str) -> Rule:
    """The rule of that name; where there is none, a KeyError that tells the names like it, or all."""
    known = {each.id: each for each in rules()}
    if name in known:
        return known[name]
    like = difflib.get_close_matches(name.lower().replace("_", "-"), known)
    told = f"did you mean {' or '.join(like)}?" if like else f"the rules are: {', '.join(known)}"
    raise KeyError(f"there is no rule {name!r}; {told}")
