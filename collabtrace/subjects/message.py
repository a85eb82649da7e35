"""One SIP message of a subject: its row of the table, and its headers and body, read when a rule asks for them."""

from functools import cached_property

from collabtrace.errors import ParseError
from collabtrace.protocols import length_slip, rtp_statistics, sip
from collabtrace.protocols.address import Address
from collabtrace.protocols.length_slip import LengthSlip
from collabtrace.protocols.multipart import Part
from collabtrace.protocols.rtp_statistics import RtpStatistics
from collabtrace.protocols.uri import Uri
from collabtrace.schema import Message
from collabtrace.sessions.case import Case
from collabtrace.sessions.messages import is_cut


class SipMessage:
    """A SIP message (RFC 3261)."""

    def __init__(self, case: Case, row: int) -> None:
        self._case = case
        self.row = row
        """In the table ``messages``."""
        self.record: Message = case.messages[row]

    def __repr__(self) -> str:
        what = self.method or f"{self.status}/{self.record.cseq_method}"
        return f"<SipMessage {what} in frame {self.frame} of {self.file}>"

    @property
    def file(self) -> str:
        """The capture that holds it."""
        return self.record.file

    @property
    def frame(self) -> int:
        """Where Wireshark shows it whole."""
        return self.record.frame

    @property
    def time(self) -> float:
        """Seconds since the epoch."""
        return self.record.time_epoch

    @property
    def method(self) -> str | None:
        """The method of a request; None for a response."""
        return self.record.method

    @property
    def status(self) -> int | None:
        """The status of a response; None for a request."""
        return self.record.status

    @property
    def answers(self) -> str | None:
        """The method that a response answers; None for a request."""
        return None if self.record.status is None else self.record.cseq_method

    @property
    def is_copy(self) -> bool:
        """Whether it says nothing new: a retransmission, or a second copy of the same packet."""
        return self.record.duplicate_of is not None or self.record.retransmission_of is not None

    @property
    def statistics(self) -> RtpStatistics:
        """What its sender says of the RTP that it sent and received."""
        return rtp_statistics.parse(self.record.statistics or ())

    @property
    def slip(self) -> LengthSlip | None:
        """By how much its Content-Length is wrong for the session description that it carries."""
        return None if is_cut(self.record.flaws, self.record.transport) else length_slip.find(self.sip)

    @cached_property
    def sip(self) -> sip.Message:
        """All of it."""
        return self._case.sip(self.row)

    def header(self, name: str) -> str | None:
        """The first value of a header, by its long name; None where there is none."""
        return self.sip.header(name)

    def values(self, name: str) -> list[str]:
        """All values of a header; comma-separated lists are taken apart."""
        return self.sip.values(name)

    @property
    def reached_at(self) -> str | None:
        """Host and port of its first Contact, where requests to its sender have to go; None where it names none."""
        try:
            uri = Uri.parse(self.record.contact or "")
        except ParseError:
            return None
        return uri.host if uri.port is None else f"{uri.host}:{uri.port}"

    @property
    def contacts(self) -> tuple[Address, ...]:
        """All Contact values that can be read."""
        return self.sip.contacts

    @property
    def parts(self) -> tuple[Part, ...]:
        """The body, or the parts of a multipart body."""
        return self.sip.parts
