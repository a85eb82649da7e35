"""What the ends of a scene's call agree on: offers and answers (RFC 3264) over all of its legs."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeAlias

from collabtrace.testing.dialogs import Leg, Party
from collabtrace.testing.machines import Edit, Machine
from collabtrace.testing.sdp_text import Description, Line, answered

Address: TypeAlias = tuple[str, int]
"""IP address and port."""
Route: TypeAlias = Sequence[tuple[Leg, Party]]
"""Legs in the order in which a message passes them, each with the end that sends it there."""


class Negotiation:
    """The descriptions that were exchanged in a call, and who listens where by them."""

    def __init__(self) -> None:
        """Begin with nothing said."""
        self.said: dict[Party, Description] = {}
        """What each end of each leg described last."""
        self.owners: dict[Address, Machine] = {}
        """Which machine an address and port belong to."""
        self._ports: dict[tuple[Party, int], int] = {}

    def offer(self, legs: Route, lines: Sequence[Line]) -> list[Description]:
        """The offers on all legs; every B2BUA passes on what it got, edited."""
        current = tuple(replace(line, place=place) if line.place < 0 else line for place, line in enumerate(lines))
        for count, (_, party) in enumerate(legs):
            if count:
                current = _passed_on(current, party.machine, party.machine.edit_offer)
            current = self._described(party, current)
        return [self.said[party] for _, party in legs]

    def answer(self, legs: Route, lines: Sequence[Line] | None) -> list[Description]:
        """The answers on all legs, by default what fits; what a B2BUA did not pass on is rejected."""
        current: tuple[Line, ...] = ()
        for count, (leg, party) in enumerate(legs):
            offered = self.said[leg.other(party)].lines
            if count:
                current = _passed_on(current, party.machine, party.machine.edit_answer)
                places = {line.place: line for line in current}
                current = tuple(places.get(line.place, replace(line.rejected(), address=None)) for line in offered)
            else:
                chosen = map(answered, offered) if lines is None else lines
                current = tuple(replace(line, place=offer.place) for line, offer in zip(chosen, offered, strict=True))
            current = self._described(party, current)
        return [self.said[party] for _, party in legs]

    def _described(self, party: Party, lines: tuple[Line, ...]) -> tuple[Line, ...]:
        """Note what *party* describes, with the ports and addresses that were left open."""
        machine = party.machine
        placed = tuple(self._placed(line, party) for line in lines)
        before = self.said.get(party)
        if before is None or before.lines != placed:
            version = 1 if before is None else before.version + 1
            self.said[party] = Description(
                machine.name, machine.advertised, placed, version, machine.session_attributes
            )
        return placed

    def _placed(self, line: Line, party: Party) -> Line:
        if line.port is None:
            key = (party, line.place)
            self._ports[key] = self._ports.get(key) or party.machine.take_port()
            line = replace(line, port=self._ports[key])
        line = replace(line, address=line.address or party.machine.advertised)
        self.owners.setdefault((line.address or "", line.port or 0), party.machine)
        return line


def _passed_on(lines: tuple[Line, ...], machine: Machine, edit: Edit | None) -> tuple[Line, ...]:
    """What a B2BUA makes of m-lines: its edit, and its own address and ports where media flows through it."""
    if edit is not None:
        lines = edit(lines)
    if machine.anchors_media:
        lines = tuple(replace(line, address=None, port=None if line.port else 0) for line in lines)
    return lines
