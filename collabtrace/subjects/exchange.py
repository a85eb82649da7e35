"""One SIP transaction at one hop (RFC 3261 §17), with its messages and their repetitions."""

from functools import cached_property

from collabtrace.columns import MISSING
from collabtrace.schema import Transaction
from collabtrace.subjects.message import SipMessage
from collabtrace.subjects.related import NONE, Related


class Exchange:
    """A transaction; what it holds is looked up when it is asked for, as there are many."""

    def __init__(self, related: Related, row: int) -> None:
        self._related = related
        self.row = row
        """In the table ``transactions``."""

    def __repr__(self) -> str:
        asked = self.record
        return f"<Exchange {asked.method} from {asked.source} to {asked.target}, {asked.status}>"

    @property
    def method(self) -> str:
        """Of the request."""
        return str(self._related.case.transactions.columns["method"][self.row])

    @property
    def file(self) -> str:
        """The capture that holds it."""
        return str(self._related.case.transactions.columns["file"][self.row])

    @cached_property
    def record(self) -> Transaction:
        """Its row of the table."""
        return self._related.case.transactions[self.row]

    @property
    def status(self) -> int | None:
        """Of the final response; None while there is none."""
        status = int(self._related.case.transactions.columns["status"][self.row])
        return None if status == MISSING else status

    @property
    def is_answered(self) -> bool:
        """Whether any response was captured, provisional ones too."""
        provisional = float(self._related.case.transactions.columns["first_provisional"][self.row])
        return self.status is not None or provisional == provisional

    @property
    def is_acknowledged(self) -> bool:
        """Whether an ACK was captured on the hop (INVITE only)."""
        return int(self._related.case.transactions.columns["ack_frame"][self.row]) != MISSING

    @property
    def answers_repeated(self) -> int:
        """Retransmissions of the final response."""
        return int(self._related.case.transactions.columns["answers_repeated"][self.row])

    @cached_property
    def request(self) -> SipMessage | None:
        """The request; None where the capture shows only responses."""
        return self._message(self.record.request_row)

    @cached_property
    def answer(self) -> SipMessage | None:
        """The first final response."""
        return self._message(self.record.answer_row)

    @cached_property
    def repeats(self) -> tuple[SipMessage, ...]:
        """The retransmissions of the request, in order."""
        return self._again(self.request)

    @cached_property
    def answer_repeats(self) -> tuple[SipMessage, ...]:
        """The retransmissions of the final response, in order."""
        return self._again(self.answer)

    @cached_property
    def twins(self) -> tuple["Exchange", ...]:
        """The same transaction on the same hop, as other captures of the case show it."""
        asked = self.record
        rows = self._related.transactions_like.get((asked.call_id, asked.cseq, asked.method, asked.branch), NONE)
        others = (Exchange(self._related, row) for row in rows if row != self.row)
        ends = (asked.source, asked.target)
        return tuple(
            each for each in others if each.file != self.file and (each.record.source, each.record.target) == ends
        )

    def _message(self, row: int | None) -> SipMessage | None:
        return None if row is None else SipMessage(self._related.case, row)

    def _again(self, first: SipMessage | None) -> tuple[SipMessage, ...]:
        if first is None:
            return ()
        rows = self._related.repeats_of.get((first.file, first.frame), NONE)
        messages = (SipMessage(self._related.case, row) for row in rows)
        # A frame may hold several messages of a TCP stream.
        return tuple(each for each in messages if _names(each) == _names(first))


def _names(message: SipMessage) -> tuple[object, ...]:
    record = message.record
    return record.source, record.call_id, record.cseq, record.method, record.status, record.to_tag
