"""The messages of one Call-ID, sorted into legs (RFC 3261 §12, §13).

* Requests and responses pass every proxy with the same Call-ID and tags: those of all hops are one leg's.
* A challenge, a redirection or another failure that the caller answers with a further try is no leg of its own.
* A final failure ends the open legs that were seen under its branch. So a fork that gives up behind a proxy
  ends alone, and what the proxy tells the caller in the end, on the branch of the caller, ends all (§13.2.2.3).
* A capture that begins in the middle of a call shows its first message within the dialog: the leg is confirmed
  then, and its opening unknown. Where it shows a ringing first, the 2xx of the same CSeq and To tag answers the
  opening, although a re-INVITE may be answered so too: those rarely ring.
"""

from collections.abc import Callable

from collabtrace.columns import MISSING, Table
from collabtrace.protocols import sip
from collabtrace.schema import Message
from collabtrace.sessions.dialog_states import (
    CONFIRMED,
    EARLY,
    FAILED,
    OPEN,
    OPENING,
    PROVISIONAL,
    SESSION,
    SUCCESS,
    TELLING,
    WITHIN,
    is_retried,
)
from collabtrace.sessions.leg_ends import LegEnds
from collabtrace.sessions.legs import NONE, Attempt, Leg

MOST_FORKS = 32
"""Legs of one attempt, the last of which takes all further forks: each leg repeats the rows of the attempt."""

MOST_BRANCHES = 16
"""Branches that are remembered of one leg: more hops or tries than that do not occur."""


class Gathering:
    """Sorts the messages of one Call-ID after the other into legs."""

    def __init__(self, messages: Table[Message], sip_of: Callable[[int], sip.Message] | None = None) -> None:
        column = messages.values
        self.method, self.status = column("method"), column("status")
        self.cseq, self.cseq_method = column("cseq"), column("cseq_method")
        self.from_tag, self.to_tag = column("from_tag"), column("to_tag")
        self.branch = column("branch")
        copies = (messages.numbers("duplicate_of") != MISSING) | (messages.numbers("retransmission_of") != MISSING)
        self.is_copy = copies.tolist()
        self._ends = LegEnds(messages, sip_of)
        self._legs: dict[tuple[str | None, str | None], Leg] = {}
        self._attempts: dict[tuple[str, str | None], Attempt] = {}
        self._begun: list[Attempt | Leg] = []
        self._outside: set[tuple[str, str | None]] = set()

    def group(self, rows: list[int]) -> list[Leg]:
        """The legs of one Call-ID, in the order in which they began."""
        self._legs, self._attempts, self._begun, self._outside = {}, {}, [], set()
        for row in rows:
            method = self.method[row]
            if method is None:
                self._response(row)
            elif method == "CANCEL":
                self._cancel(row)
            elif method in OPENING and self.to_tag[row] is None:
                self._open(row, method)
            else:
                self._within(row, method)
        return [leg for begun in self._begun for leg in ([begun] if isinstance(begun, Leg) else self._legs_of(begun))]

    def _open(self, row: int, method: str) -> None:
        """An opening request: a new attempt, a further try, or the same one on another hop."""
        cseq = self.cseq[row] or 0
        attempt = self._attempts.get((method, self.from_tag[row]))
        if attempt is not None and cseq > attempt.cseq and not self.is_copy[row]:
            if all(leg.state == FAILED and is_retried(self.status[leg.ended]) for leg in attempt.legs):
                self._try_again(attempt, cseq, self.branch[row])
            else:
                attempt = None
        if attempt is None:
            attempt = self._begin(row, method)
        attempt.rows.append(row)

    def _begin(self, row: int, method: str) -> Attempt:
        attempt = Attempt(
            method,
            self.from_tag[row],
            row,
            cseq=self.cseq[row] or 0,
            branch=self.branch[row],
            to_caller=self.method[row] is None,
        )
        self._attempts[method, attempt.from_tag] = attempt
        self._begun.append(attempt)
        return attempt

    def _try_again(self, attempt: Attempt, cseq: int, branch: str | None) -> None:
        """Fold what failed into the attempt, which goes on."""
        for leg in attempt.legs:
            self._legs.pop((leg.from_tag, leg.to_tag), None)
            self._legs.pop((leg.to_tag, leg.from_tag), None)
            attempt.rows += leg.rows
        attempt.legs.clear()
        attempt.cancels.clear()
        attempt.cseq, attempt.branch = cseq, branch

    def _cancel(self, row: int) -> None:
        attempt = self._attempts.get(("INVITE", self.from_tag[row])) or self._begin(row, "INVITE")
        attempt.rows.append(row)
        attempt.cancels.setdefault(self.branch[row], row)

    def _response(self, row: int) -> None:
        from_tag, to_tag, method, status = self.from_tag[row], self.to_tag[row], self.cseq_method[row], self.status[row]
        leg = self._legs.get((from_tag, to_tag))
        if leg is not None:
            leg.rows.append(row)
            if not self.is_copy[row]:
                self._answer(leg, row, method, status)
            return
        attempt = self._attempts.get(("INVITE" if method == "CANCEL" else method, from_tag))
        if attempt is None:
            attempt = self._stray_response(row, from_tag, to_tag, method, status)
        if attempt is None:
            return
        if method == "CANCEL" or status == 100 or self.is_copy[row] or self.cseq[row] != attempt.cseq:
            attempt.rows.append(row)
        elif status < 300:
            leg = self._leg(attempt, to_tag)
            leg.rows.append(row)
            self._answer(leg, row, method, status)
        else:
            self._fail(attempt, row)

    def _leg(self, attempt: Attempt, to_tag: str | None) -> Leg:
        """A further leg of an attempt; one that an untagged response began (RFC 2543) takes the tag."""
        untagged = self._legs.get((attempt.from_tag, None))
        if untagged is not None and untagged.is_open:
            leg = untagged
            leg.to_tag = to_tag
        elif len(attempt.legs) >= MOST_FORKS:
            leg = attempt.legs[-1]
        else:
            leg = Leg.of(attempt, to_tag)
            attempt.legs.append(leg)
        self._legs[attempt.from_tag, to_tag] = self._legs[to_tag, attempt.from_tag] = leg
        return leg

    def _answer(self, leg: Leg, row: int, method: str, status: int) -> None:
        """A response within a leg."""
        if method == leg.method:
            branch = self.branch[row]
            if leg.state in OPEN and branch not in leg.branches and len(leg.branches) < MOST_BRANCHES:
                leg.branches.append(branch)
            if 100 < status < 200:
                self._progress(leg, row)
            elif 200 <= status < 300:
                self._succeed(leg, row)
            elif status >= 300 and leg.state in OPEN:
                if leg.attempt is None:
                    self._ends.failure([leg], None, row)
                else:
                    self._fail(leg.attempt, row)
        self._ends.gone(leg, row, method)

    def _progress(self, leg: Leg, row: int) -> None:
        """A provisional response; after a 100 alone, it shows that the leg is being opened (RFC 3261 §13.3.1.1)."""
        if leg.attempt is None and leg.state == CONFIRMED:
            if len(leg.rows) <= MOST_BRANCHES and all(self._is_progress_of(seen, row) for seen in leg.rows):
                leg.state = EARLY
        else:
            leg.move(PROVISIONAL)

    def _is_progress_of(self, seen: int, row: int) -> bool:
        """Whether *seen* is a provisional response to the request that *row* answers."""
        request = (self.cseq_method[row], self.cseq[row])
        return (self.status[seen] or 200) < 200 and (self.cseq_method[seen], self.cseq[seen]) == request

    def _succeed(self, leg: Leg, row: int) -> None:
        knew_opening = leg.attempt is not None or leg.state == EARLY
        leg.move(SUCCESS)
        if leg.state == CONFIRMED and knew_opening and leg.answered == NONE:
            leg.answered = row
            leg.ended, leg.end_reason, leg.ended_by = NONE, None, None

    def _fail(self, attempt: Attempt, row: int) -> None:
        """A final failure of the opening request, for the legs under its branch or for a leg of its own."""
        branch, to_tag = self.branch[row], self.to_tag[row]
        under = [leg for leg in attempt.legs if branch in leg.branches and leg.state in OPEN]
        own = self._legs.get((attempt.from_tag, to_tag))
        if own is not None and own not in under:
            under.append(own)
        if under:
            for leg in under:
                if leg is not own:
                    leg.rows.append(row)
            self._ends.failure(under, attempt, row)
        elif attempt.legs and branch == attempt.branch and all(leg.state == FAILED for leg in attempt.legs):
            attempt.rows.append(row)
        else:
            leg = self._leg(attempt, to_tag)
            leg.rows.append(row)
            self._ends.failure([leg], attempt, row)

    def _within(self, row: int, method: str) -> None:
        """A request within a dialog, or one that belongs to none."""
        from_tag, to_tag = self.from_tag[row], self.to_tag[row]
        leg = self._legs.get((from_tag, to_tag)) or self._stray_request(row, from_tag, to_tag, method)
        if leg is None:
            return
        leg.rows.append(row)
        if leg.attempt is None and method in SESSION:
            leg.method = "INVITE"
        if self.is_copy[row]:
            return
        if method == "BYE":
            self._ends.bye(leg, row)
        elif method == "NOTIFY":
            self._ends.last_notify(leg, row)

    def _stray_request(self, row: int, from_tag: str | None, to_tag: str | None, method: str) -> Leg | None:
        """The leg of a request whose tags are new; None where it has none."""
        if method == "ACK":
            attempt = self._attempts.get(("INVITE", from_tag))
            if attempt is not None and (self.cseq[row] != attempt.cseq or self.branch[row] == attempt.branch):
                attempt.rows.append(row)  # Of a failure, or of a try before.
                return None
        if to_tag is None:
            self._outside.add((method, from_tag))
        if to_tag is None or from_tag is None or method not in WITHIN:
            return None
        openers = ("SUBSCRIBE", "REFER") if method == "NOTIFY" else ("INVITE",)
        for opener, tags in ((opener, tags) for opener in openers for tags in ((from_tag, to_tag), (to_tag, from_tag))):
            attempt = self._attempts.get((opener, tags[0]))
            if attempt is not None:
                leg = self._leg(attempt, tags[1])
                leg.state = EARLY if method == "PRACK" else CONFIRMED
                return leg
        state = EARLY if method == "PRACK" else CONFIRMED
        return self._stray(row, "SUBSCRIBE" if method in ("SUBSCRIBE", "NOTIFY") else "INVITE", state)

    def _stray_response(
        self, row: int, from_tag: str | None, to_tag: str | None, method: str | None, status: int
    ) -> Attempt | None:
        """The attempt that a response without request answers; within a dialog, its leg is begun instead."""
        if method in OPENING and not (to_tag is not None and (status == 100 or 200 <= status < 300)):
            return self._begin(row, method)
        if to_tag is None or from_tag is None or method not in TELLING or (method, from_tag) in self._outside:
            return None
        state = EARLY if method == "PRACK" else CONFIRMED
        leg = self._stray(row, "SUBSCRIBE" if method == "SUBSCRIBE" else "INVITE", state)
        leg.rows.append(row)
        if method == "BYE":
            self._ends.bye_answered(leg, row)
        return None

    def _stray(self, row: int, method: str, state: str) -> Leg:
        """A leg whose opening the capture does not hold."""
        leg = Leg(method, self.from_tag[row], self.to_tag[row], row, state=state, to_caller=self.method[row] is None)
        self._legs[leg.from_tag, leg.to_tag] = self._legs[leg.to_tag, leg.from_tag] = leg
        self._begun.append(leg)
        return leg

    def _legs_of(self, attempt: Attempt) -> list[Leg]:
        """The legs that an attempt came to; the attempt itself where nothing with a tag answered."""
        legs = attempt.legs or [Leg.of(attempt, None)]
        self._ends.without_final_response(legs, attempt)
        return legs
