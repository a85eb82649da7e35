"""How a call went, and when and by what it ended.

A call that was answered ends with the last of its legs: after a transfer, that is not the first. A back-to-back user
agent ends its legs one after the other, so among those that ended together the first says who hung up. A call that
failed ended as its caller was told.
"""

import functools
import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

from collabtrace.columns import Table
from collabtrace.schema import Dialog, Message, Unreachable
from collabtrace.sessions.call_legs import CallLegs
from collabtrace.sessions.dialog_states import CONFIRMED, EARLY, FAILED, TERMINATED, TRYING
from collabtrace.sessions.undelivered import undelivered

TOGETHER = 1.0
"""Seconds between the ends of the legs of one call at most, where one is the consequence of the other."""

LISTENED = 32.0
"""Seconds after an INVITE in which an ICMP error may be about it: 64·T1, while it is sent again (RFC 3261 §17.1.1)."""

RESULTS = {408: "no answer", 480: "unavailable", 486: "busy", 487: "cancelled", 600: "busy", 603: "declined"}
"""Failures that people have a word for."""

PROGRESS = {180: "ringing", 183: "session progress", 182: "queued", 181: "being forwarded"}
"""Words for provisional responses; the first of them that was seen counts."""

_STATUS = re.compile(r"[3-6][0-9]{2}(?= |$)")
_DETAIL = re.compile(r" \(|, then ")
_FURTHEST = (TERMINATED, CONFIRMED, FAILED, EARLY, TRYING)
"""States of the same leg in several captures, or of its forks: the one that counts comes first."""

Ends: TypeAlias = tuple[str | int | None, ...]
"""File, source and target of a packet, with ports."""


class Outcome(NamedTuple):
    """What became of a call; times in seconds since the epoch."""

    answered: float | None
    ended: float | None
    result: str
    end_reason: str | None


class Outcomes:
    """Tells the outcome of calls from the legs that they are made of."""

    def __init__(
        self, legs: CallLegs, messages: Table[Message], dialogs: Table[Dialog], unreachables: Table[Unreachable]
    ) -> None:
        self._legs = legs
        self._state, self._end_reason = dialogs.values("state"), dialogs.values("end_reason")
        column = messages.values
        self._method, self._status, self._cseq_method = column("method"), column("status"), column("cseq_method")
        self._time = column("time_epoch")
        self._ends = [column(name) for name in ("file", "source", "source_port", "target", "target_port")]
        self._unreachables = unreachables

    def of(self, group: Sequence[int]) -> Outcome:
        """The outcome of the call whose legs, in the order of their start, are *group*."""
        legs = self._legs
        invites = [leg for leg in group if legs.method[leg] == "INVITE"]
        own = [leg for leg in invites if legs.call_id[leg] == legs.call_id[invites[0]]]
        told = min(own, key=lambda leg: _FURTHEST.index(self._state[leg]))
        answered = legs.answered[told]
        if answered is None:
            answered = min((legs.answered[leg] for leg in own if legs.answered[leg] is not None), default=None)
        if self._state[told] == TERMINATED:
            ended_by = self._hung_up(invites)
            if ended_by is None:
                return Outcome(answered, None, "ongoing", None)
            return Outcome(answered, legs.ended[ended_by], "answered", self._end_reason[ended_by])
        return Outcome(answered, legs.ended[told], self._result(told, own), self._end_reason[told])

    def _hung_up(self, invites: Sequence[int]) -> int | None:
        """The leg whose end ended the call; None where the call went on in a leg that has no end."""
        legs, state = self._legs, self._state
        over = [leg for leg in invites if state[leg] == TERMINATED]
        last = max(legs.ended[leg] for leg in over)
        ended = {legs.call_id[leg] for leg in over}
        for leg in invites:
            if state[leg] == CONFIRMED and legs.call_id[leg] not in ended and legs.last(leg) > last:
                return None
        return min((leg for leg in over if last - legs.ended[leg] <= TOGETHER), key=lambda leg: legs.ended[leg])

    def _result(self, told: int, own: Sequence[int]) -> str:
        """How a call went that did not end with a BYE, in a word or two."""
        state = self._state[told]
        if state == CONFIRMED:
            return "ongoing"
        if state == FAILED:
            return _failure(self._end_reason[told] or "")
        rows = [row for leg in own for row in self._legs.rows[leg] if self._cseq_method[row] == "INVITE"]
        seen = {self._status[row] for row in rows if self._status[row] is not None}
        if state == EARLY:
            return next((word for status, word in PROGRESS.items() if status in seen), "proceeding")
        if seen:
            return "trying"
        return "unreachable" if any(map(self._is_unreachable, rows)) else "no response"

    def _is_unreachable(self, row: int) -> bool:
        """Whether ICMP says that the request *row* did not arrive."""
        file, source, source_port, target, target_port = (column[row] for column in self._ends)
        told = self._unreachable.get((file, source, source_port, target, target_port), [])
        after = bisect_left(told, self._time[row])
        return self._method[row] == "INVITE" and after < len(told) and told[after] - self._time[row] <= LISTENED

    @functools.cached_property
    def _unreachable(self) -> dict[Ends, list[float]]:
        """When ICMP said of which packets that they did not reach their destination."""
        ends = ("file", "quoted_source", "quoted_source_port", "quoted_target", "quoted_target_port")
        columns = zip(*map(self._unreachables.values, (*ends, "type", "code", "time_epoch")), strict=True)
        found: dict[Ends, list[float]] = {}
        for *quoted, kind, code, time in columns:
            if undelivered(quoted[1], kind, code):
                found.setdefault(tuple(quoted), []).append(time)
        for times in found.values():
            times.sort()
        return found


def _failure(reason: str) -> str:
    """The result of a call that failed, from the reason of its leg."""
    status = _STATUS.match(reason)
    if status is None:
        return _DETAIL.split(reason, maxsplit=1)[0] or "failed"
    return RESULTS.get(int(status[0]), f"failed {status[0]}")
