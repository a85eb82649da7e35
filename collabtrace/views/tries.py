"""Which tries of a request that is sent over and over went the same way: only those are worth one arrow."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from collabtrace.views.rows import Arrow

CHALLENGES = frozenset([401, 407])
"""Responses that ask for credentials: the request that brings them shows how it went (RFC 3261 §22)."""

UNANSWERED = 0
"""The outcome of a request without a final response in the capture."""


@dataclass(slots=True)
class _Try:
    """A request with its responses."""

    kind: Hashable
    """The method and the two machines."""
    thread: Hashable
    """The same, and whose request it is: a phone that fails is no change for another that does not."""
    outcome: int = UNANSWERED
    """The status of the final response."""
    chapter: int = 0


def chapters(arrows: Iterable[Arrow]) -> list[int]:
    """For each arrow, which come in the order of time, a number that changes where the outcome of its kind does."""
    tries: list[_Try] = []
    latest: dict[Hashable, _Try] = {}
    parts: list[_Try | None] = []
    for arrow in arrows:
        if arrow.cseq is None:
            parts.append(None)
            continue
        kind = (arrow.cseq.rpartition(" ")[2], frozenset((arrow.source, arrow.target)))
        key = (kind, arrow.about, arrow.cseq)
        if not arrow.answer or key not in latest:
            latest[key] = _Try(kind, (kind, arrow.about))
            tries.append(latest[key])
        if arrow.status is not None and arrow.status >= 200:
            latest[key].outcome = arrow.status
        parts.append(latest[key])
    _settle_challenges(tries)
    _number(tries)
    return [part.chapter if part else 0 for part in parts]


def _settle_challenges(tries: Sequence[_Try]) -> None:
    """Give a try that was challenged the outcome of the next one; where that is challenged too, it was refused."""
    following: dict[Hashable, int] = {}
    for each in reversed(tries):
        status, later = each.outcome, following.get(each.thread)
        if status in CHALLENGES and later is not None and later not in CHALLENGES:
            each.outcome = later
        following[each.thread] = status


def _number(tries: Iterable[_Try]) -> None:
    """Begin a chapter of a kind wherever one of its threads has another outcome than before."""
    outcomes: dict[Hashable, int] = {}
    chapter: dict[Hashable, int] = {}
    for each in tries:
        if outcomes.setdefault(each.thread, each.outcome) != each.outcome:
            chapter[each.kind] = chapter.get(each.kind, 0) + 1
            outcomes[each.thread] = each.outcome
        each.chapter = chapter.get(each.kind, 0)
