"""One leg, and the attempt that it grew out of, while their messages are gathered.

An opening request without To tag begins an ``Attempt``; every To tag that answers it makes a ``Leg`` of it, so
that each fork is one (RFC 3261 §12.1, §13.2.2.4). Numbers are rows of the messages table.
"""

from collabtrace.sessions.dialog_states import OPEN, TRANSITIONS, TRYING

NONE = -1
"""No row."""


class Attempt:
    """An opening request, its copies on other hops and its further tries; all its legs share its rows."""

    __slots__ = ("branch", "cancels", "cseq", "from_tag", "legs", "method", "opened", "rows", "to_caller")

    def __init__(
        self, method: str, from_tag: str | None, opened: int, *, cseq: int, branch: str | None, to_caller: bool
    ) -> None:
        self.method = method
        self.from_tag = from_tag
        self.opened = opened
        """The first row."""
        self.to_caller = to_caller
        """Whether the first row is a response, and so went to the caller."""
        self.cseq = cseq
        self.branch = branch
        """Of the latest try, on the hop where it was seen first."""
        self.rows: list[int] = []
        self.legs: list[Leg] = []
        self.cancels: dict[str | None, int] = {}
        """The CANCEL of each branch."""


class Leg:
    """A dialog, or what might have become one."""

    __slots__ = (
        "answered", "attempt", "branches", "end_reason", "ended", "ended_by", "from_tag", "method", "opened", "rows",
        "state", "to_caller", "to_tag",
    )  # fmt: skip

    def __init__(
        self, method: str, from_tag: str | None, to_tag: str | None, opened: int, *, state: str, to_caller: bool
    ) -> None:
        self.method = method
        self.from_tag = from_tag
        self.to_tag = to_tag
        self.opened = opened
        self.to_caller = to_caller
        self.state = state
        self.attempt: Attempt | None = None
        """None where the capture does not hold the opening."""
        self.rows: list[int] = []
        self.branches: list[str | None] = []
        """Under which responses to the opening request were seen, hop by hop."""
        self.answered = self.ended = NONE
        self.end_reason: str | None = None
        self.ended_by: str | None = None

    @classmethod
    def of(cls, attempt: Attempt, to_tag: str | None) -> "Leg":
        """A leg of an attempt."""
        leg = cls(attempt.method, attempt.from_tag, to_tag, attempt.opened, state=TRYING, to_caller=attempt.to_caller)
        leg.attempt = attempt
        return leg

    @property
    def is_open(self) -> bool:
        """Whether the opening request has no final response yet."""
        return self.state in OPEN

    def move(self, event: str) -> bool:
        """Go to the next state; False where the event changes nothing."""
        state = TRANSITIONS.get((self.state, event))
        if state is None:
            return False
        self.state = state
        return True

    def end(self, event: str, row: int, reason: str, by: str | None) -> None:
        """Go to a state that ends the leg, and keep when, why and by whom; None where no machine ended it."""
        if self.move(event):
            self.ended, self.end_reason, self.ended_by = row, reason, by

    def all_rows(self) -> list[int]:
        """The rows of all its messages, those of the attempt included, in order."""
        return sorted(self.attempt.rows + self.rows) if self.attempt else self.rows
