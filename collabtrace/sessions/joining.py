"""Groups that grow together: which legs are one call, and what showed it (union-find)."""

from collections.abc import Iterable


class Groups:
    """Members 0 to *size* - 1, each in a group of its own at first."""

    def __init__(self, size: int) -> None:
        self._above = list(range(size))
        self._reasons: dict[int, dict[str, None]] = {}

    def root(self, member: int) -> int:
        """The member that stands for the group: its lowest."""
        above = self._above
        while above[member] != member:
            above[member] = above[above[member]]
            member = above[member]
        return member

    def join(self, one: int, other: int, reason: str | None = None) -> None:
        """Make one group of the two that the members are in; the first reason given for a pair is kept."""
        low, high = sorted((self.root(one), self.root(other)))
        if low == high:
            return
        self._above[high] = low
        reasons = self._reasons.pop(high, {})
        if reason is not None:
            reasons[reason] = None
        if reasons:
            self._reasons[low] = {**self._reasons.get(low, {}), **reasons}

    def join_all(self, members: Iterable[int], reason: str | None = None) -> None:
        """Make one group of all *members*."""
        first = None
        for member in members:
            if first is None:
                first = member
            else:
                self.join(first, member, reason)

    def together(self, one: int, other: int) -> bool:
        """Whether the two are in one group."""
        return self.root(one) == self.root(other)

    def reasons(self, member: int) -> tuple[str, ...]:
        """What showed that the group belongs together, each once."""
        return tuple(self._reasons.get(self.root(member), ()))
