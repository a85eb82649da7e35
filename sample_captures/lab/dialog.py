"""One side of a SIP dialog (RFC 3261 §12), and what its product says of itself."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from lab.sip import Headers, Message, Wire, token

REASONS = {
    100: "Trying", 180: "Ringing", 200: "OK", 202: "Accepted", 487: "Request Terminated", 489: "Bad Event",
}  # fmt: skip
WITH_CONTACT = {"INVITE", "UPDATE", "SUBSCRIBE", "NOTIFY", "REFER", "REGISTER"}
UNKNOWN_SESSION = "0" * 32
THINK_SECONDS = 0.008
"""How long an agent takes to write a message."""


@dataclass(frozen=True)
class Product:
    """How a product writes its messages."""

    software: str
    """In User-Agent, and in Server."""
    allow: str
    supported: str
    allow_events: str
    parameters: str = ""
    """Behind its Contact."""
    greetings: tuple[tuple[str, str], ...] = ()
    """Further headers of its INVITEs and of what it answers to them."""


@dataclass(frozen=True)
class Body:
    """What a message carries."""

    data: bytes = b""
    type: str = "application/sdp"


NOTHING = Body()


class Dialog:
    """One side of a dialog."""

    def __init__(
        self,
        wire: Wire,
        product: Product,
        *,
        local: str,
        remote: str,
        target: str,
        contact: str,
        call_id: str,
        tag: str,
        session: str = "",
    ) -> None:
        """Prepare it; *local* and *remote* are name-addrs, *contact* a user, *session* half of a Session-ID."""
        self.wire, self.product = wire, product
        self.local, self.remote, self.target, self.call_id = local, remote, target, call_id
        self.tag, self.remote_tag = tag, ""
        self.session, self.remote_session = session, UNKNOWN_SESSION
        self.contact = f"<sip:{contact}@{wire.address}:{wire.port};transport={wire.transport.lower()}>"
        self.parameters = product.parameters
        """Of the Contact."""
        self.via_parameters = ""
        self.sequence = 100
        self.descriptions = 1
        self.asked = Message("", ())
        """The request to which the next response belongs."""

    @classmethod
    def answering(
        cls, wire: Wire, product: Product, kind: str, *, contact: str, tag: str, session: str = ""
    ) -> "Dialog":
        """Wait for the request that begins a dialog, and take its other side."""
        first = _received(wire, kind)
        dialog = cls(
            wire,
            product,
            local=first["To"],
            remote=first["From"].partition(";tag=")[0],
            target="",
            contact=contact,
            call_id=first["Call-ID"],
            tag=tag,
            session=session,
        )
        dialog._learn(first)
        return dialog

    def request(self, method: str, body: Body = NOTHING, headers: Headers = ()) -> None:
        """Send a request."""
        if method != "ACK":
            self.sequence += 1
        here = f"{self.wire.address}:{self.wire.port}{self.via_parameters}"
        lines = [
            ("Via", f"SIP/2.0/{self.wire.transport} {here};branch=z9hG4bK{token()}"),
            ("From", f"{self.local};tag={self.tag}"),
            ("To", self.remote + (f";tag={self.remote_tag}" if self.remote_tag else "")),
            ("Call-ID", self.call_id),
            ("CSeq", f"{self.sequence} {method}"),
            ("Max-Forwards", "70"),
            ("User-Agent", self.product.software),
        ]
        lines += self._abilities(method)
        self._send(f"{method} {self.target} SIP/2.0", lines, body, headers)

    def respond(self, status: int, body: Body = NOTHING, headers: Headers = ()) -> None:
        """Answer the request that came last."""
        tag = f";tag={self.tag}" if status > 100 and "tag=" not in self.asked["To"] else ""
        lines = [("Via", via) for via in self.asked.all("Via")]
        lines[0] = ("Via", self._marked(lines[0][1]))
        lines += [("From", self.asked["From"]), ("To", self.asked["To"] + tag)]
        lines += [(name, self.asked[name]) for name in ("Call-ID", "CSeq")]
        lines.append(("Server", self.product.software))
        method = str(self.asked.kind)
        if status > 100:
            lines += self._abilities(method)
        self._send(f"SIP/2.0 {status} {REASONS[status]}", lines, body, headers)

    def expect(self, kind: str | int) -> Message:
        """Wait for a request by its method, a response by its status; a RuntimeError where something else comes."""
        message = _received(self.wire, kind)
        if message["Call-ID"] != self.call_id:
            raise RuntimeError(f"expected {kind} of {self.call_id}, but it is of {message['Call-ID']}")
        self._learn(message)
        return message

    def version(self) -> int:
        """The version of its next session description after the first (RFC 3264 §8)."""
        self.descriptions += 1
        return self.descriptions

    def _learn(self, message: Message) -> None:
        """Learn from a message who the other side is."""
        responds = isinstance(message.kind, int)
        if not responds:
            self.asked = message
        other = message["To" if responds else "From"]
        self.remote_tag = other.partition(";tag=")[2] or self.remote_tag
        if contact := message["Contact"]:
            self.target = contact[contact.index("<") + 1 : contact.index(">")]
        if session := message["Session-ID"]:
            self.remote_session = session.partition(";")[0]

    def _abilities(self, method: str) -> list[tuple[str, str]]:
        lines = []
        if self.session:
            lines.append(("Session-ID", f"{self.session};remote={self.remote_session}"))
        if method in WITH_CONTACT:
            lines.append(("Contact", self.contact + self.parameters))
        if method == "INVITE":
            product = self.product
            named = {"Allow": product.allow, "Supported": product.supported, "Allow-Events": product.allow_events}
            lines += [(name, value) for name, value in named.items() if value]
            lines += product.greetings
        return lines

    def _marked(self, via: str) -> str:
        """A Via as it goes back: with what RFC 3581 §4 adds where its sender asked for that."""
        address, port = self.wire.peer
        return via.replace(";rport", f";received={address};rport={port}", 1) if ";rport;" in via else via

    def _send(self, start: str, lines: Sequence[tuple[str, str]], body: Body, headers: Headers) -> None:
        types = [("Content-Type", body.type)] if body.data else []
        time.sleep(THINK_SECONDS)
        self.wire.send(Message(start, (*lines, *headers, *types), body.data))


def _received(wire: Wire, kind: str | int) -> Message:
    message = wire.receive()
    if message.kind != kind:
        raise RuntimeError(f"expected {kind}, but this came: {message.start}")
    return message


def exchange(
    sender: Dialog,
    receiver: Dialog,
    method: str,
    body: Body = NOTHING,
    headers: Headers = (),
    *,
    status: int = 200,
    answer: Body = NOTHING,
    more: Headers = (),
) -> None:
    """Send a request from one side of a dialog to the other, and its final response back."""
    sender.request(method, body, headers)
    receiver.expect(method)
    receiver.respond(status, answer, more)
    sender.expect(status)


def acknowledge(sender: Dialog, receiver: Dialog, body: Body = NOTHING) -> None:
    """Send the ACK of a 2xx."""
    sender.request("ACK", body)
    receiver.expect("ACK")
