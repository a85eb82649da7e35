"""The legs as the search for conferences sees them, and what of a conference is found."""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

import numpy as np

from collabtrace.columns import Table
from collabtrace.schema import Dialog, MediaLine, Message
from collabtrace.sessions.places import Place, Places, when
from collabtrace.sessions.products import BRIDGES, product

Key = TypeVar("Key", bound=Hashable)
Tag = str | None


@dataclass(slots=True)
class Draft:
    """One conference while it is found."""

    shown_by: str
    row: int
    """In ``messages``: what shows it first."""
    source: str
    focus: str
    softkey: str | None = None
    status: int | None = None
    answer_row: int | None = None
    named: tuple[str, ...] = ()
    mixer: str | None = None
    participants: dict[int, tuple[Tag, int | None]] = field(default_factory=dict)
    """By leg: the tag of the focus, and the m-line that moved the media there."""


class ConferenceLegs:
    """The legs of one case; a leg is named by its row in the dialogs, which know their calls."""

    def __init__(self, messages: Table[Message], dialogs: Table[Dialog], media: Table[MediaLine]) -> None:
        self.places = Places(messages, media)
        self.messages = messages
        self.time: list[float] = messages.values("time_epoch")
        column = dialogs.values
        self.method, self.call_id, self.ended = column("method"), column("call_id"), column("ended")
        self.rows: list[tuple[int, ...]] = column("message_rows")
        self.caller, self.callee = column("caller"), column("callee")
        self.tags: list[tuple[Tag, Tag]] = list(zip(column("from_tag"), column("to_tag"), strict=True))
        self.call = column("call")
        self._agents = column("caller_agent"), column("callee_agent")

    @cached_property
    def by_call_id(self) -> dict[str, list[int]]:
        """The legs of each Call-ID, in all captures."""
        return _grouped(self.call_id)

    @cached_property
    def by_call(self) -> dict[int, list[int]]:
        """The legs of each call."""
        return _grouped(self.call)

    def tag_at(self, leg: int, machine: str) -> Tag:
        """The tag of the side of a leg that is a machine; None where neither is."""
        calling, called = self.tags[leg]
        return calling if machine == self.caller[leg] else called if machine == self.callee[leg] else None

    def other_end(self, leg: int, tag: Tag) -> str:
        """The machine at the end of a leg that has not the tag given."""
        end: str = self.callee[leg] if tag == self.tags[leg][0] else self.caller[leg]
        return end

    def begins(self, leg: int) -> bool:
        """Whether the capture shows the INVITE that opened the leg."""
        first, columns = self.rows[leg][0], self.messages.columns
        return columns["method"][first] == "INVITE" and columns["to_tag"][first] is None

    @cached_property
    def bridges(self) -> dict[str, dict[int, Tag]]:
        """The legs to conference bridges with the tags of these, by the address of the bridge's media."""
        found: defaultdict[str, dict[int, Tag]] = defaultdict(dict)
        for leg, tag in self._bridge_ends():
            first = self.places.first(leg, tag)
            if first is not None:
                found[first.address][leg] = tag
        return dict(found)

    def _bridge_ends(self) -> Iterator[tuple[int, Tag]]:
        """Every leg to a bridge: to a product that is one, or to somebody who accepts it as a focus."""
        known = {agent for agents in self._agents for agent in set(agents) if agent and product(agent) in BRIDGES}
        columns = self.messages.columns
        focal = {row for row in np.flatnonzero(columns["focus"]).tolist() if columns["status"][row] is not None}
        call_ids = {columns["call_id"][row] for row in focal}
        for leg in range(len(self.method)) if known or focal else ():
            if self.method[leg] == "INVITE":
                for agents, tag in zip(self._agents, self.tags[leg], strict=True):
                    if agents[leg] in known:
                        yield leg, tag
                if self.call_id[leg] in call_ids and self._opened_by(leg, focal):
                    yield leg, self.tags[leg][1]

    def _opened_by(self, leg: int, focal: set[int]) -> bool:
        """Whether one of the responses *focal* answers the INVITE that opened the leg."""
        cseq = self.messages.columns["cseq"]
        return self.begins(leg) and any(row in focal and cseq[row] == cseq[self.rows[leg][0]] for row in self.rows[leg])

    @cached_property
    def found_there(self) -> dict[str, list[Place]]:
        """The places at which media was when the capture began, in the middle of the leg, by address."""
        found: defaultdict[str, list[Place]] = defaultdict(list)
        for leg, method in enumerate(self.method):
            if method == "INVITE" and not self.begins(leg):
                for place in self.places.of(leg):
                    if place.moved is None and place.both_ways:
                        found[place.address].append(place)
        return {address: sorted(places, key=when) for address, places in found.items()}


def _grouped(keys: Sequence[Key | None]) -> dict[Key, list[int]]:
    found: defaultdict[Key, list[int]] = defaultdict(list)
    for leg, key in enumerate(keys):
        if key is not None:
            found[key].append(leg)
    return dict(found)
