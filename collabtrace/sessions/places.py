"""Where the sides of a leg wanted their media, one answered round after the other (RFC 3264 §8.3.1).

A side that names an address for the first time, and had named another before, moves the media of the other one there.
A new port alone may be a new line to the same machine. Of a leg with several RTP lines the first counts, the sound.
"""

from collections import defaultdict
from functools import cached_property
from typing import NamedTuple

from collabtrace.columns import Table
from collabtrace.schema import MediaLine, Message
from collabtrace.sessions.negotiated import UNSPECIFIED, canonical
from collabtrace.sessions.offer_answer import AGREED, ANSWER_ONLY


class Place(NamedTuple):
    """What one side said in one round."""

    dialog: int
    """In ``dialogs``."""
    row: int
    """In ``media``."""
    message: int
    """In ``messages``: the one that said it."""
    tag: str | None
    """Of the side that said it."""
    time: float
    """When both sides had said theirs."""
    address: str
    port: int
    both_ways: bool
    """Whether the round lets media flow both ways: what plays music on hold only sends."""
    moved: bool | None
    """Whether the side had named other addresses before, and never this one; None where it had named none yet."""


class Places:
    """The places of every leg, each leg's made when it is first asked for."""

    def __init__(self, messages: Table[Message], media: Table[MediaLine]) -> None:
        self.source: list[str] = messages.values("source")
        """Of every message: the machine that sent it over this hop."""
        self._method = messages.columns["method"]
        self._from_tag, self._to_tag = messages.columns["from_tag"], messages.columns["to_tag"]
        self._media = media
        self._made: dict[int, tuple[Place, ...]] = {}

    @cached_property
    def _rows(self) -> dict[int, list[int]]:
        """The RTP lines of answered rounds by leg, the first one of each round and view."""
        found: defaultdict[int, list[int]] = defaultdict(list)
        taken: set[tuple[int, int, int | None, int | None]] = set()
        names = ("dialog_row", "round", "offer_row", "answer_row", "state", "protocol")
        for row, (dialog, number, offer, answer, state, protocol) in enumerate(
            zip(*map(self._media.values, names), strict=True)
        ):
            view = (dialog, number, offer, answer)
            if state in (AGREED, ANSWER_ONLY) and "RTP/" in protocol.upper() and view not in taken:
                taken.add(view)
                found[dialog].append(row)
        return dict(found)

    @cached_property
    def moves_to(self) -> dict[str, list[Place]]:
        """Every place to which a side of a leg moved media that flows both ways, by its address, in order of time."""
        found: defaultdict[str, list[Place]] = defaultdict(list)
        for dialog, rows in self._rows.items():
            for place in self.of(dialog) if len(rows) > 1 else ():
                if place.moved and place.both_ways:
                    found[place.address].append(place)
        return {address: sorted(places, key=when) for address, places in found.items()}

    def first(self, dialog: int, tag: str | None) -> Place | None:
        """Where a side of a leg wanted its media first."""
        return next((place for place in self.of(dialog) if place.tag == tag), None)

    def of(self, dialog: int) -> tuple[Place, ...]:
        """The places of one leg in the order of time."""
        made = self._made.get(dialog)
        if made is None:
            made = self._made[dialog] = tuple(self._places(dialog))
        return made

    def _places(self, dialog: int) -> list[Place]:
        seen: defaultdict[str | None, set[str]] = defaultdict(set)
        found: list[Place] = []
        for row in self._rows.get(dialog, ()):
            for place in self._sides(dialog, row):
                before = seen[place.tag]
                found.append(place._replace(moved=place.address not in before if before else None))
                before.add(place.address)
        return found

    def _sides(self, dialog: int, row: int) -> list[Place]:
        line = self._media[row]
        sides = (
            (line.offer_row, line.offer_address, line.offer_port),
            (line.answer_row, line.answer_address, line.answer_port),
        )
        time = line.answer_time if line.answer_time is not None else line.offer_time or 0.0
        both = line.direction == "sendrecv"
        return [
            Place(dialog, row, message, self._tag(message), time, canonical(address), port, both, None)
            for message, address, port in sides
            if message is not None and address and port and address not in UNSPECIFIED
        ]

    def _tag(self, message: int) -> str | None:
        """The tag of the side that sent a message: in a response it is in the To (RFC 3261 §8.2.6.2)."""
        tags = self._to_tag if self._method[message] is None else self._from_tag
        tag: str | None = tags[message]
        return tag


def when(place: Place) -> tuple[float, int]:
    """Places in the order of time."""
    return place.time, place.row
