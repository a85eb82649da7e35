"""Small cases made by hand for the tests of views: whoever calls is alice at 192.0.2.10, who is called is bob."""

import dataclasses
import typing
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from collabtrace.columns import Table
from collabtrace.schema import (
    CallRecord,
    Dialog,
    Digit,
    Floor,
    Flow,
    Host,
    MediaLine,
    Message,
    Path,
    Report,
    Stream,
    Unreachable,
)
from collabtrace.views.contents import Case

ALICE, PBX, BOB = "192.0.2.10", "198.51.100.5", "203.0.113.20"
START = 1_700_000_000.0

Record = typing.TypeVar("Record")


def blank(record: type[Record], **values: Any) -> Record:
    """A record in which everything that is not given is missing, zero or empty."""
    hints = typing.get_type_hints(record)
    names = [field.name for field in dataclasses.fields(record)]  # type: ignore[arg-type]
    return record(**{name: values.pop(name) if name in values else _empty(hints[name]) for name in names}, **values)


def _empty(hint: Any) -> Any:
    if type(None) in typing.get_args(hint):
        return None
    if typing.get_origin(hint) is tuple:
        return ()
    return hint()


def message(frame: int, at: float, source: str, target: str, start: str, **values: Any) -> Message:
    """A SIP message whose *start* is ``INVITE`` or ``200 OK INVITE``."""
    words = start.split(" ")
    status = int(words[0]) if words[0].isdigit() else None
    method = words[-1]
    given = {
        "file": "a.pcapng",
        "frame": frame,
        "time_epoch": START + at,
        "source": source,
        "source_port": 5060,
        "target": target,
        "target_port": 5060,
        "transport": "udp",
        "method": None if status else method,
        "status": status,
        "reason": " ".join(words[1:-1]) if status else None,
        "call_id": "one@example.com",
        "cseq": 1,
        "cseq_method": method,
        "size": 400,
        "content_type": "application/sdp" if method == "INVITE" and status in (None, 183, 200) else None,
    }
    return blank(Message, **{**given, **values})


def stream(frame: int, at: float, source: str, target: str, **values: Any) -> Stream:
    """An RTP stream of ten seconds that nobody lost a packet of."""
    given = {
        "file": "a.pcapng",
        "source": source,
        "source_port": 16384,
        "target": target,
        "target_port": 16384,
        "ssrc": f"0x{frame:08x}",
        "payload_types": (0,),
        "codec": "PCMU",
        "packets": 500,
        "expected": 500,
        "first_frame": frame,
        "first": START + at,
        "last": START + at + 10,
        "kind": "audio",
        "call_id": "one@example.com",
    }
    return blank(Stream, **{**given, **values})


def media_line(**values: Any) -> MediaLine:
    """Audio, offered in message 0 and answered in message 2."""
    given = {
        "file": "a.pcapng",
        "call_id": "one@example.com",
        "round": 1,
        "offer_time": START,
        "answer_time": START + 1.5,
        "state": "agreed",
        "kind": "audio",
        "protocol": "RTP/AVP",
        "offer_address": ALICE,
        "offer_port": 16384,
        "answer_address": BOB,
        "answer_port": 16384,
        "direction": "sendrecv",
        "codecs": "PCMU/8000, telephone-event/8000",
        "payload_types": ("0=PCMU/8000", "101=telephone-event/8000"),
        "offer_row": 0,
        "answer_row": 2,
    }
    return blank(MediaLine, **{**given, **values})


def path(sender: str, receiver: str, **values: Any) -> Path:
    """Audio that was agreed and flowed."""
    given = {
        "call": 1,
        "call_id": "one@example.com",
        "kind": "audio",
        "protocol": "RTP/AVP",
        "sender": sender,
        "sender_port": 16384,
        "receiver": receiver,
        "receiver_port": 16384,
        "agreed": True,
        "packets": 500,
        "lost": 0,
        "first_frame": 5,
    }
    return blank(Path, **{**given, **values})


def call(number: int = 1, **values: Any) -> CallRecord:
    """A call of alice to bob that was answered after 1.5 s and ended after 12.5 s."""
    given = {
        "call": number,
        "call_ids": ("one@example.com",),
        "caller": "sip:alice@example.com",
        "callee": "sip:bob@example.com",
        "started": START,
        "answered": START + 1.5,
        "ended": START + 12.5,
        "result": "answered",
        "dialog_rows": (number - 1,),
    }
    return blank(CallRecord, **{**given, **values})


def dialog(rows: Sequence[int], **values: Any) -> Dialog:
    """A leg with the messages of these rows."""
    given = {
        "file": "a.pcapng",
        "call_id": "one@example.com",
        "method": "INVITE",
        "from_uri": "sip:alice@example.com",
        "to_uri": "sip:bob@example.com",
        "caller": ALICE,
        "callee": BOB,
        "state": "terminated",
        "started": START,
        "call": 1,
        "message_rows": tuple(rows),
        "frames": tuple(range(1, len(rows) + 1)),
    }
    return blank(Dialog, **{**given, **values})


def case(messages: Sequence[Message] = (), **tables: Sequence[Any]) -> Case:
    """A case; unless told otherwise all messages are the one leg of one call."""
    records: dict[str, type[Any]] = {
        "flows": Flow,
        "dialogs": Dialog,
        "calls": CallRecord,
        "media": MediaLine,
        "streams": Stream,
        "reports": Report,
        "floors": Floor,
        "digits": Digit,
        "paths": Path,
        "hosts": Host,
        "unreachables": Unreachable,
    }
    if messages and "dialogs" not in tables:
        tables["dialogs"], tables["calls"] = [dialog(range(len(messages)))], tables.get("calls", [call()])
    made = {name: Table.of(record, tables.get(name, ())) for name, record in records.items()}
    return typing.cast("Case", SimpleNamespace(messages=Table.of(Message, messages), **made))


def simple_call() -> list[Message]:
    """Five messages between alice and bob."""
    return [
        message(1, 0.0, ALICE, BOB, "INVITE"),
        message(2, 0.1, BOB, ALICE, "180 Ringing INVITE"),
        message(3, 1.5, BOB, ALICE, "200 OK INVITE"),
        message(4, 1.6, ALICE, BOB, "ACK"),
        message(900, 12.5, BOB, ALICE, "BYE", cseq=2),
        message(901, 12.6, ALICE, BOB, "200 OK BYE", cseq=2),
    ]


def simple_case(**tables: Sequence[Any]) -> Case:
    """The call of ``simple_call`` with audio in both directions."""
    given: dict[str, Sequence[Any]] = {
        "media": [media_line()],
        "streams": [stream(5, 1.7, ALICE, BOB), stream(6, 1.8, BOB, ALICE, lost=5, packets=495)],
        "paths": [path(ALICE, BOB, stream_rows=(0,)), path(BOB, ALICE, stream_rows=(1,), packets=495, lost=5)],
        "hosts": [
            blank(Host, file="a.pcapng", address=ALICE, name="Softphone 1.2", kind=None),
            blank(Host, file="a.pcapng", address=BOB, name=None, kind=None),
        ],
    }
    return case(simple_call(), **{**given, **tables})
