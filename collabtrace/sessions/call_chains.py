"""Legs that a back-to-back user agent joined without a trace in any header.

The INVITE of one leg arrives at a machine, and shortly afterwards that machine sends an INVITE of another leg with the
same From user. If the To user (or Request-URI user) is the same as well, that is enough, unless two calls might be
meant; then, and where the machine calls another user, as it does for an extension, both legs must have been answered
and have ended together. Where it writes another caller as well, the pair must be the only one at the machine, both
ways: by answers and ends at the same moment, or by numbers that differ only in what stands before or behind them.
Legs that both have a Session-ID are left to it.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from collabtrace.sessions.call_legs import CallLegs, user
from collabtrace.sessions.joining import Groups

SHORTLY = 2.0
"""Seconds that a back-to-back user agent takes at most to look a number up and call on."""

TOGETHER = 1.0
"""Seconds between the same event on two legs of one call at most."""

AT_ONCE = 0.25
"""Seconds between the same event on both legs of a call at most where no user tells that they are one."""

FEWEST_DIGITS = 7
"""Digits of a number that are not the same by chance: a subscriber number without its area code."""

MOST_CANDIDATES = 8
"""Calls among which one is sought; more at a time cannot be told apart by users and times."""

Way = tuple[str, str, str]
"""File, machine and From user."""


def chained(legs: CallLegs, groups: Groups) -> Iterator[tuple[int, int]]:
    """Pairs of legs: the one that arrived, and the one that was sent on because of it."""
    arrived = _arrivals(legs)
    if not arrived:
        return
    for leg in legs.invites:
        way = _way(legs, leg, legs.caller[leg])
        if way in arrived:
            earlier = _only(legs, groups, leg, _shortly_before(legs, leg, arrived[way]))
            if earlier is not None:
                yield earlier, leg
    yield from _rewritten(legs, groups)


def _rewritten(legs: CallLegs, groups: Groups) -> Iterator[tuple[int, int]]:
    """Pairs at a machine that writes another caller on the leg that it sends on; of several none."""
    came, went = _at_machines(legs)
    for machine, leaving in went.items():
        arrived = came.get(machine, [])
        for _, leg in leaving if arrived else ():
            earlier = _only_pair(legs, groups, leg, _shortly_before(legs, leg, arrived))
            if earlier is not None:
                start = legs.started[earlier]
                later = leaving[bisect_left(leaving, (start, -1)) : bisect_right(leaving, (start + SHORTLY, legs.size))]
                if _is_free(groups, earlier, later) and [
                    other for _, other in later if _matches(legs, other, earlier)
                ] == [leg]:
                    yield earlier, leg


Place = tuple[str, str]
"""File and machine."""

Started = list[tuple[float, int]]
"""Legs with their starts, in order of time."""


def _at_machines(legs: CallLegs) -> tuple[dict[Place, Started], dict[Place, Started]]:
    """The legs that went to each machine, and those that it sent."""
    came: dict[Place, Started] = {}
    went: dict[Place, Started] = {}
    for leg in legs.invites:
        if legs.caller[leg] != legs.callee[leg]:
            came.setdefault((legs.file[leg], legs.callee[leg]), []).append((legs.started[leg], leg))
            went.setdefault((legs.file[leg], legs.caller[leg]), []).append((legs.started[leg], leg))
    for found in (*came.values(), *went.values()):
        found.sort()
    return came, went


def _only_pair(legs: CallLegs, groups: Groups, leg: int, candidates: list[int]) -> int | None:
    """The one leg that this may go on from; none where one of them is known to be the same call."""
    if len(candidates) > MOST_CANDIDATES or any(groups.together(leg, other) for other in candidates):
        return None
    found = [other for other in candidates if _matches(legs, leg, other)]
    return found[0] if len(found) == 1 else None


def _is_free(groups: Groups, earlier: int, later: Started) -> bool:
    """Whether the machine is not known to have sent *earlier* on already, and did not send too much at a time."""
    return len(later) <= MOST_CANDIDATES and not any(groups.together(earlier, other) for _, other in later)


def _matches(legs: CallLegs, leg: int, earlier: int) -> bool:
    """Whether both went alike to the moment, or carry the same two numbers."""
    if not _may_follow(legs, leg, earlier):
        return False
    return _alike(legs, leg, earlier, AT_ONCE) or (
        _same_number(user(legs.from_uri[leg]), user(legs.from_uri[earlier]))
        and any(_same_number(one, other) for one in _called(legs, leg) for other in _called(legs, earlier))
    )


_NUMBER = re.compile(r"\+?([0-9]{1,32})")


def _same_number(one: str | None, other: str | None) -> bool:
    """Whether one number ends in the other: with and without +, country code or a prefix for the next hop."""
    found = sorted((match[1] for name in (one, other) if name and (match := _NUMBER.match(name))), key=len)
    return len(found) == 2 and len(found[0]) >= FEWEST_DIGITS and found[1].endswith(found[0])


def _arrivals(legs: CallLegs) -> dict[Way | None, list[tuple[float, int]]]:
    """Legs by the machine that they went to, in order of time; only machines that call on count."""
    callers = {legs.caller[leg] for leg in legs.invites}
    arrived: dict[Way | None, list[tuple[float, int]]] = {}
    for leg in legs.invites:
        if legs.callee[leg] in callers and legs.caller[leg] != legs.callee[leg]:
            arrived.setdefault(_way(legs, leg, legs.callee[leg]), []).append((legs.started[leg], leg))
    arrived.pop(None, None)
    for found in arrived.values():
        found.sort()
    return arrived


def _way(legs: CallLegs, leg: int, machine: str) -> Way | None:
    caller = user(legs.from_uri[leg])
    return None if caller is None else (legs.file[leg], machine, caller)


def _shortly_before(legs: CallLegs, leg: int, arrived: list[tuple[float, int]]) -> list[int]:
    start = legs.started[leg]
    low = bisect_left(arrived, (start - SHORTLY, -1))
    high = bisect_right(arrived, (start, leg))
    return [other for _, other in arrived[max(low, high - MOST_CANDIDATES - 1) : high] if other != leg]


def _only(legs: CallLegs, groups: Groups, leg: int, candidates: list[int]) -> int | None:
    """The one call that this leg may belong to."""
    if len(candidates) > MOST_CANDIDATES:
        return None
    free = [other for other in candidates if _may_follow(legs, leg, other) and not groups.together(leg, other)]
    same_user = [other for other in free if _called(legs, leg) & _called(legs, other)]
    for found in (same_user, [other for other in free if _alike(legs, leg, other)]):
        if len({groups.root(other) for other in found}) == 1:
            return found[0]
    return None


def _may_follow(legs: CallLegs, leg: int, earlier: int) -> bool:
    return (
        legs.call_id[earlier] != legs.call_id[leg]
        and legs.callee[leg] not in (legs.caller[leg], legs.caller[earlier])
        and legs.overlap(earlier, leg)
        and not (legs.has_session_id(earlier) and legs.has_session_id(leg))
    )


def _called(legs: CallLegs, leg: int) -> set[str]:
    """The users that the leg is to."""
    return {name for name in (user(legs.request_uri(leg)), user(legs.to_uri[leg])) if name is not None}


def _alike(legs: CallLegs, one: int, other: int, within: float = TOGETHER) -> bool:
    """Whether both were answered and ended at the same time."""
    for times in (legs.answered, legs.ended):
        if times[one] is None or times[other] is None or abs(times[one] - times[other]) > within:
            return False
    return True
