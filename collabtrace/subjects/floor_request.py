"""One request for the floor and what became of it, as one capture shows it (RFC 8855 §10.1)."""

from functools import cached_property

from collabtrace.schema import Floor, FloorTransaction, Stream
from collabtrace.sessions.negotiated import EARLY
from collabtrace.subjects.channel import Channel
from collabtrace.subjects.channel_view import View
from collabtrace.subjects.line import Line

OVER = frozenset({"Denied", "Cancelled", "Released", "Revoked"})
"""Statuses after which the request is no more."""


class FloorRequest:
    """A FloorRequest of a view."""

    def __init__(self, channel: Channel, view: View, transaction: FloorTransaction) -> None:
        self.channel = channel
        self.view = view
        self.transaction = transaction

    def __repr__(self) -> str:
        return f"<FloorRequest of {self.transaction.source}, {self.last_status}>"

    @cached_property
    def messages(self) -> tuple[Floor, ...]:
        """What the server says of it, in the order of time: the responses, and later news of the same request."""
        responses = self.view.responses(self.transaction)
        number = self.transaction.floor_request
        news = (
            each
            for each in self.channel.floors
            if number is not None
            and (each.file, each.floor_request, each.source) == (self.view.file, number, self.transaction.target)
            and each.status is not None
            and each.time_epoch >= self.transaction.started
        )
        told = {each.frame: each for each in (*responses, *news)}
        return tuple(sorted(told.values(), key=lambda each: each.time_epoch))

    def first(self, *statuses: str) -> Floor | None:
        """The first message that gives it one of these statuses."""
        return next((each for each in self.messages if each.status in statuses), None)

    @property
    def last_status(self) -> str | None:
        """The last that the server says; None where it says nothing."""
        return next((each.status for each in reversed(self.messages) if each.status is not None), None)

    @cached_property
    def released(self) -> float | None:
        """When its sender gave the floor back; None where it did not."""
        later = (
            each.started
            for each in self.view.asked
            if each.name == "FloorRelease"
            and each.source == self.transaction.source
            and each.started >= self.transaction.started
        )
        return next(later, None)

    @property
    def held_until(self) -> float:
        """Until when its sender may show slides, once the floor is granted."""
        ends = [each.time_epoch for each in self.messages if each.status in OVER]
        ends += [self.channel.end] if self.released is None else [self.released, self.channel.end]
        return min(ends)

    def is_held_by_another(self, time: float) -> bool:
        """Whether the server had granted the floor to another request, and not taken it back by *time*."""
        last: dict[int, str] = {}
        for each in self.channel.floors:
            if each.file == self.view.file and each.time_epoch <= time and each.floor_request is not None:
                given_back = "Released" if each.name == "FloorRelease" else None
                last[each.floor_request] = each.status or given_back or last.get(each.floor_request, "")
        mine = self.transaction.floor_request
        return any(status == "Granted" for number, status in last.items() if number != mine)

    @cached_property
    def _slides(self) -> tuple[Line, ...]:
        """The m-lines that its floor controls, of all rounds and legs that agreed on the channel."""
        return tuple(line for each in self.channel.lines if (line := _controlled(each)) is not None)

    @property
    def slides(self) -> Line | None:
        """The m-line that its floor controls, as it was in force when the floor was asked for."""
        time = self.transaction.started
        begun = [line for line in self._slides if (line.begin or 0.0) <= time + EARLY]
        return begun[-1] if begun else next(iter(self._slides), None)

    def shown(self, begin: float, end: float, *, by_asker: bool) -> tuple[Stream, ...]:
        """The streams of slides between two times, from who asked for the floor or from the other side."""
        streams = {(each.file, each.first_frame): each for line in self._slides for each in line.streams}
        return tuple(
            each
            for each in streams.values()
            if (each.target != self.transaction.source) == by_asker and each.first <= end and each.last >= begin
        )


def _controlled(floors: Line) -> Line | None:
    """The m-line that a line of floor control names: the one for slides, else the one with the label of a floor."""
    labels = {label for each in (floors.record.floors or "").split(", ") for label in _labels(each)}
    pictures = [line for line in floors.beside if line.record.kind == "video"]
    shown = [line for line in pictures if line.record.content == "slides"]
    return next(iter(shown or [line for line in pictures if line.record.label in labels]), None)


def _labels(floor: str) -> list[str]:
    """The labels in ``2=12 13``."""
    return floor.partition("=")[2].split()
