"""One m-line in one offer/answer round of a leg (RFC 3264), with what flowed on it."""

from functools import cached_property
from typing import TYPE_CHECKING

from collabtrace.protocols import sdp
from collabtrace.protocols.sdp.media import Media
from collabtrace.schema import Floor, MediaLine, Message, Stream
from collabtrace.sessions.event_types import SETTLING
from collabtrace.sessions.framing import Framing
from collabtrace.sessions.negotiated import EARLY, canonical
from collabtrace.sessions.offer_answer import AGREED, ANSWER_ONLY, REJECTED
from collabtrace.subjects.media_flow import MediaFlow
from collabtrace.subjects.message import SipMessage
from collabtrace.subjects.related import NONE, Related

if TYPE_CHECKING:
    from collabtrace.subjects.leg import Leg


ABOUT_BODY = ("cut", "after the body", "Content-Length")
"""Words of the flaws of a message whose description may lack its end."""


class Side:
    """What one of the two ends said of an m-line."""

    def __init__(
        self, related: Related, message_row: int, line: MediaLine, address: str | None, port: int | None
    ) -> None:
        self._case = related.case
        self.row = message_row
        """Of the message, in the table ``messages``."""
        self._index = line.index
        self.address = address
        """Media-level c= before session-level c=."""
        self.port = port
        """Of the m-line; 0 where it is switched off."""
        self.message: Message = related.case.messages[message_row]
        """The message that carried it."""

    @property
    def endpoint(self) -> tuple[str, int] | None:
        """Where it wants media, the address as packets show it; None where it names none."""
        return (canonical(self.address), self.port) if self.address and self.port else None

    @property
    def machine(self) -> str:
        """Address of the machine that sent the description over this hop."""
        return self.message.source

    @property
    def file(self) -> str:
        """The capture that holds the message."""
        return self.message.file

    @property
    def frame(self) -> int:
        """Of the message."""
        return self.message.frame

    @property
    def time(self) -> float:
        """Of the message, in seconds since the epoch."""
        return self.message.time_epoch

    @property
    def is_whole(self) -> bool:
        """Whether nothing shows that the end of the description is missing."""
        return not any(word in flaw for flaw in self.message.flaws or () for word in ABOUT_BODY)

    @property
    def sip(self) -> SipMessage:
        """The same message with its headers."""
        return SipMessage(self._case, self.row)

    @cached_property
    def session(self) -> sdp.Session:
        """The whole session description."""
        return sdp.parse(self._case.sdp(self.row))

    @property
    def media(self) -> Media | None:
        """The m-line with its attributes; None where the description has fewer lines."""
        lines = self.session.media
        return lines[self._index] if self._index < len(lines) else None


class Line:
    """An m-line of one round: what was offered, what was answered, what was seen."""

    def __init__(self, related: Related, row: int, leg: "Leg") -> None:
        self._related = related
        self.row = row
        """In the table ``media``."""
        self.leg = leg
        self.record: MediaLine = related.case.media[row]

    def __repr__(self) -> str:
        line = self.record
        return f"<Line {line.kind} {line.protocol}, round {line.round}, {line.state}>"

    @cached_property
    def offer(self) -> Side | None:
        """The offerer's side; None where the capture does not show the offer."""
        line = self.record
        row = line.offer_row
        return None if row is None else Side(self._related, row, line, line.offer_address, line.offer_port)

    @cached_property
    def answer(self) -> Side | None:
        """The answerer's side; None while unanswered, or where the capture does not show it."""
        line = self.record
        row = line.answer_row
        return None if row is None else Side(self._related, row, line, line.answer_address, line.answer_port)

    @property
    def is_agreed(self) -> bool:
        """Whether both sides want the line, in an answer that counts."""
        return self.record.state == AGREED

    @property
    def is_half(self) -> bool:
        """Whether the capture shows an answer without its offer."""
        return self.record.state == ANSWER_ONLY

    @property
    def is_rtp(self) -> bool:
        """Whether it is RTP in any profile."""
        return "RTP/" in self.record.protocol.upper()

    @property
    def is_bfcp(self) -> bool:
        """Whether it is floor control (RFC 8856), over any transport; iX and FECC are application lines too."""
        return self.record.protocol.upper().endswith("BFCP")

    @cached_property
    def offered_by_caller(self) -> bool | None:
        """Whether the end of the leg that called made the offer; None where the capture does not tell."""
        line, caller = self.record, self.leg.record.from_tag
        row = line.answer_row if line.offer_row is None else line.offer_row
        if row is None or caller is None:
            return None
        message = self._related.case.messages[row]
        # The From of a response is that of the request: of who asked, not of who answers (RFC 3261 §8.2.6.2).
        wrote_request = message.method is not None
        described_by_caller = (message.from_tag == caller) == wrote_request
        return described_by_caller == (line.offer_row is not None)

    def _of(self, pair: str | None, *, by_caller: bool) -> str | None:
        """One half of ``offer/answer``: what the caller or the called side said."""
        offer, _, answer = (pair or "").partition("/")
        return (offer if self.offered_by_caller == by_caller else answer) or None

    def floorctrl(self, *, by_caller: bool) -> str | None:
        """The floorctrl of one side of the leg."""
        return self._of(self.record.floorctrl, by_caller=by_caller)

    def floor_role(self, *, by_caller: bool) -> str | None:
        """What one side of the leg acts as in floor control: ``client``, ``server``, ``both``."""
        return self._of(self.record.floor_roles, by_caller=by_caller)

    def lets_flow(self, receiver: Side) -> bool:
        """Whether media may flow to one of its two sides, by the directions that both said (RFC 3264 §6.1)."""
        return self.record.direction in ("sendrecv", "recvonly" if receiver is self.offer else "sendonly")

    @cached_property
    def beside(self) -> tuple["Line", ...]:
        """The m-lines of the same two descriptions, this one among them."""
        return self.leg.described_together[self.pair]

    @property
    def pair(self) -> tuple[int, int | None, int | None]:
        """Its round, and the rows in ``messages`` of the offer and the answer that it is of."""
        return self.record.round, self.record.offer_row, self.record.answer_row

    @property
    def is_held(self) -> bool:
        """Whether the round puts the call on hold: its sound goes one way or none (RFC 3264 §8.4)."""
        sound = [line.record for line in self.beside if line.record.kind == "audio" and line.record.state != REJECTED]
        return bool(sound) and all(line.direction != "sendrecv" for line in sound)

    @property
    def begin(self) -> float | None:
        """When it came into force: the time of its answer, else of its offer."""
        return self.record.offer_time if self.record.answer_time is None else self.record.answer_time

    @property
    def end(self) -> float:
        """When a later answered round replaced it, or its leg ended, or the capture did."""
        return self.leg.ends_of_rounds[self.record.round]

    @cached_property
    def twins(self) -> tuple["Line", ...]:
        """The lines of the call that name the same two endpoints, this one among them.

        Where media passes a B2BUA by, or two captures hold one leg, several m-lines negotiate the same packets; the
        tables give these to one of them.
        """
        return tuple(line for line in self.leg.call.lines if line.ends == self.ends)

    @property
    def ends(self) -> frozenset[tuple[str | None, int | None]]:
        """The two endpoints that it names, whoever offered."""
        line = self.record
        return frozenset(((line.offer_address, line.offer_port), (line.answer_address, line.answer_port)))

    @cached_property
    def stream_rows(self) -> tuple[int, ...]:
        """The rows in ``streams`` of the RTP streams on its endpoints while it was in force, in all captures."""
        found, streams = self._related.streams_of_line, self._related.case.streams
        rows = sorted({row for line in self.twins for row in found.get(line.row, NONE)})
        return tuple(row for row in rows if streams[row].first <= self.end and streams[row].last >= self._opened)

    @cached_property
    def timed_rows(self) -> tuple[int, ...]:
        """Those of them whose packets may be held against its times; the clocks of captures differ.

        A capture that holds the leg too has a line of its own for its streams.
        """
        files = self._related.case.streams.columns["file"]
        elsewhere = {line.leg.file for line in self.twins} - {self.leg.file}
        return tuple(row for row in self.stream_rows if files[row] not in elsewhere)

    @cached_property
    def streams(self) -> tuple[Stream, ...]:
        """The RTP streams on its endpoints while it was in force, both ways and in all captures."""
        return tuple(map(self._related.case.streams.__getitem__, self.stream_rows))

    def framing(self, stream_row: int) -> Framing:
        """How long the packets of one of its streams are, from when both sides had agreed until the line was over."""
        return self._related.case.framing(stream_row, (self.begin or 0.0) + SETTLING, self.end)

    @cached_property
    def media_flows(self) -> tuple[MediaFlow, ...]:
        """What each capture that holds its leg or its streams shows of its media, both ways.

        The clocks of captures differ, so in each it is the same line as that capture shows it, where it does.
        """
        place = (self.leg.call_id, self.record.round)
        same = [line for line in self.twins if (line.leg.call_id, line.record.round) == place]
        shown = {line.leg.file: line for line in reversed(same)} | {self.leg.file: self}
        files = dict.fromkeys((self.leg.file, *shown, *(stream.file for stream in self.streams)))
        captures = {capture.file: capture for capture in self._related.case.captures}
        return tuple(MediaFlow(shown.get(file, self), captures[file]) for file in files)

    @cached_property
    def floors(self) -> tuple[Floor, ...]:
        """The BFCP messages on its endpoints while it was in force, both ways and in all captures."""
        found = self._related.floors_of_line
        rows = sorted({row for line in self.twins for row in found.get(line.row, NONE)})
        floors = map(self._related.case.floors.__getitem__, rows)
        return tuple(each for each in floors if self._opened <= each.time_epoch <= self.end + EARLY)

    @property
    def _opened(self) -> float:
        """Since when its endpoints may be used: media may overtake the answer (RFC 3264 §5.1)."""
        return self.record.offer_time if self.record.offer_time is not None else self.begin or 0.0
