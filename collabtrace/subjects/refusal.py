"""A session description that was refused as a whole, by 488 or 606, and what is known of whoever refused it."""

import re
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from collabtrace.errors import ParseError
from collabtrace.protocols.sdp import Media
from collabtrace.protocols.warning_value import WarningValue
from collabtrace.schema import Message
from collabtrace.subjects.line import Line, Side
from collabtrace.subjects.message import SipMessage
from collabtrace.subjects.related import NONE, REFUSED, Related

if TYPE_CHECKING:
    from collabtrace.subjects.call import Call
    from collabtrace.subjects.leg import Leg

OFFERING = frozenset({"INVITE", "UPDATE"})
"""Methods whose requests carry the offers that are refused so."""
FALLBACK = "x-cisco-srtp-fallback"
"""In Supported: an offer of SRTP alone may be answered without encryption."""

WORDED = ("ms-diagnostics", "ms-client-diagnostics", "Reason", "Error-Info")
"""Headers, beside Warning, in which servers say in words why they refuse."""

_SECURITY = re.compile(r"s-?rtp|encrypt|\bsecur|crypto|\bsavp", re.IGNORECASE)


class Known(NamedTuple):
    """What somebody said of one kind of media."""

    media: Media
    message: Message
    """Where it was said."""


class Refusal:
    """An offer and the refusal of it."""

    def __init__(self, related: Related, call: "Call", request: SipMessage | None, response: SipMessage) -> None:
        self._related = related
        self._call = call
        self.request = request
        """None where the capture does not show it."""
        self.response = response
        """On the hop nearest to whoever refused."""

    def __repr__(self) -> str:
        return f"<Refusal {self.response.status} by {self.refuser} in frame {self.response.frame}>"

    @property
    def refuser(self) -> str:
        """The machine that the refusal came from, as far as the capture shows."""
        return self.response.record.source

    @property
    def is_first(self) -> bool:
        """Whether the request was to begin the call, and not to change it."""
        return self.request is not None and self.request.record.to_tag is None

    @property
    def is_made_good(self) -> bool:
        """Whether the call that it should have been was answered all the same: on another leg, or at the next try."""
        later = self._call.next_try
        return self._call.record.answered is not None or (later is not None and later.answered is not None)

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The m-lines offered; empty where the request has none, or was not captured."""
        if self.request is None:
            return ()
        asked = self.request.record
        wanted = (asked.file, asked.call_id, asked.method, asked.cseq, asked.from_tag)
        for leg in self._call.legs:
            for line in leg.lines if leg.call_id == asked.call_id and leg.file == asked.file else ():
                offer = None if line.offer is None else line.offer.message
                named = offer and (offer.file, offer.call_id, offer.method, offer.cseq, offer.from_tag)
                if named == wanted:
                    return line.beside
        return ()

    @property
    def offered(self) -> tuple[Media, ...]:
        """The m-lines for sound, pictures and text that the offer switches on."""
        sides = (line.offer.media for line in self.lines if line.offer is not None)
        return tuple(media for media in sides if media is not None and media.is_rtp and not media.rejected)

    @cached_property
    def warnings(self) -> tuple[WarningValue, ...]:
        """Why it was refused, as far as the refusal says it."""
        found = []
        for value in self.response.values("Warning"):
            try:
                found.append(WarningValue.parse(value))
            except ParseError:
                continue
        return tuple(found)

    @cached_property
    def known(self) -> tuple[Known, ...]:
        """What whoever refused can do: by the refusal itself, by its own offers, by what stands behind it.

        Only offers and refusals say all that a device can do; an answer chooses from what the other side can.
        """
        session = self.response.sip.sdp
        told = [Known(media, self.response.record) for media in session.media] if session is not None else []
        own = own_offers(self._related, self.refuser)
        return (*(each for each in told if each.media.is_rtp), *own, *self._behind)

    @property
    def _behind(self) -> Iterator[Known]:
        """What the other ends of its other legs in the same call said: a B2BUA can do no more than they."""
        for leg in self._call.legs:
            if leg.call_id != self.response.record.call_id and self.refuser in _ends(leg):
                for line in leg.lines:
                    if line.offer is not None and line.offer.machine != self.refuser:
                        yield from _known(line.offer)

    @property
    def wants_srtp_alone(self) -> bool:
        """Whether every line offered promises encryption, and none may be answered without."""
        if not self.offered or self.request is None or not all(media.is_srtp for media in self.offered):
            return False
        return FALLBACK not in " ".join(self.request.values("Supported")).lower()

    @property
    def offers_plain_rtp(self) -> bool:
        """Whether no line offered has to do with encryption."""
        return bool(self.offered) and not any(media.is_srtp or media.has_keys for media in self.offered)

    @cached_property
    def speaks_of_encryption(self) -> str | None:
        """The words of the refusal that speak of encryption."""
        headers = (value for name in WORDED for value in self.response.values(name))
        said = (*(warning.text for warning in self.warnings), *headers, self.response.record.reason or "")
        return next((words for words in said if _SECURITY.search(words)), None)

    @property
    def is_about_encryption(self) -> bool:
        """Whether the two sides differ in encryption, as far as the captures show what each wants.

        A refusal that names media or formats is about these, unless its words speak of encryption.
        """
        if self.speaks_of_encryption:
            return True
        if not self.offered or any(warning.code in (304, 305) for warning in self.warnings):
            return False
        theirs = {known.media.is_srtp for known in self.known if not known.media.rejected}
        return True not in theirs if self.wants_srtp_alone else self.offers_plain_rtp and theirs == {True}


def own_offers(related: Related, machine: str) -> Iterator[Known]:
    """What a machine offered for itself in any call of the case: it wants the media at its own address."""
    for row in related.own_offers.get(machine, NONE):
        line = related.case.media[row]
        if line.offer_row is not None:
            yield from _known(Side(related, line.offer_row, line, line.offer_address, line.offer_port))


def _known(side: Side) -> Iterator[Known]:
    media = side.media
    if media is not None and media.is_rtp and not media.rejected:
        yield Known(media, side.message)


def _ends(leg: "Leg") -> tuple[str, str]:
    return leg.record.caller, leg.record.callee


def refusals(related: Related, call: "Call") -> tuple[Refusal, ...]:
    """The refusals in a call in the order of time; one that proxies or captures show several times is one."""
    if related.refused_ids.isdisjoint(call.call_ids):
        return ()
    found: dict[tuple[object, ...], Refusal] = {}
    rows: set[int] = set()
    for leg in call.legs:
        for each in leg.transactions:
            refused = each.method in OFFERING and each.status in REFUSED and each.answer_row is not None
            if refused and each.answer_row not in rows:
                rows.add(each.answer_row or 0)
                request = None if each.request_row is None else SipMessage(related.case, each.request_row)
                response = SipMessage(related.case, each.answer_row or 0)
                key = (each.call_id, each.method, each.cseq, response.record.from_tag)
                before = found.get(key)
                if before is None or (before.response.file == response.file and response.time < before.response.time):
                    found[key] = Refusal(related, call, request, response)
    return tuple(sorted(found.values(), key=lambda refusal: refusal.response.time))
