"""A call of a scene: one or more legs, and what the two ends agree on (RFC 3264)."""

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from collabtrace.protocols.bfcp import Attribute
from collabtrace.testing import floors, keys, media
from collabtrace.testing.dialogs import Leg, Party, Request
from collabtrace.testing.machines import Machine
from collabtrace.testing.negotiation import Negotiation
from collabtrace.testing.sdp_text import Line
from collabtrace.testing.sip_text import Headers

if TYPE_CHECKING:
    from collabtrace.testing.scene import Scene


class Call:
    """A call between the two ends of a chain of machines; every B2BUA between them begins a leg of its own."""

    def __init__(self, scene: "Scene", chain: Sequence[Machine], lines: Sequence[Line], *, delayed_offer: bool) -> None:
        """Prepare the legs; nothing is sent yet."""
        self.scene = scene
        self.caller, self.callee = chain[0], chain[-1]
        ends = [0, *(at for at, machine in enumerate(chain) if machine.back_to_back and 0 < at < len(chain) - 1)]
        uris = (self.caller.uri, self.callee.uri)
        self.legs = [Leg(scene, chain[begin : end + 1], uris) for begin, end in pairwise([*ends, len(chain) - 1])]
        ids = [f"{scene.chance.getrandbits(128):032x}" for _ in range(2)]
        for leg in self.legs:
            leg.caller.session_id, leg.callee.session_id = ids
        self.agreed = Negotiation()
        self.streams: dict[media.Hop, media.Stream] = {}
        """The RTP streams so far."""
        self.channel = floors.Channel()
        self._lines = tuple(lines)
        self._delayed_offer = delayed_offer
        self._invites: list[tuple[Leg, Request]] = []
        """Of the round last begun, in the order in which they were sent."""

    def invite(self, headers: Headers | None = None) -> None:
        """Send the INVITE over all legs; ``Scene.dial`` has done so already."""
        offers = [] if self._delayed_offer else self._offer(self.caller, self._lines)
        self._invites = self._send(self.caller, "INVITE", headers, offers)

    def ring(self, status: int = 180, *, early_media: bool = False, reliable: bool = False) -> None:
        """Answer provisionally: with the SDP of the answer for *early_media*, with PRACK where *reliable*."""
        answers = self._answer(self.callee, None) if early_media else []
        for count, (leg, invite) in enumerate(reversed(self._invites)):
            headers = {"Require": "100rel", "RSeq": "1"} if reliable else {}
            leg.respond(invite, status, headers=headers, body=answers[count] if answers else b"")
            if reliable:
                leg.exchange(invite.sender, "PRACK", headers={"RAck": f"1 {invite.cseq} INVITE"})

    def answer(
        self,
        media: Sequence[Line] | None = None,
        *,
        headers: Headers | None = None,
        acknowledged: bool = True,
        repeats: int = 0,
        in_ack: Sequence[Line] | None = None,
    ) -> None:
        """Send the 200, *repeats* retransmissions of it, and the ACK.

        *media* is the answer, or the offer where it was delayed; *in_ack* the answer to that; by default what fits.
        """
        by = self._invites[-1][1].receiver.machine
        asked = self._invites[0][1].sender.machine
        delayed = self._delayed_offer and not self.agreed.said
        bodies = self._offer(by, self._lines if media is None else media) if delayed else self._answer(by, media)
        for (leg, invite), body in zip(reversed(self._invites), bodies, strict=True):
            leg.respond(invite, 200, headers=headers, body=body)
        leg, invite = self._invites[-1]
        leg.repeat_answer(invite, repeats)
        if acknowledged:
            answers = self._answer(asked, in_ack) if delayed else []
            for count, (leg, invite) in enumerate(self._invites):
                leg.acknowledge(invite, body=answers[count] if answers else b"")

    def reject(self, status: int = 486, *, headers: Headers | None = None, reason: str = "") -> None:
        """Refuse the INVITE."""
        for leg, invite in reversed(self._invites):
            leg.respond(invite, status, headers=headers, reason=reason)

    def cancel(self) -> None:
        """Give up before the answer: CANCEL and 487."""
        for leg, invite in self._invites:
            leg.cancel(invite)
        self.reject(487)

    def hang_up(self, by: Machine, *, headers: Headers | None = None, status: int | None = 200) -> None:
        """End the call."""
        self.request(by, "BYE", headers=headers, status=status)

    def request(
        self,
        by: Machine,
        method: str,
        *,
        headers: Headers | None = None,
        body: bytes = b"",
        status: int | None = 200,
        repeats: int = 0,
    ) -> None:
        """Send a request within the call over all legs, and answer it unless *status* is None."""
        sent = self._send(by, method, headers, [body] * len(self.legs))
        sent[0][0].repeat(sent[0][1], repeats)
        if status is not None:
            for leg, request in reversed(sent):
                leg.respond(request, status)

    def offer(
        self,
        by: Machine,
        lines: Sequence[Line],
        *,
        answer: Sequence[Line] | None = None,
        method: str = "INVITE",
        headers: Headers | None = None,
    ) -> None:
        """Negotiate anew by re-INVITE or UPDATE."""
        sent = self._send(by, method, headers, self._offer(by, lines))
        if method == "INVITE":
            self._invites = sent
            self.answer(answer)
            return
        answers = self._answer(sent[-1][1].receiver.machine, answer)
        for (leg, request), body in zip(reversed(sent), answers, strict=True):
            leg.respond(request, 200, body=body)

    def hold(self, by: Machine) -> None:
        """Put the other side on hold."""
        self.offer(by, [line.directed("sendonly") for line in self._own(by)])

    def resume(self, by: Machine) -> None:
        """Take the other side back."""
        self.offer(by, [line.directed("sendrecv") for line in self._own(by)])

    def talk(
        self,
        by: Machine | None = None,
        *,
        seconds: float,
        only: str | None = None,
        quality: media.Quality | None = None,
    ) -> None:
        """Let media flow on every agreed RTP line, or *only* one kind or content; from one side or from both."""
        media.talk(self, by, seconds, only, quality or media.Quality())

    def press(
        self,
        by: Machine,
        digits: str,
        *,
        method: str = "rtp-event",
        payload_type: int | None = None,
        legs: Sequence[Leg] | None = None,
    ) -> None:
        """Press keys, sent by a method of ``keys`` (``rtp-event kpml info plain-info notify``) over all legs or some.

        A *payload_type* of telephone-events is sent instead of the one that the receiver named.
        """
        keys.press(self, by, digits, method, payload_type, legs)

    def subscribe(
        self,
        by: Machine,
        *,
        legs: Sequence[Leg] | None = None,
        status: int | None = 200,
        repeats: int = 0,
        headers: Headers | None = None,
    ) -> None:
        """Ask for key presses by KPML (RFC 4730), on all legs of which *by* is an end or on some of them."""
        keys.subscribe(self, by, legs, status, repeats, headers)

    def hello(self, by: Machine, *, answered: bool = True, repeats: int = 0) -> None:
        """Send a BFCP Hello; unanswered ones are sent again *repeats* times."""
        floors.hello(self, by, answered=answered, repeats=repeats)

    def share(self, by: Machine, *, seconds: float, status: str = "Granted") -> None:
        """Ask for the floor and, where that is granted, send slides and release it."""
        floors.share(self, by, seconds, status)

    def ask(self, by: Machine, *, repeats: int = 0) -> None:
        """Ask for the floor; an unanswered request is sent again *repeats* times."""
        floors.ask(self, by, repeats=repeats)

    def decide(self, by: Machine, status: str, *, request: int | None = None, unasked: bool = False) -> None:
        """Give a request for the floor, by default the last, a status: in answer to it, or *unasked* as news."""
        floors.decide(self, by, status, request=request, unasked=unasked)

    def release(self, by: Machine) -> None:
        """Give the floor back."""
        floors.release(self, by)

    def floor_message(
        self, by: Machine, primitive: str, *attributes: Attribute, responder: bool = False, new: bool = True
    ) -> None:
        """Send any BFCP message; a *new* one begins a transaction, another belongs to the last."""
        floors.say(self, by, primitive, *attributes, responder=responder, new=new)

    def legs_from(self, by: Machine) -> list[tuple[Leg, Party]]:
        """The legs in the order in which something that *by* begins passes them, with the end that sends it on."""
        if by is self.caller:
            return [(leg, leg.caller) for leg in self.legs]
        if by is self.callee:
            return [(leg, leg.callee) for leg in reversed(self.legs)]
        raise ValueError(f"{by.name} is no end of this call")

    def _send(
        self, by: Machine, method: str, headers: Headers | None, bodies: Sequence[bytes]
    ) -> list[tuple[Leg, Request]]:
        sent = []
        for count, (leg, party) in enumerate(self.legs_from(by)):
            body = bodies[count] if bodies else b""
            sent.append((leg, leg.request(party, method, headers=headers, body=body)))
        return sent

    def _own(self, by: Machine) -> tuple[Line, ...]:
        return self.agreed.said[self.legs_from(by)[0][1]].lines

    def _offer(self, by: Machine, lines: Sequence[Line]) -> list[bytes]:
        return [bytes(description) for description in self.agreed.offer(self.legs_from(by), lines)]

    def _answer(self, by: Machine, lines: Sequence[Line] | None) -> list[bytes]:
        return [bytes(description) for description in self.agreed.answer(self.legs_from(by), lines)]
