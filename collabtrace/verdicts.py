"""What a rule says, and how a function is marked as one.

A rule is a module with one function marked ``@rule``. The type of the function's first parameter says what the rule
judges, one subject at a time (``collabtrace.subjects``); a second one, ``sight: Sight``, answers what the captures
could have shown. For every subject it yields verdicts: a fault with the frames that prove it, clear, or unknown
with the reason, and nothing where it does not apply.
"""

import enum
import typing
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from collabtrace.schema import Evidence
from collabtrace.severity import Severity
from collabtrace.subjects import Sight

__all__ = ["Confidence", "Severity", "Verdict", "clear", "fault", "proof", "rule", "unknown"]


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
