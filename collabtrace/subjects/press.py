"""A key pressed, on the leg of the call that carried it."""

from functools import cached_property
from typing import TYPE_CHECKING

from collabtrace.schema import Digit
from collabtrace.sessions.event_types import is_from_offerer
from collabtrace.subjects.line import Line, Side

if TYPE_CHECKING:
    from collabtrace.subjects.leg import Leg


class Press:
    """A key pressed; which key it was is for comparing, never for telling."""

    def __init__(self, record: Digit, leg: "Leg") -> None:
        self.record = record
        self.leg = leg

    def __repr__(self) -> str:
        press = self.record
        return f"<Press by {press.method} from {press.source} to {press.target}, frame {press.frame} of {press.file}>"

    @property
    def file(self) -> str:
        """The capture that holds it."""
        return self.record.file

    @property
    def frame(self) -> int:
        """Of its first packet, or of its message."""
        return self.record.frame

    @property
    def time(self) -> float:
        """When the key went down, or the message was sent."""
        return self.record.time_epoch

    @property
    def until(self) -> float:
        """When the key was released, as far as its sender says how long it was down."""
        return self.time + (self.record.duration_ms or 0.0) / 1000

    @cached_property
    def line(self) -> Line | None:
        """The m-line of its RTP packets; None where a message told it."""
        return next((line for line in self.leg.lines if line.row == self.record.media_row), None)

    @cached_property
    def from_offerer(self) -> bool | None:
        """Whether its RTP came from the offerer of its m-line."""
        if self.line is None:
            return None
        press, line = self.record, self.line.record
        return is_from_offerer(
            (press.source, press.source_port),
            (press.target, press.target_port),
            (line.offer_address, line.offer_port),
            (line.answer_address, line.answer_port),
        )

    @cached_property
    def by_caller(self) -> bool | None:
        """Whether the end of the leg that called sent it; None where the capture does not tell."""
        if self.record.message_row is not None:
            tag = self.leg.call.case.messages.columns["from_tag"][self.record.message_row]
            return None if tag is None else tag == self.leg.record.from_tag
        if self.line is None or self.line.offered_by_caller is None:
            return None
        return self.line.offered_by_caller == self.from_offerer

    @property
    def from_machine(self) -> str:
        """Address of the machine that pressed or passed on the key: behind proxies, the end of the leg."""
        return self._end(by_caller=self.by_caller) or self.record.source

    @property
    def to_machine(self) -> str:
        """Address of the machine that is told: behind proxies, the other end of the leg."""
        return self._end(by_caller=None if self.by_caller is None else not self.by_caller) or self.record.target

    def _end(self, *, by_caller: bool | None) -> str | None:
        """An end of the leg, for what came in a message; RTP goes between the addresses that it is sent to."""
        if self.record.message_row is None or by_caller is None:
            return None
        return self.leg.record.caller if by_caller else self.leg.record.callee

    @property
    def sender(self) -> Side | None:
        """What the sender said of the m-line."""
        return None if self.line is None else self.line.offer if self.from_offerer else self.line.answer

    @property
    def receiver(self) -> Side | None:
        """What the receiver said of the m-line, on this leg."""
        return None if self.line is None else self.line.answer if self.from_offerer else self.line.offer
