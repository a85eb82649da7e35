"""Which payload types the two ends of an m-line named telephone-event, and which end hears a packet (RFC 3264).

Each side names the numbers that it wants to receive (§5.1, §6.1). While a new round is agreed on, and shortly after,
the numbers of the one before are good too: either side may still send by it (§8.3).
"""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from collabtrace.columns import Table
from collabtrace.protocols.rtp import PAYLOAD_TYPE_MASK
from collabtrace.schema import MediaLine
from collabtrace.sessions.formats import EVENT, Format, read
from collabtrace.sessions.negotiated import EARLY, Endpoint, Negotiated, canonical

SETTLING = 2.0
"""Seconds after an answer in which what the round before had named still counts."""
MOMENT = 0.001
"""Seconds: just before."""

Said = tuple[str | None, int | None]
"""Address and port as an SDP says them."""
Named = dict[int, Format]
"""Payload types that mean telephone-event."""


class Ends(NamedTuple):
    """Who sends and who hears at a moment; None where the capture does not show that side's SDP."""

    row: int
    """In ``media``: the m-line in force."""
    sender: Named | None
    receiver: Named | None
    receives_other: frozenset[int]
    """Payload types that the receiver named something else."""
    later: bool = False
    """Whether the SDP came after that moment: what was in force before it the capture does not show."""

    def clock_rate(self, payload_type: int) -> int | None:
        """Hz, by whoever names the payload type; for one that nobody names, where all that is named agrees."""
        both = {**(self.sender or {}), **(self.receiver or {})}
        if payload_type in both:
            return both[payload_type].clock_rate
        rates = {meant.clock_rate for meant in both.values()}
        return rates.pop() if len(rates) == 1 else None


class EventTypes:
    """The telephone-events of every m-line."""

    def __init__(self, media: Table[MediaLine], lines: Negotiated) -> None:
        self._lines = lines
        self._offered, self._answered = media.values("offer_payload_types"), media.values("answer_payload_types")
        self._offerers = list(zip(media.values("offer_address"), media.values("offer_port"), strict=True))
        self._answerers = list(zip(media.values("answer_address"), media.values("answer_port"), strict=True))
        self._offer_time, self._answer_time = media.values("offer_time"), media.values("answer_time")
        self._dialog = media.values("dialog_row")

    def ends(self, source: Endpoint, target: Endpoint, time: float, until: float) -> Ends | None:
        """Who is at *source* and *target* at a time of a stream that goes on *until*, in seconds since the epoch.

        None where no SDP names either.
        """
        row = self._lines.find(source, target, (time, until))
        if row is None:
            return None
        names = [self._sides(each, source, target) for each in self._in_force(row, source, target, time)]
        sender, receiver = (_events(side) for side in zip(*names, strict=True))
        begun = self._offer_time[row] if self._offer_time[row] is not None else self._answer_time[row]
        current = read(names[0][1] or ())
        other = {number for number, meant in current.items() if meant.told_by == "sdp" and meant.name != EVENT}
        return Ends(row, sender, receiver, frozenset(other), begun is not None and begun > time + EARLY)

    def _in_force(self, row: int, source: Endpoint, target: Endpoint, time: float) -> list[int]:
        """The row, and that of the round before as long as it still counts."""
        offered, answered = self._offer_time[row], self._answer_time[row]
        if answered is not None and answered <= time - SETTLING:
            return [row]
        before = time - SETTLING if offered is None else min(time - SETTLING, offered - EARLY - MOMENT)
        earlier = self._lines.find(source, target, (before, before))
        same = earlier is not None and earlier != row and self._dialog[earlier] == self._dialog[row]
        return [row, earlier] if same and earlier is not None else [row]

    def _sides(
        self, row: int, source: Endpoint, target: Endpoint
    ) -> tuple[tuple[str, ...] | None, tuple[str, ...] | None]:
        """What the sender and the receiver named in one round."""
        offerer, answerer = self._offerers[row], self._answerers[row]
        forth = is_from_offerer(source, target, offerer, answerer)
        offered, answered = self._offered[row], self._answered[row]
        return (offered, answered) if forth else (answered, offered)


def is_from_offerer(source: Endpoint, target: Endpoint, offerer: Said, answerer: Said) -> bool:
    """Whether what went from *source* to *target* came from the offerer: the target tells, else the source."""
    ends = _endpoint(*offerer), _endpoint(*answerer)
    if (target == ends[0]) != (target == ends[1]):
        return target == ends[1]
    return source != ends[1] or source == ends[0]


def flags(named: Iterable[tuple[str, ...]]) -> NDArray[np.bool_]:
    """Whether any m-line of those with the payload types *named* calls each number telephone-event."""
    found = np.zeros(PAYLOAD_TYPE_MASK + 1, dtype=np.bool_)
    for types in set(named):
        found[[number for number in _events([types]) or () if number <= PAYLOAD_TYPE_MASK]] = True
    return found


def _events(sides: Iterable[tuple[str, ...] | None]) -> Named | None:
    """The telephone-events that one side named in some rounds; None where the capture shows it in none."""
    known = [read(named) for named in sides if named is not None]
    if not known:
        return None
    return {number: meant for types in reversed(known) for number, meant in types.items() if meant.name == EVENT}


def _endpoint(address: str | None, port: int | None) -> Endpoint | None:
    return (canonical(address), port) if address and port else None
