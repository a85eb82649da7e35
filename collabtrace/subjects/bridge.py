"""A back-to-back user agent between two legs of one call (RFC 7092)."""

from collections.abc import Sequence
from typing import NamedTuple

from collabtrace.subjects.leg import Leg


class Bridge(NamedTuple):
    """Two answered legs of a call, and the machine that the one leads to and the other comes from."""

    before: Leg
    """The leg that arrives at it."""
    behind: Leg
    """The leg that it began."""

    @property
    def address(self) -> str:
        """The machine, by the address that it answers from."""
        return self.before.record.callee


def bridges(legs: Sequence[Leg]) -> tuple[Bridge, ...]:
    """The pairs of answered legs that meet at one machine, each leg as the first capture that holds it shows it.

    A machine with an address on either side shows itself only where it has two legs and no more. Of three or more legs
    that meet at one machine, as in a conference, no headers tell which two belong together: those whose media do.
    """
    answered: dict[str, Leg] = {}
    for leg in legs:
        if leg.record.method == "INVITE" and leg.record.answered is not None:
            answered.setdefault(leg.call_id, leg)
    ways = list(answered.values())
    pairs = [
        Bridge(before, behind)
        for before in ways
        for behind in ways
        if before is not behind and before.record.callee == behind.record.caller
    ]
    if not pairs and len(ways) == 2:
        return (Bridge(*sorted(ways, key=lambda leg: leg.record.started)),)
    at = [pair.address for pair in pairs]
    return tuple(pair for pair in pairs if at.count(pair.address) == 1 or _share_media(pair))


def _share_media(pair: Bridge) -> bool:
    """Whether the two legs agreed on the same media, which then flow from end to end."""
    return any(
        line.is_agreed and line.is_rtp and line.ends == other.ends
        for line in pair.before.lines
        for other in pair.behind.lines
    )
