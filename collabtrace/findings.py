"""The rules applied to a case: every subject of it is judged, and what is found is told, the gravest first.

A rule that raises is the ``unknown`` of the subject that it raised at; the others go on.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from collabtrace.columns import Table
from collabtrace.rulebook import Rule, find_rule, rules
from collabtrace.schema import Capture, Evidence, Finding
from collabtrace.sessions.case import Case
from collabtrace.subjects import Call, Conference, Pair, Recording, RtpStream, Sight, TlsPeers, gathering
from collabtrace.subjects.related import Related
from collabtrace.verdicts import Severity, Verdict, unknown


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


class Said(NamedTuple):
    """A verdict, and the calls that it is about."""

    verdict: Verdict
    calls: tuple[str, ...]
    """Those that the verdict names, or else those of the subject."""


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


def _judged(chosen: Sequence[Rule], case: Case) -> Mapping[str, Sequence[Said]]:
    """What the rules say, by rule; every subject is made once, for all that judge its kind."""
    related, sight = Related(case), Sight(case)
    said: dict[str, list[Said]] = {each.id: [] for each in chosen}
    judges: defaultdict[type[Any], list[tuple[Rule, list[Said]]]] = defaultdict(list)
    for each in chosen:
        for kind in each.subjects:
            judges[kind].append((each, said[each.id]))
    for kind, those in judges.items():
        for subject in SUBJECTS[kind](related):
            calls = tuple(getattr(subject, "call_ids", ()))
            for each, heard in those:
                try:
                    for verdict in each.judge(subject, sight) if each.asks else each.judge(subject):
                        heard.append(Said(verdict, verdict.calls or calls))
                except Exception as error:
                    failed = unknown(f"the rule itself failed: {type(error).__name__}: {error}")
                    heard.append(Said(failed, calls))
    return said


def _shown(evidence: Sequence[Evidence]) -> str:
    """A display filter for the frames of the first file of the evidence; frame numbers mean nothing in another."""
    frames = sorted({each.frame for each in evidence if each.file == evidence[0].file})
    return f"frame.number in {{{', '.join(map(str, frames))}}}"


def _finding(each: Rule, verdict: Verdict, calls: tuple[str, ...]) -> Finding:
    return Finding(
        rule=each.id,
        severity=each.severity.value,
        confidence=verdict.confidence.value,
        title=each.title,
        message=verdict.because,
        calls=calls,
        evidence=verdict.evidence,
        display_filter=verdict.display_filter or _shown(verdict.evidence),
        remedy=each.points("What to do next"),
        references=each.points("References"),
    )


def diagnose(case: Case, only: Sequence[str] = ()) -> Diagnosis:
    """Let every rule judge the case, or the rules named in *only* (a KeyError for a name unknown)."""
    chosen = [find_rule(name) for name in dict.fromkeys(only)] or list(rules())
    told: dict[tuple[str, tuple[str, ...], tuple[str, int]], Finding] = {}
    judgements = []
    said = _judged(chosen, case)
    for each in chosen:
        for verdict, calls in said[each.id]:
            judgements.append(Judgement(each.id, calls, verdict.verdict, verdict.because))
            if verdict.verdict == "fault":
                first = verdict.evidence[0]
                told.setdefault((each.id, calls, (first.file, first.frame)), _finding(each, verdict, calls))
    order = list(Severity)
    findings = sorted(told.values(), key=lambda found: order.index(Severity(found.severity)))
    return Diagnosis(Table.of(Finding, findings), tuple(judgements), tuple(each.id for each in chosen))
