"""How legs end: the event, and in words why and by whom."""

from collabtrace.columns import Table
from collabtrace.schema import Message
from collabtrace.sessions.dialog_states import BYE, CONFIRMED, FAILURE, FORK_ANSWERED, GONE, LAST_NOTIFY
from collabtrace.sessions.legs import NONE, Attempt, Leg


class LegEnds:
    """Ends legs by the messages of the table, which are named by their rows."""

    def __init__(self, messages: Table[Message]) -> None:
        column = messages.values
        self._status, self._reason, self._cause = column("status"), column("reason"), column("cause")
        self._source, self._target, self._branch = column("source"), column("target"), column("branch")
        self._subscription_state = column("subscription_state")

    def bye(self, leg: Leg, row: int) -> None:
        """A BYE."""
        leg.end(BYE, row, self._with_cause(f"BYE from {self._source[row]}", row), self._source[row])

    def bye_answered(self, leg: Leg, row: int) -> None:
        """The response to a BYE that the capture does not hold."""
        leg.end(BYE, row, f"BYE from {self._target[row]}", self._target[row])

    def gone(self, leg: Leg, row: int, method: str) -> None:
        """A response to a request within the dialog that says that the dialog is no more (RFC 3261 §12.2.1.2)."""
        if leg.state == CONFIRMED and self._status[row] in (408, 481) and method != "BYE":
            leg.end(GONE, row, f"{self._worded(row)} to {method}", self._source[row])

    def last_notify(self, leg: Leg, row: int) -> None:
        """A NOTIFY, if it ends the subscription that the leg is (RFC 6665 §4.1.3)."""
        state = self._subscription_state[row] or ""
        if leg.method != "INVITE" and state.lower().startswith("terminated"):
            leg.end(LAST_NOTIFY, row, f"subscription {state}", self._source[row])

    def failure(self, legs: list[Leg], attempt: Attempt | None, row: int) -> None:
        """A final failure of the opening request."""
        cancel = None
        if attempt is not None and attempt.cancels and self._status[row] == 487:
            cancel = _cancel_of(attempt, [self._branch[row]])
        for leg in legs:
            if cancel is None:
                leg.end(FAILURE, row, self._worded(row), self._source[row])
            else:
                leg.end(FAILURE, row, self._cancelled(cancel), self._source[cancel])

    def without_final_response(self, legs: list[Leg], attempt: Attempt) -> None:
        """What ends the open legs of an attempt, if anything: a CANCEL, or the answer of another fork."""
        answered = next((leg.answered for leg in legs if leg.answered != NONE), None)
        for leg in legs:
            if attempt.cancels and leg.is_open:
                cancel = _cancel_of(attempt, leg.branches or [attempt.branch])
                if cancel is not None:
                    leg.end(FAILURE, cancel, self._cancelled(cancel), self._source[cancel])
            if answered is not None:
                leg.end(FORK_ANSWERED, answered, "another fork answered", self._source[answered])

    def _cancelled(self, row: int) -> str:
        # RFC 3326 §2: a proxy cancels the other forks so when one has answered.
        cause = self._cause[row] or ""
        elsewhere = cause.replace(" ", "").upper().startswith("SIP;CAUSE=200")
        return "answered elsewhere" if elsewhere else self._with_cause("cancelled", row)

    def _worded(self, row: int) -> str:
        return f"{self._status[row]} {self._reason[row] or ''}".strip()

    def _with_cause(self, text: str, row: int) -> str:
        return f"{text} ({self._cause[row]})" if self._cause[row] else text


def _cancel_of(attempt: Attempt, branches: list[str | None]) -> int | None:
    """The CANCEL that ended what was under *branches*: the caller's own before the one that a proxy made of it."""
    cancels = attempt.cancels
    under = [cancels[branch] for branch in (attempt.branch, *branches) if branch in cancels]
    return under[0] if any(branch in cancels for branch in branches) else None
