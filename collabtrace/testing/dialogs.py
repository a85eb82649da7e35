"""One leg of a scene's call: a dialog between two user agents, hop by hop over the proxies between them (RFC 3261)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from collabtrace.testing.machines import Machine
from collabtrace.testing.sip_text import REASONS, Headers, Lines, content_type, merged, text

if TYPE_CHECKING:
    from collabtrace.testing.network import Network

HOP_SECONDS = 0.005
"""From a machine to the next."""
T1_SECONDS = 0.5
"""Until the first retransmission over UDP (RFC 3261 §17.1.1.1); each further one waits twice as long."""
T2_SECONDS = 4.0
"""The longest wait between two retransmissions, but for INVITE requests."""
WITH_CONTACT = {"INVITE", "UPDATE", "SUBSCRIBE", "NOTIFY", "REFER", "OPTIONS", "REGISTER"}
"""Methods whose requests and successful responses carry a Contact (RFC 3261 §20, table 2)."""
ALLOW = "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, PRACK, REFER, SUBSCRIBE, NOTIFY"


@dataclass(eq=False, slots=True)
class Party:
    """One end of a leg."""

    machine: Machine
    uri: str
    """Its address of record; a B2BUA takes over that of the leg before."""
    tag: str
    known: bool = False
    """Whether the other end has seen its tag."""
    cseq: int = 0
    session_id: str | None = None
    """Its half of the Session-ID (RFC 7989)."""


class Hop(NamedTuple):
    """One step of a request."""

    source: Machine
    target: Machine
    via: str
    """The Via that the source adds."""


@dataclass(eq=False, slots=True)
class Request:
    """A request that was sent, so that it can be answered, repeated or cancelled."""

    method: str
    cseq: int
    sender: Party
    receiver: Party
    uri: str
    hops: list[Hop]
    record_routes: Lines
    """What the proxies added, the last one first."""
    text: bytes = b""
    """As its sender sent it."""
    answers: list[bytes] = field(default_factory=list)
    """The responses as their sender sent them."""


class Leg:
    """A dialog, or a single transaction outside of one."""

    def __init__(self, scene: "Network", chain: Sequence[Machine], uris: tuple[str, str] | None = None) -> None:
        """Prepare a leg over the machines of *chain*; *uris* are those of From and To where they are not the ends'."""
        callers, callees = uris or (chain[0].uri, chain[-1].uri)
        self.scene = scene
        self.proxies = list(chain[1:-1])
        self.caller = Party(chain[0], callers, self._token(), known=True)
        self.callee = Party(chain[-1], callees, self._token())
        self.call_id = f"{self._token()}@{chain[0].host}"

    def other(self, party: Party) -> Party:
        """The end that *party* talks to."""
        return self.callee if party is self.caller else self.caller

    def request(
        self,
        sender: Party,
        method: str,
        *,
        headers: Headers | None = None,
        body: bytes = b"",
        cseq: int | None = None,
        heard: bool = True,
    ) -> Request:
        """Send a request over all hops; every machine that hears an INVITE answers 100."""
        sent = self._prepared(sender, method, cseq)
        lines = merged(self._identity(sent) + self._abilities(sent, sender) + content_type(body), headers or {})
        ahead = [] if sent.record_routes else [("Route", f"<{hop.target.target};lr>") for hop in sent.hops[:-1]]
        for count, hop in enumerate(sent.hops):
            vias = [("Via", step.via) for step in sent.hops[count::-1]]
            behind = sent.record_routes[len(sent.record_routes) - count :] if sent.record_routes else []
            forwards = ("Max-Forwards", str(70 - count))
            whole = text(f"{method} {sent.uri} SIP/2.0", [*vias, forwards, *behind, *ahead[count:], *lines], body)
            sent.text = sent.text or whole
            self._send(hop.source, hop.target, whole)
            if method == "INVITE" and heard:
                self._answer_on_hop(sent, count, "100 Trying", self._identity(sent))
        return sent

    def respond(
        self, request: Request, status: int, *, headers: Headers | None = None, body: bytes = b"", reason: str = ""
    ) -> None:
        """Send a response back over all hops; a failed INVITE is acknowledged on each (RFC 3261 §17.1.1.3)."""
        request.receiver.known = True
        abilities = self._abilities(request, request.receiver) if status < 300 else []
        lines = merged(self._identity(request) + abilities + content_type(body), headers or {})
        start = f"{status} {reason or REASONS.get(status, 'Unknown')}"
        for count in reversed(range(len(request.hops))):
            whole = self._answer_on_hop(request, count, start, [*request.record_routes, *lines], body)
            if count == len(request.hops) - 1:
                request.answers.append(whole)
            if request.method == "INVITE" and status >= 300:
                self._on_hop(request, count, "ACK")

    def exchange(
        self,
        sender: Party,
        method: str,
        *,
        headers: Headers | None = None,
        body: bytes = b"",
        status: int | None = 200,
        repeats: int = 0,
    ) -> Request:
        """Send a request, *repeats* retransmissions of it, and a final response unless *status* is None."""
        sent = self.request(sender, method, headers=headers, body=body, heard=status is not None)
        self.repeat(sent, repeats)
        if status is not None:
            self.respond(sent, status)
        return sent

    def acknowledge(self, invite: Request, *, headers: Headers | None = None, body: bytes = b"") -> Request:
        """Send the ACK of a 2xx, which goes from end to end (RFC 3261 §13.2.2.4)."""
        return self.request(invite.sender, "ACK", headers=headers, body=body, cseq=invite.cseq)

    def cancel(self, invite: Request) -> None:
        """CANCEL an INVITE on every hop, each answered 200 (RFC 3261 §9)."""
        for count in range(len(invite.hops)):
            self._on_hop(invite, count, "CANCEL")
            self._answer_on_hop(invite, count, "200 OK", self._identity(invite, "CANCEL"), vias=1)

    def repeat(self, request: Request, times: int) -> None:
        """Retransmit a request on its first hop, as a client does that gets no answer (RFC 3261 §17.1)."""
        longest = float("inf") if request.method == "INVITE" else T2_SECONDS
        self._again(request.hops[0].source, request.hops[0].target, request.text, times, longest)

    def repeat_answer(self, request: Request, times: int) -> None:
        """Retransmit the response sent last, as a server does that gets no ACK (RFC 3261 §13.3.1.4)."""
        self._again(request.hops[-1].target, request.hops[-1].source, request.answers[-1], times, T2_SECONDS)

    def _prepared(self, sender: Party, method: str, cseq: int | None) -> Request:
        if cseq is None:
            cseq = sender.cseq = sender.cseq + 1
        receiver = self.other(sender)
        path = self.proxies if sender is self.caller else self.proxies[::-1]
        machines = [sender.machine, *path, receiver.machine]
        hops = [Hop(source, target, self._via(source, target)) for source, target in pairwise(machines)]
        uri = receiver.machine.target if receiver.known else receiver.uri
        if method == "REGISTER":
            uri = "sip:example.com"
        routes = [] if receiver.known else [("Record-Route", f"<{proxy.target};lr>") for proxy in reversed(path)]
        return Request(method, cseq, sender, receiver, uri, hops, routes)

    def _identity(self, request: Request, method: str = "") -> Lines:
        """The headers that make a message part of its transaction and dialog."""
        to_tag = f";tag={request.receiver.tag}" if request.receiver.known else ""
        return [
            ("From", f"<{request.sender.uri}>;tag={request.sender.tag}"),
            ("To", f"<{request.receiver.uri}>{to_tag}"),
            ("Call-ID", self.call_id),
            ("CSeq", f"{request.cseq} {method or request.method}"),
        ]

    def _abilities(self, request: Request, party: Party) -> Lines:
        """What *party* says of itself in a request or a successful response."""
        machine, other = party.machine, self.other(party)
        lines = []
        if request.method in WITH_CONTACT:
            lines.append(("Contact", machine.contact))
        if party.session_id:
            remote = other.session_id if other.known and other.session_id else "0" * 32
            lines.append(("Session-ID", f"{party.session_id};remote={remote}"))
        if machine.user_agent:
            lines.append(("User-Agent" if party is request.sender else "Server", machine.user_agent))
        if request.method == "INVITE":
            lines.append(("Allow", ALLOW))
            lines += machine.headers.items()
        return lines

    def _on_hop(self, invite: Request, count: int, method: str) -> None:
        """Send the ACK of a failure, or a CANCEL: with the Via of the INVITE on this hop alone."""
        hop = invite.hops[count]
        head = [("Via", hop.via), ("Max-Forwards", "70")]
        self._send(
            hop.source, hop.target, text(f"{method} {invite.uri} SIP/2.0", head + self._identity(invite, method))
        )

    def _answer_on_hop(
        self, request: Request, count: int, start: str, lines: Lines, body: bytes = b"", vias: int | None = None
    ) -> bytes:
        """Send a response back over one hop; of the Vias that the request had there, the first *vias*."""
        hop = request.hops[count]
        stack = [("Via", step.via) for step in request.hops[count::-1]][:vias]
        whole = text(f"SIP/2.0 {start}", [*stack, *lines], body)
        self._send(hop.target, hop.source, whole)
        return whole

    def _again(self, source: Machine, target: Machine, message: bytes, times: int, longest: float) -> None:
        for count in range(times):
            self.scene.wait(min(T1_SECONDS * 2**count, longest) - HOP_SECONDS)
            self._send(source, target, message)

    def _send(self, source: Machine, target: Machine, message: bytes) -> None:
        if "tcp" in (source.transport, target.transport):
            self.scene.stream(source, target, target.port, message)
        else:
            self.scene.datagram(source, target, (source.port, target.port), message)
        self.scene.wait(HOP_SECONDS)

    def _via(self, source: Machine, target: Machine) -> str:
        transport = "TCP" if "tcp" in (source.transport, target.transport) else "UDP"
        return f"SIP/2.0/{transport} {source.host}:{source.port};branch=z9hG4bK{self._token()}"

    def _token(self) -> str:
        return f"{self.scene.chance.getrandbits(48):012x}"
