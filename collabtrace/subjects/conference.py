"""One ad hoc conference: who takes part, and what the server that holds it together said to each of them."""

from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from collabtrace.schema import ConferenceRecord, Message
from collabtrace.sessions.case import Case
from collabtrace.subjects.call import Call
from collabtrace.subjects.leg import Leg
from collabtrace.subjects.line import Line, Side
from collabtrace.subjects.message import SipMessage
from collabtrace.subjects.related import Related

REFRESHING = ("INVITE", "UPDATE")
"""Methods that replace the remote target of a call's dialog, and with it what its Contact says (RFC 3261 §12.2)."""


class Refresh(NamedTuple):
    """What the focus said of itself to a participant: a request of its own, or a 2xx to one of the participant's."""

    message: SipMessage
    """On the hop nearest to the participant."""
    status: int | None
    """By which the participant answered a request; 200 of a response itself; None where no answer was captured."""
    repeated: int
    """Retransmissions of a request."""

    @property
    def says_focus(self) -> bool:
        """Whether its Contact says ``isfocus``."""
        return self.message.record.focus

    @property
    def counts(self) -> bool:
        """Whether it took effect: a request that is refused refreshes nothing (RFC 3261 §12.2.1.2, RFC 3311 §5.1)."""
        return self.status is not None and self.status < 300


class Member:
    """One participant: the leg between them and the focus, in every capture that shows it."""

    def __init__(self, views: "tuple[View, ...]", tag: str | None) -> None:
        self.tag = tag
        """By which the focus speaks on the leg."""
        self.views = tuple(sorted(views, key=self._rank))
        """Those that show the move first; of these, what is lost on the way is missing nearer to the participant."""
        self.leg = self.views[0].leg
        self.move = self.views[0].move
        """The line that moved the media to the mixer; None where it was not seen."""

    def __repr__(self) -> str:
        return f"<Member {self.address} on {self.leg.call_id}>"

    def _rank(self, view: "View") -> tuple[bool, bool]:
        return view.move is None, any(refresh.says_focus for refresh in _refreshes(view.leg, self.tag))

    @property
    def _calls(self) -> bool:
        return self.tag != self.leg.record.from_tag

    @property
    def address(self) -> str:
        """The machine at their end of the leg."""
        return self.leg.record.caller if self._calls else self.leg.record.callee

    @property
    def agent(self) -> str | None:
        """The User-Agent of that machine."""
        return self.leg.record.caller_agent if self._calls else self.leg.record.callee_agent

    @cached_property
    def moved_by(self) -> Side | None:
        """What the focus said in the line that moved the media."""
        sides = () if self.move is None else (self.move.offer, self.move.answer)
        return next((side for side in sides if side is not None and _sender(side.message) == self.tag), None)

    @cached_property
    def refreshes(self) -> tuple[Refresh, ...]:
        """All that the focus said of itself on the leg, in the order of time."""
        return _refreshes(self.leg, self.tag)

    @cached_property
    def elsewhere(self) -> tuple[Refresh, ...]:
        """The same as other captures show it."""
        return tuple(refresh for view in self.views[1:] for refresh in _refreshes(view.leg, self.tag))

    def unseen_request(self, begin: float, end: float) -> tuple[int, int] | None:
        """Two CSeq numbers of the focus between which a request is missing that it sent from *begin* to *end*.

        CSeq rises by one with each request of a side (RFC 3261 §12.2.1.1).
        """
        own = [each for each in self.leg.messages if each.method not in (None, "ACK", "CANCEL") and each.time <= end]
        times = {each.record.cseq: each.time for each in reversed(own) if each.record.from_tag == self.tag}
        pairs = pairwise(sorted(number for number in times if number is not None))
        return next((pair for pair in pairs if pair[1] > pair[0] + 1 and times[pair[1]] >= begin), None)


class View(NamedTuple):
    """A participant's leg in one capture."""

    leg: Leg
    move: Line | None


def _sender(message: Message) -> str | None:
    """The tag of whoever sent a message: in a response it is in the To (RFC 3261 §8.2.6.2)."""
    return message.to_tag if message.method is None else message.from_tag


def _refreshes(leg: Leg, tag: str | None) -> tuple[Refresh, ...]:
    """What the side with that tag said of itself, on the hop nearest to the other side: the one captured last."""
    answered = {each.request_row: each for each in leg.transactions if each.request_row is not None}
    found: dict[tuple[object, ...], Refresh] = {}
    for message in leg.messages:
        record = message.record
        if message.is_copy or record.cseq_method not in REFRESHING or _sender(record) != tag:
            continue
        if message.method is not None:
            made = answered.get(message.row)
            refresh = Refresh(message, made.status, made.requests_repeated) if made else Refresh(message, None, 0)
        elif 200 <= (message.status or 0) < 300:
            refresh = Refresh(message, message.status, 0)
        else:
            continue
        found[record.method, record.cseq_method, record.cseq] = refresh
    return tuple(found.values())


class Conference:
    """A conference and what belongs to it."""

    def __init__(self, related: Related, row: int) -> None:
        self._related = related
        self.row = row
        """In the table ``conferences``."""
        self.record: ConferenceRecord = related.case.conferences[row]
        self._calls: dict[int, Call] = {}

    def __repr__(self) -> str:
        conference = self.record
        return f"<Conference {conference.conference} by {conference.focus}, {len(self.members)} members>"

    @property
    def case(self) -> Case:
        """The case that it is in."""
        return self._related.case

    @cached_property
    def call_ids(self) -> tuple[str, ...]:
        """The Call-IDs of all legs that take part, those that the softkey names, and those to the bridge."""
        known = [leg.call_id for leg in (*(member.leg for member in self.members), *self.bridges)]
        return tuple(dict.fromkeys((*self.record.named, *known)))

    @cached_property
    def shown_in(self) -> SipMessage:
        """The REFER that asks for it, or the message that shows it first."""
        return SipMessage(self.case, self.record.message_row)

    @cached_property
    def answer(self) -> SipMessage | None:
        """The response to the REFER."""
        row = self.record.answer_row
        return None if row is None else SipMessage(self.case, row)

    @cached_property
    def members(self) -> tuple[Member, ...]:
        """Those who take part, in the order in which their legs began."""
        record = self.record
        grouped: dict[tuple[str, str | None], list[View]] = {}
        for row, tag, move in zip(record.participants, record.focus_tags, record.move_rows, strict=True):
            leg = self._leg(row)
            line = next((line for line in leg.lines if line.row == move), None)
            grouped.setdefault((leg.call_id, tag), []).append(View(leg, line))
        return tuple(Member(tuple(views), tag) for (_, tag), views in grouped.items())

    @cached_property
    def bridges(self) -> tuple[Leg, ...]:
        """The legs by which the focus reaches the bridge that mixes."""
        return tuple(self._leg(row) for row in self.record.bridges)

    def _leg(self, row: int) -> Leg:
        """The leg of a row in ``dialogs``, within its call."""
        call_row = self._related.calls_of_id[self.case.dialogs.columns["call_id"][row]]
        call = self._calls.setdefault(call_row, Call(self._related, call_row))
        return next(leg for leg in call.legs if leg.row == row)
