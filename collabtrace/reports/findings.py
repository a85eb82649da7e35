"""The faults that the rules found, each with the frames that prove it and what to do next."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from collabtrace.findings import Diagnosis, Judgement
from collabtrace.reports.anchors import Anchors
from collabtrace.reports.parts import Row, badge, code, empty, facts, items, link, prose, table
from collabtrace.reports.section import Case, Section
from collabtrace.reports.tones import severity_tone
from collabtrace.schema import Evidence, Finding
from collabtrace.views.findings import as_text
from collabtrace.views.markup import element, join
from collabtrace.views.wording import counted

CHECKED = ("Rule", "Faults", "Clear", "Cannot tell", "Why it cannot tell")
NUMBERS = ("Faults", "Clear", "Cannot tell")

MOST_CALLS = 20
"""Calls that a finding links to; the rest is counted."""

MOST_REASONS = 3
"""Reasons for which a rule could not tell; the rest is counted."""


@dataclass(frozen=True, repr=False)
class Findings(Section):
    """What every rule said of one case."""

    diagnosis: Diagnosis
    anchors: Anchors
    title: str = "Findings"

    @classmethod
    def of(cls, case: Case, diagnosis: Diagnosis) -> "Findings":
        """The findings as they stand alone, without a page of calls to link to."""
        return cls(diagnosis, Anchors(case, (), conversations=0))

    def __repr__(self) -> str:
        return as_text(self.anchors.case, self.diagnosis)

    def html(self) -> Markup:
        """A card for each finding, and what was checked."""
        found = [finding_card(finding, self.anchors) for finding in self.diagnosis.findings]
        none = None if found else empty("No rule found a fault.")
        return join([none, *found, _checked(self.diagnosis)])


def finding_card(finding: Finding, anchors: Anchors, level: int = 3, *, folded: bool = False) -> Markup:
    """One finding whole, with a heading of that level; *folded*, what to do about it waits to be opened."""
    several = len(anchors.case.captures) > 1
    headings = ("Frame", "File", "Shows") if several else ("Frame", "", "Shows")
    in_order = sorted(finding.evidence, key=lambda proof: (proof.file, proof.frame))
    proofs = [_proof(proof, anchors, several=several) for proof in in_order]
    advice = join(
        [
            _listed("What to do next", finding.remedy, level + 1, "ol"),
            _listed("References", finding.references, level + 1, "ul"),
        ]
    )
    of_file = several and (finding.display_filter or "").startswith("frame.number ")
    shows = f"Wireshark display filter for {finding.evidence[0].file}" if of_file else "Wireshark display filter"
    heading = element(f"h{level}", badge(finding.severity, severity_tone(finding.severity)), " ", finding.title)
    return element(
        "article",
        heading,
        element("p", prose(finding.message)),
        table("Frames that prove it", headings, proofs, ("Frame",)),
        element("details", element("summary", "What to do next"), advice) if folded else advice,
        facts(
            [
                ("Confidence", finding.confidence),
                ("Rule", element("code", finding.rule)),
                ("Calls", _calls(finding.calls, anchors) if finding.calls else None),
                (shows, code(finding.display_filter) if finding.display_filter else None),
            ]
        ),
        class_=f"finding {severity_tone(finding.severity)}",
        data_rule=finding.rule,
    )


def _listed(heading: str, entries: Sequence[str], level: int, name: str) -> Markup | None:
    return join([element(f"h{level}", heading), items(map(prose, entries), name)]) if entries else None


def _proof(proof: Evidence, anchors: Anchors, *, several: bool) -> Row:
    place = link(f"{proof.frame}", anchors.frame(proof.file, proof.frame))
    return Row((place, proof.file if several else None, proof.shows))


def _calls(call_ids: Sequence[str], anchors: Anchors) -> Markup:
    legs: dict[int | str, str] = {anchors.contents.call_of_id.get(call_id, call_id): call_id for call_id in call_ids}
    shown = [
        link(f"call {call}" if isinstance(call, int) else call, anchors.call_of(call_id))
        for call, call_id in legs.items()
    ]
    rest = len(shown) - MOST_CALLS
    return join([*shown[:MOST_CALLS], *([f"and {counted(rest, 'more', 'more')}"] if rest > 0 else [])], ", ")


def _checked(diagnosis: Diagnosis) -> Markup:
    """What each rule decided, so that silence can be told from having found nothing wrong."""
    if not diagnosis.checked:
        return empty("No rule is installed, so nothing was judged; the tables below state the facts.")
    by_rule: dict[str, list[Judgement]] = {rule: [] for rule in diagnosis.checked}
    for judgement in diagnosis.judgements:
        by_rule.setdefault(judgement.rule, []).append(judgement)
    rows = [_decided(rule, told) for rule, told in by_rule.items() if told]
    checks = table("What was checked", CHECKED, rows, NUMBERS) if rows else None
    summary = element("summary", f"What was checked: {counted(len(diagnosis.checked), 'rule')}")
    idle = _idle([rule for rule, told in by_rule.items() if not told])
    return element("details", summary, checks, idle, open=not len(diagnosis.findings))


def _idle(rules: Sequence[str]) -> Markup | None:
    """The rules that had nothing to judge: in most captures the most, and none of them worth a row."""
    if not rules:
        return None
    named = join((element("code", rule) for rule in rules), ", ")
    return element("p", "The capture holds nothing to judge for ", named, ".", class_="idle")


def _decided(rule: str, told: Sequence[Judgement]) -> Row:
    verdicts = Counter(judgement.verdict for judgement in told)
    reasons = Counter(judgement.because for judgement in told if judgement.verdict == "unknown")
    listed = [f"{reason} ({n}×)" if n > 1 else reason for reason, n in reasons.most_common(MOST_REASONS)]
    if len(reasons) > MOST_REASONS:
        listed.append(f"and {counted(len(reasons) - MOST_REASONS, 'more reason')}")
    why = prose("; ".join(listed)) if listed else None
    return Row((element("code", rule), verdicts["fault"], verdicts["clear"], verdicts["unknown"], why))
