"""What floor control asked and what was answered: one row for each transaction of BFCP (RFC 8855 §8).

A request over UDP is sent again until it is answered (RFC 8855 §8.3); all its transmissions are one row. Some endpoints
say every Hello with the same transaction identifier: after a pause longer than any retransmission takes, the same
identifiers are another attempt. Over TCP a server tells news without a transaction (RFC 8855 §8.2); these have no row.

A response belongs to the request with its identifiers that went the other way. Where a NAT or a wrong address lets the
response come from or go to elsewhere, one common end is enough; so the row shows that it was answered to elsewhere.
"""

from collections import defaultdict
from collections.abc import Sequence

from collabtrace.columns import Table
from collabtrace.schema import Floor, FloorTransaction
from collabtrace.sessions.rows import Rows

LONGEST_WAIT = 5.0
"""Seconds between two transmissions of one request at most: T1 is 0.5 s and doubles three times (RFC 8855 §8.3.1)."""
REMEMBERED = 10.0
"""Seconds after the last transmission in which a response belongs to it: T2, for which servers keep responses to repeat
them (RFC 8855 §8.3.2)."""
AT_ONCE = 0.05
"""Seconds within which the same request is the same transmission, which the capture shows twice."""
DISORDER = 0.05
"""Seconds by which a response may stand before its request in a capture that was written by several queues."""
MOST_ALIKE = 64
"""Attempts with the same identifiers that are looked through for a message: those of all clients of one server."""


class _Attempt:
    """One request and its responses, as rows of ``floors``."""

    __slots__ = ("answers", "first", "last", "rows")

    def __init__(self, first: Floor) -> None:
        self.first = first
        self.last = first.time_epoch
        self.rows: list[int] = []
        self.answers: list[int] = []


def build(floors: Table[Floor]) -> Table[FloorTransaction]:
    """The transactions of all files, in the order in which they began."""
    attempts: list[_Attempt] = []
    known: defaultdict[tuple[object, ...], list[_Attempt]] = defaultdict(list)
    for row, floor in enumerate(floors):
        if floor.response or (floor.transport == "tcp" and not floor.transaction):
            continue
        same = known[floor.file, floor.conference, floor.transaction]
        attempt = next((each for each in reversed(same[-MOST_ALIKE:]) if _repeats(each, floor)), None)
        if attempt is None:
            attempt = _Attempt(floor)
            attempts.append(attempt)
            same.append(attempt)
        elif floor.time_epoch - attempt.last < AT_ONCE:
            continue
        attempt.rows.append(row)
        attempt.last = floor.time_epoch
    for row, floor in enumerate(floors):
        if floor.response:
            answered = _answered(known.get((floor.file, floor.conference, floor.transaction), ()), floor)
            if answered is not None:
                answered.answers.append(row)
    table = Rows(FloorTransaction)
    for attempt in attempts:
        _add(table, attempt, floors)
    return table.table()


def _repeats(attempt: _Attempt, floor: Floor) -> bool:
    """Whether *floor* is the request of *attempt* again."""
    first = attempt.first
    return (first.primitive, first.user, _ends(first)) == (
        floor.primitive,
        floor.user,
        _ends(floor),
    ) and floor.time_epoch - attempt.last <= LONGEST_WAIT


def _answered(attempts: Sequence[_Attempt], floor: Floor) -> _Attempt | None:
    """Which of the attempts with the identifiers of a response it belongs to: the latest that went the other way."""
    open_ones = [
        each
        for each in reversed(attempts[-MOST_ALIKE:])
        if each.first.time_epoch - DISORDER <= floor.time_epoch <= each.last + REMEMBERED
    ]
    back = (floor.target, floor.target_port), (floor.source, floor.source_port)
    exact = next((each for each in open_ones if _ends(each.first) == back), None)
    if exact is not None:
        return exact
    elsewhere = (each for each in open_ones if each.first.user == floor.user and _meet(_ends(each.first), back))
    return next(elsewhere, None)


def _meet(request: tuple[tuple[str, int], tuple[str, int]], back: tuple[tuple[str, int], tuple[str, int]]) -> bool:
    """Whether a response came from where the request went, or went to where the request came from."""
    return request[0] == back[0] or request[1] == back[1]


def _ends(floor: Floor) -> tuple[tuple[str, int], tuple[str, int]]:
    return (floor.source, floor.source_port), (floor.target, floor.target_port)


def _add(table: Rows[FloorTransaction], attempt: _Attempt, floors: Table[Floor]) -> None:
    first = attempt.first
    answers = [floors[row] for row in attempt.answers]
    answer = answers[0] if answers else None
    told = [first, *answers]
    table.add(
        first.file,
        first.source,
        first.source_port,
        first.target,
        first.target_port,
        first.transport,
        first.version,
        first.name,
        first.conference,
        first.transaction,
        first.user,
        first.time_epoch,
        attempt.last,
        None if answer is None else answer.time_epoch,
        None if answer is None else answer.name,
        next((each.floor_request for each in reversed(told) if each.floor_request is not None), None),
        next((each.status for each in answers if each.status is not None), None),
        next((each.error for each in answers if each.error is not None), None),
        tuple(attempt.rows),
        tuple(attempt.answers),
        first.call_id,
        next((each.media_row for each in told if each.media_row is not None), None),
    )
