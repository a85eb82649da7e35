"""One leg of a call: a dialog (RFC 3261 §12) as one capture shows it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING

from collabtrace.protocols.length_slip import LengthSlip
from collabtrace.schema import Capture, Dialog, Transaction
from collabtrace.subjects import key_methods
from collabtrace.subjects.description import Description, descriptions
from collabtrace.subjects.exchange import Exchange
from collabtrace.subjects.line import Line
from collabtrace.subjects.message import SipMessage
from collabtrace.subjects.related import NONE, Related

if TYPE_CHECKING:
    from collabtrace.subjects.call import Call

SAME_ON_EVERY_HOP = ("method", "status", "cseq", "cseq_method", "from_tag", "to_tag", "rseq", "content_type")
"""Columns of ``messages`` that proxies leave as they are."""


class Leg:
    """A dialog, or the attempt at one; the same leg in two captures is two of these."""

    def __init__(self, related: Related, row: int, call: "Call") -> None:
        self._related = related
        self.row = row
        """In the table ``dialogs``."""
        self.call = call
        self.record: Dialog = related.case.dialogs[row]

    def __repr__(self) -> str:
        leg = self.record
        return f"<Leg {leg.method} {leg.caller} to {leg.callee}, {leg.state}, in {leg.file}>"

    @property
    def file(self) -> str:
        """The capture that holds it."""
        return self.record.file

    @property
    def call_id(self) -> str:
        """Its Call-ID."""
        return self.record.call_id

    @cached_property
    def capture(self) -> Capture:
        """The capture that holds it."""
        return next(capture for capture in self._related.case.captures if capture.file == self.file)

    @cached_property
    def methods(self) -> frozenset[str]:
        """The methods of its requests."""
        column = self._related.case.messages.columns["method"]
        return frozenset(method for row in self.record.message_rows if (method := column[row]) is not None)

    @cached_property
    def messages(self) -> tuple[SipMessage, ...]:
        """All its messages in order, retransmissions and second copies among them (``is_copy``)."""
        return tuple(SipMessage(self._related.case, row) for row in self.record.message_rows)

    def requests(self, method: str) -> tuple[SipMessage, ...]:
        """Its requests of that method, without copies."""
        if method not in self.methods:
            return ()
        return tuple(each for each in self.messages if each.method == method and not each.is_copy)

    def responses(self, method: str) -> tuple[SipMessage, ...]:
        """The responses to its requests of that method, without copies."""
        return tuple(each for each in self.messages if each.answers == method and not each.is_copy)

    def hops(self, row: int) -> tuple[SipMessage, ...]:
        """The same message on every hop that the capture shows, by its row in ``messages`` on one of them."""
        columns = [self._related.case.messages.columns[name] for name in SAME_ON_EVERY_HOP]
        wanted = [column[row] for column in columns]
        same = (each for each in self.messages if [column[each.row] for column in columns] == wanted)
        return tuple(each for each in same if not each.is_copy)

    @cached_property
    def slips(self) -> tuple[tuple[SipMessage, LengthSlip], ...]:
        """Its messages whose Content-Length is wrong for their session description, without copies."""
        case = self._related.case
        described, flaws, transport = (case.messages.columns[name] for name in ("content_type", "flaws", "transport"))
        # In a stream the length decides where a message ends; one that is too great takes from the next message, and
        # then the body does not end as a description does.
        rows = {
            row
            for row in self.record.message_rows
            if described[row] == "application/sdp"
            and (flaws[row] is not None or (transport[row] != "udp" and not case.text(row).endswith(b"\n")))
        }
        doubtful = (each for each in self.messages if each.row in rows and not each.is_copy) if rows else ()
        return tuple((each, slip) for each in doubtful if (slip := each.slip) is not None)

    @cached_property
    def statistics(self) -> tuple[SipMessage, ...]:
        """Its messages that say what RTP their sender counted, without copies."""
        column = self._related.case.messages.columns["statistics"]
        if not self._related.has_statistics or all(column[row] is None for row in self.record.message_rows):
            return ()
        return tuple(each for each in self.messages if each.record.statistics and not each.is_copy)

    @cached_property
    def acks(self) -> Mapping[int, Sequence[SipMessage]]:
        """Its ACKs by CSeq, in order."""
        found: defaultdict[int, list[SipMessage]] = defaultdict(list)
        for each in self.messages:
            if each.method == "ACK" and each.record.cseq is not None:
                found[each.record.cseq].append(each)
        return dict(found)

    @cached_property
    def transactions(self) -> tuple[Transaction, ...]:
        """Its transactions, hop by hop."""
        rows = self._related.transactions_of_leg.get((self.file, self.call_id), NONE)
        return tuple(map(self._related.case.transactions.__getitem__, rows))

    @cached_property
    def senders(self) -> frozenset[str]:
        """The addresses that its messages came from, on every hop."""
        column = self._related.case.messages.columns["source"]
        return frozenset(column[row] for row in self.record.message_rows)

    @cached_property
    def media_addresses(self) -> frozenset[str]:
        """The addresses that its m-lines name, whether answered or not."""
        columns = [self._related.case.media.columns[name] for name in ("offer_address", "answer_address")]
        rows = self._related.lines_of_leg.get(self.row, NONE)
        return frozenset(address for row in rows for column in columns if (address := column[row]) is not None)

    @cached_property
    def exchanges(self) -> tuple[Exchange, ...]:
        """The same, with their messages."""
        rows = self._related.transactions_of_leg.get((self.file, self.call_id), NONE)
        return tuple(Exchange(self._related, row) for row in rows)

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Every m-line of every round, in order."""
        return tuple(Line(self._related, row, self) for row in self._related.lines_of_leg.get(self.row, NONE))

    @property
    def sounds(self) -> tuple[Line, ...]:
        """Its lines for sound, of every round."""
        return tuple(line for line in self.lines if line.record.kind == "audio")

    @cached_property
    def rounds(self) -> tuple[tuple[Line, ...], ...]:
        """The same, round by round."""
        return tuple(tuple(lines) for _, lines in groupby(self.lines, key=lambda line: line.record.round))

    @cached_property
    def described_together(self) -> Mapping[tuple[int, int | None, int | None], tuple[Line, ...]]:
        """The same by round, offer and answer: a round has several pairs of these where it was rewritten on its way."""
        found: defaultdict[tuple[int, int | None, int | None], list[Line]] = defaultdict(list)
        for line in self.lines:
            found[line.pair].append(line)
        return {pair: tuple(lines) for pair, lines in found.items()}

    @cached_property
    def ends_of_rounds(self) -> Mapping[int, float]:
        """When each round was over: when a later answered one came into force, or the leg or the capture ended."""
        ends: dict[int, float] = {}
        end = self.until
        for lines in reversed(self.rounds):
            ends[lines[0].record.round] = end
            begun = (line.begin for line in lines if line.record.answer_time is not None)
            end = min([end, *(begin for begin in begun if begin is not None)])
        return ends

    @cached_property
    def descriptions(self) -> tuple[Description, ...]:
        """What the two sides said in these rounds, in order."""
        return descriptions(self.rounds)

    @property
    def settled(self) -> tuple[Line, ...]:
        """The lines of the last answered round, refused rounds left out; empty where none was answered."""
        answered = [lines for lines in self.rounds if any(line.record.answer_time is not None for line in lines)]
        return answered[-1] if answered else ()

    @cached_property
    def telephone_events(self) -> bool | None:
        """Whether both sides name telephone-event (RFC 4733) on its sound; None where no round settles it."""
        return key_methods.telephone_events(self._related, self.row)

    def announced_key_methods(self, *, by_caller: bool) -> frozenset[str]:
        """``kpml`` and ``notify``, as far as one end says that it can do them."""
        return key_methods.announced(self, by_caller=by_caller)

    @property
    def began_before(self) -> bool:
        """Whether the capture began in the middle of it: its first request already has both tags."""
        first = self.messages[0].record if self.messages else None
        return first is not None and (first.status is not None or first.to_tag is not None)

    @property
    def until(self) -> float:
        """When it ended, or when the capture did."""
        if self.record.ended is not None:
            return self.record.ended
        return self.record.started if self.capture.last is None else max(self.capture.last, self.record.started)

    @property
    def talk_seconds(self) -> float:
        """How long the capture shows it answered; 0 where it never was, or where the answer was not seen."""
        return 0.0 if self.record.answered is None else max(0.0, self.until - self.record.answered)
