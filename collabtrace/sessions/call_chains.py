"""Legs that a back-to-back user agent joined without a trace in any header.

The INVITE of one leg arrives at a machine, and shortly afterwards that machine sends an INVITE of another leg with the
same From user and the same To user (or Request-URI user). Where two calls might be meant, the one counts that was
answered and ended together with the new leg; where that does not tell either, none does. Legs that both have a
Session-ID are left to it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from collabtrace.sessions.call_legs import CallLegs, user
from collabtrace.sessions.joining import Groups

SHORTLY = 2.0
"""Seconds that a back-to-back user agent takes at most to look a number up and call on."""

TOGETHER = 1.0
"""Seconds between the same event on two legs of one call at most."""

MOST_CANDIDATES = 8
"""Calls among which one is sought; more at a time cannot be told apart by users and times."""

Way = tuple[str, str, str, str]
"""File, machine, From user, To user."""


def chained(legs: CallLegs, groups: Groups) -> Iterator[tuple[int, int]]:
    """Pairs of legs: the one that arrived, and the one that was sent on because of it."""
    arrived = _arrivals(legs)
    if not arrived:
        return
    for leg in legs.invites:
        for way in _ways(legs, leg, legs.caller[leg]):
            earlier = _only(legs, groups, leg, _shortly_before(legs, leg, arrived.get(way, [])))
            if earlier is not None:
                yield earlier, leg
                break


def _arrivals(legs: CallLegs) -> dict[Way, list[tuple[float, int]]]:
    """Legs by the machine that they went to, in order of time; only machines that call on count."""
    callers = {legs.caller[leg] for leg in legs.invites}
    arrived: dict[Way, list[tuple[float, int]]] = {}
    for leg in legs.invites:
        if legs.callee[leg] in callers and legs.caller[leg] != legs.callee[leg]:
            for way in _ways(legs, leg, legs.callee[leg]):
                arrived.setdefault(way, []).append((legs.started[leg], leg))
    for found in arrived.values():
        found.sort()
    return arrived


def _ways(legs: CallLegs, leg: int, machine: str) -> list[Way]:
    caller = user(legs.from_uri[leg])
    called = dict.fromkeys((user(legs.request_uri(leg)), user(legs.to_uri[leg])))
    return [(legs.file[leg], machine, caller, name) for name in called if name and caller]


def _shortly_before(legs: CallLegs, leg: int, arrived: list[tuple[float, int]]) -> list[int]:
    start = legs.started[leg]
    low = bisect_left(arrived, (start - SHORTLY, -1))
    high = bisect_right(arrived, (start, leg))
    return [other for _, other in arrived[max(low, high - MOST_CANDIDATES - 1) : high] if other != leg]


def _only(legs: CallLegs, groups: Groups, leg: int, candidates: list[int]) -> int | None:
    """The one leg that this one may belong to."""
    open_ = [
        other
        for other in candidates
        if legs.call_id[other] != legs.call_id[leg]
        and legs.callee[leg] not in (legs.caller[leg], legs.caller[other])
        and legs.overlap(other, leg)
        and not groups.together(other, leg)
        and not (legs.has_session_id(other) and legs.has_session_id(leg))
    ]
    if len(candidates) > MOST_CANDIDATES:
        return None
    if len({groups.root(other) for other in open_}) > 1:
        open_ = [other for other in open_ if _alike(legs, leg, other)]
    return open_[0] if len({groups.root(other) for other in open_}) == 1 else None


def _alike(legs: CallLegs, one: int, other: int) -> bool:
    """Whether both were answered and ended at the same time."""
    for times in (legs.answered, legs.ended):
        if times[one] is None or times[other] is None or abs(times[one] - times[other]) > TOGETHER:
            return False
    return True
