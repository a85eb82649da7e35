"""Rules, and the verdicts they give.

A rule is a module with one function marked ``@rule``. Its module docstring is its page: the first line is
the title, the sections (`## What it finds` … `## References`) are what ``collabtrace explain``, the
report and the notebook show. The type of the function's first parameter says what the rule judges, one
subject at a time (``collabtrace.subjects``); a second one, ``sight: Sight``, answers what the captures could
have shown. For every subject it yields verdicts: a fault with the frames that prove it, clear, or unknown with
the reason, and nothing where it does not apply.

The engine knows no rule by name: those of ``collabtrace.rules`` are found by being there, those of
other packages through the entry point group ``collabtrace.rules``.
"""

import enum
import functools
import importlib
import importlib.metadata
import inspect
import pkgutil
import re
import typing
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from collabtrace.columns import Table
from collabtrace.schema import Capture, Evidence, Finding
from collabtrace.sessions.case import Case
from collabtrace.subjects import Call, Conference, Pair, Recording, RtpStream, Sight, TlsPeers, gathering
from collabtrace.subjects.related import Related

GROUP = "collabtrace.rules"
"""The package of our rules, and the entry point group of other people's."""

SECTIONS = ("What it finds", "Why it matters", "How it decides", "When it is wrong", "What to do next", "References")
"""The headings of a rule's page, in order."""


class Severity(enum.StrEnum):
    """What a fault costs the people in the call."""

    CRITICAL = "critical"
    """The call or conference is dead."""
    MAJOR = "major"
    """A feature is dead: no content, no audio one way."""
    MINOR = "minor"
    """Degraded."""
    INFO = "info"
    """Worth knowing when reading the rest."""


class Confidence(enum.StrEnum):
    """How sure a fault is."""

    PROVED = "proved"
    """A packet says so."""
    LIKELY = "likely"
    """A pattern, with the alternatives excluded."""
    POSSIBLE = "possible"
    """An absence, where the thing could have been seen."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule says of one subject."""

    verdict: str
    """``fault clear unknown``"""
    because: str
    calls: tuple[str, ...] = ()
    """Call-IDs concerned; those of the subject where a rule names none."""
    confidence: Confidence = Confidence.PROVED
    evidence: tuple[Evidence, ...] = ()
    display_filter: str | None = None
    """Shows the evidence frames, where a rule gives no better one."""


class Seen(typing.Protocol):
    """A record or a message of the case that has a frame."""

    @property
    def file(self) -> str:
        """The capture that holds it."""

    @property
    def frame(self) -> int:
        """Its frame."""


def proof(seen: Seen, shows: str) -> Evidence:
    """A frame as evidence, and what the reader sees in it."""
    return Evidence(seen.file, seen.frame, shows)


def fault(
    because: str,
    *evidence: Evidence,
    confidence: Confidence = Confidence.PROVED,
    calls: Iterable[str] = (),
    display_filter: str | None = None,
) -> Verdict:
    """The fault is there; at least one frame proves it."""
    if not evidence:
        raise ValueError("a fault needs at least one frame that proves it")
    return Verdict("fault", because, tuple(calls), confidence, evidence, display_filter)


def clear(because: str, *, calls: Iterable[str] = ()) -> Verdict:
    """The capture shows that the fault is not there."""
    return Verdict("clear", because, tuple(calls))


def unknown(because: str, *, calls: Iterable[str] = ()) -> Verdict:
    """The capture cannot show whether the fault is there."""
    return Verdict("unknown", because, tuple(calls))


class RuleFunction(typing.Protocol):
    """The function of a rule: one subject in, and if it asks for it what the captures could show; verdicts out."""

    severity: Severity
    __module__: str
    __name__: str

    def __call__(self, subject: Any, /, *sight: Sight) -> Iterable[Verdict]:
        """Judge one subject."""


def rule(severity: Severity) -> Callable[[Callable[..., Iterable[Verdict]]], RuleFunction]:
    """Mark the one function of a rule module; *severity* is that of its faults."""

    def mark(judge: Callable[..., Iterable[Verdict]]) -> RuleFunction:
        marked = typing.cast("RuleFunction", judge)
        marked.severity = severity
        return marked

    return mark


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
    """The rule of that name; a KeyError that lists the names where there is none."""
    for each in rules():
        if each.id == name:
            return each
    raise KeyError(f"there is no rule {name!r}; the rules are: {', '.join(each.id for each in rules()) or 'none'}")


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one rule decided of one subject."""

    rule: str
    calls: tuple[str, ...]
    verdict: str
    because: str


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """All that the rules said of one case."""

    findings: Table[Finding]
    """Faults, the gravest first."""
    judgements: tuple[Judgement, ...]
    """Every verdict, by rule."""
    checked: tuple[str, ...]
    """The rules that looked."""

    def of(self, rules: Iterable[str]) -> "Diagnosis":
        """What the rules of those names said; a KeyError for one that did not look."""
        wanted = set(rules)
        if strangers := wanted.difference(self.checked):
            raise KeyError(f"no rule {', '.join(sorted(strangers))} looked; these did: {', '.join(self.checked)}")
        rows = [row for row, name in enumerate(self.findings.values("rule")) if name in wanted]
        told = tuple(each for each in self.judgements if each.rule in wanted)
        return Diagnosis(self.findings.take(rows), told, tuple(name for name in self.checked if name in wanted))


SUBJECTS: Mapping[type[Any], Callable[[Related], Iterable[Any]]] = {
    Capture: lambda related: related.case.captures,
    Recording: gathering.recordings,
    Call: gathering.calls,
    Conference: gathering.conferences,
    RtpStream: gathering.rtp_streams,
    Pair: gathering.pairs,
    TlsPeers: gathering.tls_peers,
}
"""What a rule can judge, and how it is found in a case."""


def _judged(each: Rule, subject: Any, sight: Sight) -> Iterator[Verdict]:
    """What one rule says of one subject; a rule that fails says so, and leaves the others alone."""
    calls = tuple(getattr(subject, "call_ids", ()))
    try:
        for verdict in each.judge(subject, sight) if each.asks else each.judge(subject):
            yield verdict if verdict.calls else replace(verdict, calls=calls)
    except Exception as error:
        yield unknown(f"the rule itself failed: {type(error).__name__}: {error}", calls=calls)


def _verdicts(chosen: Sequence[Rule], case: Case) -> Mapping[str, Sequence[Verdict]]:
    """What the rules say, by rule; every subject is made once, for all that judge its kind."""
    related, sight = Related(case), Sight(case)
    told: dict[str, list[Verdict]] = {each.id: [] for each in chosen}
    judges: defaultdict[type[Any], list[Rule]] = defaultdict(list)
    for each in chosen:
        for kind in each.subjects:
            judges[kind].append(each)
    for kind, those in judges.items():
        for subject in SUBJECTS[kind](related):
            for each in those:
                told[each.id].extend(_judged(each, subject, sight))
    return told


def _shown(evidence: Sequence[Evidence]) -> str:
    """A display filter for the frames of the first file of the evidence; frame numbers mean nothing in another."""
    frames = sorted({each.frame for each in evidence if each.file == evidence[0].file})
    return f"frame.number in {{{', '.join(map(str, frames))}}}"


def _finding(each: Rule, verdict: Verdict) -> Finding:
    return Finding(
        rule=each.id,
        severity=each.severity.value,
        confidence=verdict.confidence.value,
        title=each.title,
        message=verdict.because,
        calls=verdict.calls,
        evidence=verdict.evidence,
        display_filter=verdict.display_filter or _shown(verdict.evidence),
        remedy=each.points("What to do next"),
        references=each.points("References"),
    )


def diagnose(case: Case, only: Sequence[str] = ()) -> Diagnosis:
    """Let every rule judge the case, or the rules named in *only* (a KeyError for a name unknown)."""
    chosen = [find_rule(name) for name in only] or list(rules())
    told: dict[tuple[str, tuple[str, ...], tuple[str, int]], Finding] = {}
    judgements = []
    verdicts = _verdicts(chosen, case)
    for each in chosen:
        for verdict in verdicts[each.id]:
            judgements.append(Judgement(each.id, verdict.calls, verdict.verdict, verdict.because))
            if verdict.verdict == "fault":
                first = verdict.evidence[0]
                told.setdefault((each.id, verdict.calls, (first.file, first.frame)), _finding(each, verdict))
    order = list(Severity)
    findings = sorted(told.values(), key=lambda found: order.index(Severity(found.severity)))
    return Diagnosis(Table.of(Finding, findings), tuple(judgements), tuple(each.id for each in chosen))
