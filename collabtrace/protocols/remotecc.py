"""Cisco's remotecc documents: what a phone asks CUCM to do with its calls, as when a softkey is pressed.

A REFER carries them, alone or as one part of a multipart body. No RFC describes them; they are read as phones write
them: whatever else a document holds is left, and a call that is named without a Call-ID is none.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from collabtrace.protocols.xml_document import elements, local_name, root

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

REQUEST, RESPONSE = "application/x-cisco-remotecc-request+xml", "application/x-cisco-remotecc-response+xml"
"""Media types."""

DIALOG, CONSULTATION, JOINED = "dialogid", "consultdialogid", "joindialogid"
"""What a call is to the request: the first, the one made for it, and one that shall be joined."""
MOST_DIALOGS = 64
"""Calls that are read of one document: a phone has fewer."""


@dataclass(frozen=True, slots=True)
class Named:
    """A dialog that a request is about, as the sender of the request knows it (RFC 3261 §12)."""

    call_id: str
    local_tag: str | None = None
    """Of the sender's own side."""
    remote_tag: str | None = None
    role: str = DIALOG
    """Name of its element."""

    def _written(self) -> str:
        values = (("callid", self.call_id), ("localtag", self.local_tag), ("remotetag", self.remote_tag))
        inner = "".join(f"<{name}>{escape(value or '')}</{name}>" for name, value in values)
        return f"<{self.role}>{inner}</{self.role}>"


@dataclass(frozen=True, slots=True)
class RemoteRequest:
    """What is asked for."""

    event: str | None
    """The softkey: ``Conference``, ``Join``, ``StartRecording`` …; None for a request of another kind."""
    named: tuple[Named, ...] = ()

    def __bytes__(self) -> bytes:
        event = "" if self.event is None else f"<softkeyevent>{escape(self.event)}</softkeyevent>"
        inner = event + "".join(named._written() for named in self.named)
        document = f"<x-cisco-remotecc-request><softkeyeventmsg>{inner}</softkeyeventmsg></x-cisco-remotecc-request>"
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{document}'.encode()


def parse(data: bytes) -> RemoteRequest:
    """Read a request; a ParseError where the bytes are none."""
    document = root(data, "x-cisco-remotecc-request")
    event = next(filter(None, (_text(each) for each in elements(document, "softkeyevent"))), None)
    return RemoteRequest(event, tuple(_named(document))[:MOST_DIALOGS])


def _named(document: "Element") -> Iterator[Named]:
    for parent in document.iter():
        values = {local_name(child): _text(child) for child in parent}
        call_id = values.get("callid")
        if call_id is not None:
            yield Named(call_id, values.get("localtag"), values.get("remotetag"), local_name(parent))


def _text(element: "Element") -> str | None:
    """The text of an element without blanks around it; None where it is empty."""
    return (element.text or "").strip() or None
