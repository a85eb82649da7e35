"""The media lines that the paths of a call are told by, and which way something goes between their endpoints."""

from collections.abc import Iterator
from typing import NamedTuple

from collabtrace.columns import Table
from collabtrace.schema import Dialog, MediaLine

Endpoint = tuple[str | None, int | None]
"""Address and port."""

IN_FORCE = 1.0
"""Seconds that a round was in force at least if another was before it."""


class Line(NamedTuple):
    """A media line, as far as paths need it."""

    row: int
    dialog_row: int
    round: int
    position: int
    state: str
    kind: str
    content: str | None
    protocol: str
    direction: str
    offerer: Endpoint
    answerer: Endpoint
    frame: int | None
    answered: float

    @property
    def is_rtp(self) -> bool:
        """Whether the line is RTP in any profile."""
        return "RTP/" in self.protocol.upper()


def settled(media: Table[MediaLine], dialogs: Table[Dialog]) -> dict[int, list[Line]]:
    """The lines of the round of each leg that its paths are told by."""
    ended = dialogs.values("ended")
    last: dict[int, list[Line]] = {}
    for line in answered_lines(media):
        known, end = last.get(line.dialog_row), ended[line.dialog_row]
        if known is not None and known[0].round == line.round:
            known.append(line)
        elif known is None or end is None or end - line.answered >= IN_FORCE:
            last[line.dialog_row] = [line]
    return last


def answered_lines(media: Table[MediaLine]) -> Iterator[Line]:
    """The lines that were answered."""
    names = ("dialog_row", "round", "index", "state", "kind", "content", "protocol", "direction")
    ends = (
        "offer_address",
        "offer_port",
        "answer_address",
        "answer_port",
        "offer_frame",
        "answer_frame",
        "answer_time",
    )
    facts = zip(*map(media.values, names), strict=True)
    for row, (fact, end) in enumerate(zip(facts, zip(*map(media.values, ends), strict=True), strict=True)):
        offer_address, offer_port, answer_address, answer_port, offer_frame, answer_frame, answered = end
        if answer_frame is not None:
            frame = answer_frame if offer_frame is None else offer_frame
            yield Line._make((row, *fact, (offer_address, offer_port), (answer_address, answer_port), frame, answered))


def likeness(source: Endpoint, target: Endpoint, offerer: Endpoint, answerer: Endpoint) -> int:
    """How many more addresses and ports fit a packet to the answerer than one to the offerer."""
    told = zip((*source, *target), (*offerer, *answerer), (*answerer, *offerer), strict=True)
    return sum((seen == forth) - (seen == back) for seen, forth, back in told)


def goes_to_answerer(source: Endpoint, target: Endpoint, offerer: Endpoint, answerer: Endpoint) -> bool | None:
    """Whether a packet goes to the answerer: by its target, then its source, then by addresses without ports."""
    for one, other in ((offerer, answerer), ((offerer[0], None), (answerer[0], None))):
        if one == other:
            continue
        if one[1] is None:
            source, target = (source[0], None), (target[0], None)
        if target in (one, other):
            return target == other
        if source in (one, other):
            return source == one
    return None
