"""How legs end: the event, and in words why and by whom.

A request that had passed a proxy when it was seen first (more than one Via, RFC 3261 §16.6) comes from behind the
machine that sent it there: the words then say from which side it came, and by way of which machine. Some servers add
a second Via to what they send themselves; there, the last one names the machine that sent it.
"""

from collections.abc import Callable

from collabtrace.columns import Table
from collabtrace.protocols import sip
from collabtrace.schema import Message
from collabtrace.sessions.dialog_states import BYE, CONFIRMED, FAILURE, FORK_ANSWERED, GONE, LAST_NOTIFY, SESSION
from collabtrace.sessions.legs import NONE, Attempt, Leg


class LegEnds:
    """Ends legs by the messages of the table, which are named by their rows."""

    def __init__(self, messages: Table[Message], sip_of: Callable[[int], sip.Message] | None = None) -> None:
        self._sip_of = sip_of
        column = messages.values
        self._status, self._reason, self._cause = column("status"), column("reason"), column("cause")
        self._source, self._target, self._branch = column("source"), column("target"), column("branch")
        self._from_tag, self._vias = column("from_tag"), column("vias")
        self._subscription_state = column("subscription_state")

    def bye(self, leg: Leg, row: int) -> None:
        """A BYE."""
        sender = self._source[row]
        leg.end(BYE, row, self._with_cause(self._bye_from(leg, row, sender), row), sender)

    def bye_answered(self, leg: Leg, row: int) -> None:
        """The response to a BYE that the capture does not hold."""
        sender = self._target[row]
        leg.end(BYE, row, self._bye_from(leg, row, sender), sender)

    def _bye_from(self, leg: Leg, row: int, sender: str) -> str:
        if self._vias[row] <= 1 or self._began_at(row, sender):
            return f"BYE from {sender}"
        if leg.attempt is None:  # Which side called is not known.
            return f"BYE via {sender}"
        side = "caller" if self._from_tag[row] == leg.from_tag else "callee"
        return f"BYE from the {side}'s side (via {sender})"

    def _began_at(self, row: int, sender: str) -> bool:
        """Whether the Via of the first hop names *sender* (RFC 3261 §18.2.1)."""
        vias = self._sip_of(row).vias if self._sip_of is not None else ()
        return bool(vias) and sender in (vias[-1].received, vias[-1].host.strip("[]"))

    def gone(self, leg: Leg, row: int, method: str) -> None:
        """A response to a request within the dialog that says that the dialog is no more (RFC 3261 §12.2.1.2).

        What is said of a subscription that shares the dialog of a call ends that subscription alone (RFC 5057 §5).
        """
        same_usage = (method in SESSION) == (leg.method == "INVITE")
        if leg.state == CONFIRMED and same_usage and self._status[row] in (408, 481) and method != "BYE":
            leg.end(GONE, row, f"{self._worded(row)} to {method}", self._source[row])

    def last_notify(self, leg: Leg, row: int) -> None:
        """A NOTIFY, if it ends the subscription that the leg is (RFC 6665 §4.1.3)."""
        state = self._subscription_state[row] or ""
        if leg.method != "INVITE" and state.lower().startswith("terminated"):
            leg.end(LAST_NOTIFY, row, f"subscription {state}", self._source[row])

    def failure(self, legs: list[Leg], attempt: Attempt | None, row: int) -> None:
        """A final failure of the opening request."""
        cancel = None if attempt is None else _cancel_of(attempt, [self._branch[row]])
        if cancel is None:
            reason, by = self._worded(row), self._source[row]
        else:
            # A 487 says no more than that; any other failure tells what happened to the CANCEL.
            then = "" if self._status[row] == 487 else f", then {self._worded(row)}"
            reason, by = f"{self._cancelled(cancel)}{then}", self._source[cancel]
        for leg in legs:
            leg.end(FAILURE, row, reason, by)

    def without_final_response(self, legs: list[Leg], attempt: Attempt) -> None:
        """What ends the open legs of an attempt, if anything: a CANCEL, or the answer of another fork."""
        answered = next((leg.answered for leg in legs if leg.answered != NONE), None)
        for leg in legs:
            if attempt.cancels and leg.is_open:
                cancel = _cancel_of(attempt, leg.branches or [attempt.branch])
                if cancel is not None:
                    leg.end(FAILURE, cancel, self._cancelled(cancel), self._source[cancel])
            if answered is not None:
                leg.end(FORK_ANSWERED, answered, "answered under another To tag", None)

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
