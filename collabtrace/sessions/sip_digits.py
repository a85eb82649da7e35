"""Keys sent in SIP messages: KPML in NOTIFY, DTMF in INFO, Cisco's unsolicited NOTIFY.

Only messages whose method and Content-Type may carry keys are opened. A message that several hops show is one, told by
Call-ID, sender's tag and CSeq.

An unsolicited NOTIFY (``Event: telephone-event``) has the payload of RFC 4733 with its duration in milliseconds. A
gateway sends one when a key goes down, one more for each interval that the two agreed on in Call-Info, and one with the
end bit.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import NamedTuple

from collabtrace.columns import MISSING, Table
from collabtrace.errors import ParseError
from collabtrace.protocols import dtmf_relay, kpml, sip, telephone_event
from collabtrace.protocols.multipart import Part
from collabtrace.protocols.parameters import Parameters
from collabtrace.protocols.telephone_event import DIGITS, TelephoneEvent
from collabtrace.schema import Digit, Message

METHODS = frozenset({"NOTIFY", "INFO"})
EVENT = "audio/telephone-event"
"""Media type of an unsolicited NOTIFY."""
BODIES = frozenset({kpml.RESPONSE, dtmf_relay.RELAY, dtmf_relay.PLAIN, EVENT})
KPML_FLASH = "R"
"""How KPML writes a hook flash (RFC 4730 §5.1)."""
UPDATE = (0.8, 1.5)
"""When the next NOTIFY about a key that is still down comes, in intervals since the one before: sooner or later than
that it is another press."""
END_WITHIN = 60.0
"""Seconds within which a key that went down is released."""


class Told(NamedTuple):
    """One key as a body tells it."""

    method: str
    digit: str | None
    duration_ms: float | None = None
    event: TelephoneEvent | None = None
    """Of an unsolicited NOTIFY, which tells a press in several messages."""
    flaw: str | None = None


class Down(NamedTuple):
    """A key of which no NOTIFY has said that it was released."""

    at: int
    """Where its row is."""
    pressed: float
    latest: float
    """Time of the first and of the last NOTIFY about it."""
    interval: float
    """Seconds until the next, by the first."""

    def is_meant(self, press: Digit) -> bool:
        """Whether *press* tells more of this key."""
        if press.ended:
            return press.time_epoch - self.pressed <= END_WITHIN
        early, late = (share * self.interval for share in UPDATE)
        return early <= press.time_epoch - self.latest <= late


def build(messages: Table[Message], sip_of: Callable[[int], sip.Message]) -> list[Digit]:
    """The keys in the messages of all files; *sip_of* gives a message of the table, parsed."""
    found: list[Digit] = []
    keys: dict[tuple[object, ...], Down] = {}
    for row in _rows(messages):
        message = sip_of(row)
        for told in _keys(message.parts):
            press = _digit(messages[row], row, told, call_id_of(message))
            if told.event is None:
                found.append(press)
                continue
            key = (press.file, press.call_id, messages.columns["from_tag"][row], told.event.event)
            down = keys.pop(key, None)
            if down is not None and down.is_meant(press):
                found[down.at] = _lengthened(found[down.at], press)
            else:
                down = Down(len(found), press.time_epoch, press.time_epoch, told.event.duration / 1000)
                found.append(press)
            if not told.event.end:
                keys[key] = down._replace(latest=press.time_epoch)
    return found


def _rows(messages: Table[Message]) -> Iterator[int]:
    """The messages that may carry keys, each once."""
    names = ("method", "content_type", "retransmission_of", "duplicate_of")
    methods, types, again, copies = (messages.columns[name] for name in names)
    identity = [messages.columns[name] for name in ("file", "call_id", "from_tag", "cseq", "method")]
    seen: set[tuple[object, ...]] = set()
    for row, method in enumerate(methods):
        if method not in METHODS or again[row] != MISSING or copies[row] != MISSING:
            continue
        kind = types[row]
        if kind is None or not (kind in BODIES or kind.startswith("multipart/")):
            continue
        same = tuple(column[row] for column in identity)
        if same not in seen:
            seen.add(same)
            yield row


def _keys(parts: tuple[Part, ...]) -> Iterator[Told]:
    """The keys in the parts of a body; a part that cannot be read is a key that nobody knows."""
    for part in parts:
        kind = part.media_type.name
        method = "kpml" if kind == kpml.RESPONSE else "notify" if kind == EVENT else "info"
        try:
            if kind in BODIES:
                yield from _of_body(kind, method, part.body)
        except ParseError as error:
            yield Told(method, None, flaw=str(error))


def _of_body(kind: str, method: str, body: bytes) -> Iterator[Told]:
    if kind == kpml.RESPONSE:
        for key in kpml.parse_report(body).digits or "":
            if key.upper() in DIGITS or key.upper() == KPML_FLASH:
                yield Told(method, "flash" if key.upper() == KPML_FLASH else key.upper())
    elif kind == EVENT:
        event = telephone_event.parse(body)
        if event.digit is not None:
            yield Told(method, event.digit, float(event.duration), event)
    else:
        signal = dtmf_relay.parse(kind, body)
        yield Told(method, signal.digit, None if signal.duration is None else float(signal.duration))


def call_id_of(message: sip.Message) -> str | None:
    """The Call-ID that the keys are of: a subscription outside of the dialog names another (RFC 4730 §4.4)."""
    event = message.header("Event") or ""
    try:
        named = Parameters.parse(event[event.index(";") :]).get("call-id") if ";" in event else None
    except ParseError:
        named = None
    return named or message.call_id


def _digit(message: Message, row: int, told: Told, call_id: str | None) -> Digit:
    return Digit(
        file=message.file,
        frame=message.frame,
        last_frame=message.frame,
        time_epoch=message.time_epoch,
        source=message.source,
        source_port=message.source_port,
        target=message.target,
        target_port=message.target_port,
        method=told.method,
        digit=told.digit,
        duration_ms=told.duration_ms,
        ended=told.event is None or told.event.end,
        packets=1,
        payload_type=None,
        receiver_types=None,
        sender_types=None,
        ssrc=None,
        timestamp=None,
        flaws=None if told.flaw is None else (told.flaw,),
        call_id=call_id,
        media_row=None,
        message_row=row,
    )


def _lengthened(press: Digit, next_: Digit) -> Digit:
    return replace(
        press,
        last_frame=next_.frame,
        packets=press.packets + 1,
        ended=next_.ended,
        duration_ms=next_.duration_ms if next_.ended else (press.duration_ms or 0.0) + (next_.duration_ms or 0.0),
    )
