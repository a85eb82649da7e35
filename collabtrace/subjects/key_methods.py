"""By which methods the ends of a leg can tell each other keys, as far as they say so (RFC 4733, RFC 4730).

Telephone-events are negotiated by SDP. That an end reports keys by KPML it says in Allow-Events (RFC 6665 §8.2.2), that
it sends and takes Cisco's unsolicited NOTIFY in Call-Info. Nothing announces keys in INFO: they are seen or not.
"""

import re
from typing import TYPE_CHECKING

from collabtrace.protocols.kpml import PACKAGE
from collabtrace.sessions.formats import EVENT, read
from collabtrace.sessions.offer_answer import AGREED, EARLY
from collabtrace.subjects.message import SipMessage
from collabtrace.subjects.related import NONE, Related

if TYPE_CHECKING:
    from collabtrace.subjects.leg import Leg

KPML, NOTIFY = "kpml", "notify"
"""Methods as the table ``digits`` names them."""
_UNSOLICITED = re.compile(r'method="?NOTIFY;\s*Event=telephone-event', re.IGNORECASE)
"""In Call-Info, how gateways and CUCM announce unsolicited NOTIFY."""


def telephone_events(related: Related, dialog_row: int) -> bool | None:
    """Whether both sides name telephone-event on the sound of a leg; None where no round settles it.

    The last round counts in which sound flows both ways, as a hold may leave them out.
    """
    media = related.case.media
    names = ("kind", "state", "direction", "offer_payload_types", "answer_payload_types")
    kinds, states, directions, offered, answered = (media.columns[name] for name in names)
    found: bool | None = None
    both_ways = False
    for row in related.lines_of_leg.get(dialog_row, NONE):
        if kinds[row] != "audio" or states[row] not in (AGREED, EARLY) or offered[row] is None or answered[row] is None:
            continue
        if directions[row] == "sendrecv" or not both_ways:
            both_ways = directions[row] == "sendrecv"
            found = _names_events(offered[row]) and _names_events(answered[row])
    return found


def announced(leg: "Leg", *, by_caller: bool) -> frozenset[str]:
    """``kpml`` and ``notify``, as far as one end of a leg says in its INVITE and its responses that it can do them."""
    said: set[str] = set()
    for message in leg.messages:
        is_request = message.method is not None
        about_invite = message.method == "INVITE" or (message.answers == "INVITE" and (message.status or 0) < 300)
        from_caller = (message.record.from_tag == leg.record.from_tag) == is_request
        if about_invite and not message.is_copy and from_caller == by_caller:
            said |= _said(message)
    return frozenset(said)


def _said(message: SipMessage) -> set[str]:
    packages = {value.partition(";")[0].strip().lower() for value in message.values("Allow-Events")}
    said = {KPML} if PACKAGE in packages else set()
    if any(_UNSOLICITED.search(value) for value in message.values("Call-Info")):
        said.add(NOTIFY)
    return said


def _names_events(types: tuple[str, ...]) -> bool:
    return any(meant.name == EVENT for meant in read(types).values())
