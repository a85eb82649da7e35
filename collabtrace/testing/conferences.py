"""Ad hoc conferences in a scene, as CUCM makes them of two calls: the softkey, the moves, the list of participants."""

from dataclasses import replace
from typing import TYPE_CHECKING

from collabtrace.protocols import remotecc
from collabtrace.protocols.remotecc import CONSULTATION, DIALOG, Named, RemoteRequest
from collabtrace.testing.calls import Call
from collabtrace.testing.dialogs import Leg, Party
from collabtrace.testing.machines import Machine
from collabtrace.testing.sdp_text import Description, Line, audio

if TYPE_CHECKING:
    from collabtrace.testing.scene import Scene

ROSTER = b'<conference-info xmlns="urn:ietf:params:xml:ns:conference-info" entity="sip:1@x" state="full" version="1"/>'
"""The least of a participant list (RFC 4575 §5)."""
FIRST_PORT = 50000
"""Of the mixer."""


class AdHoc:
    """A conference that one machine makes of the two calls that a phone has through it."""

    def __init__(self, scene: "Scene", first: Call, second: Call, *, mixer: str) -> None:
        """Prepare it; nothing is sent yet. Media shall go to the address *mixer*."""
        self.scene = scene
        self.phone = first.caller
        self.focus: Machine = first.legs[0].callee.machine
        self.mixer = mixer
        self._first, self._second = first.legs[0], second.legs[0]
        self.legs: tuple[Leg, ...] = (first.legs[0], first.legs[-1], second.legs[-1])
        """To the phone and to the others, each with the focus at one end."""
        self._port = FIRST_PORT

    def add(self, call: Call) -> Leg:
        """Take a call of the phone with one more party for the second of its two; gives the leg to that party."""
        self._second = call.legs[0]
        self.legs = (*self.legs, call.legs[-1])
        return call.legs[-1]

    def ask(
        self,
        softkey: str = "Conference",
        *,
        status: int | None = 202,
        parts: bool = False,
        tags: bool = True,
        within: Leg | None = None,
    ) -> Leg:
        """Press the softkey: a REFER that names both calls, in one part of a multipart body if so wanted.

        It goes on a dialog of its own, or *within* one that is there; without *tags* it names Call-IDs alone.
        """
        named = (self._named(self._first, DIALOG, tags=tags), self._named(self._second, CONSULTATION, tags=tags))
        body, kind = bytes(RemoteRequest(softkey, named)), remotecc.REQUEST
        if parts:
            head = f"--uniqueBoundary\r\nContent-Type: {kind}\r\nContent-Disposition: session\r\n\r\n".encode()
            body, kind = head + body + b"\r\n--uniqueBoundary--\r\n", "multipart/mixed; boundary=uniqueBoundary"
        leg = Leg(self.scene, [self.phone, self.focus]) if within is None else within
        headers = {"Refer-To": f"cid:1@{self.phone.host}", "Content-Type": kind}
        leg.exchange(leg.caller, "REFER", headers=headers, body=body, status=status)
        return leg

    def drop(self) -> None:
        """End the second of the two calls of the phone: one is enough."""
        self._second.exchange(self.server(self._second), "BYE", headers={"Reason": "Q.850;cause=16"})

    def move(
        self,
        leg: Leg,
        *,
        update: str | None = ";isFocus",
        invite: str = ";isFocus",
        update_status: int | None = 200,
        repeats: int = 0,
        delayed: bool = False,
        address: str = "",
        direction: str = "sendrecv",
    ) -> None:
        """Move the media of one leg to the mixer by a re-INVITE, after an UPDATE unless that is None.

        *update* and *invite* are what stands behind the Contact URI of the two.
        """
        party = self.server(leg)
        if update is not None:
            leg.exchange(party, "UPDATE", headers=self.contact(update), status=update_status, repeats=repeats)
        there = self._line(address or self.mixer, direction)
        self.negotiate(leg, there, contact=invite, delayed=delayed)

    def negotiate(self, leg: Leg, line: Line, *, contact: str = "", delayed: bool = False) -> None:
        """Let the focus negotiate *line* by a re-INVITE, whose offer the phone makes where it is *delayed*."""
        party = self.server(leg)
        theirs = leg.other(party)
        mine = bytes(Description(self.focus.name, self.focus.advertised, (line,), 9))
        own = replace(audio(direction=_reverse(line.direction)), port=21000, address=theirs.machine.advertised)
        phone = bytes(Description(theirs.machine.name, theirs.machine.advertised, (own,), 9))
        sent = leg.request(party, "INVITE", headers=self.contact(contact), body=b"" if delayed else mine)
        leg.respond(sent, 200, body=phone)
        leg.acknowledge(sent, body=mine if delayed else b"")

    def answer(self, leg: Leg, *, contact: str) -> None:
        """Let the phone negotiate anew, and the focus answer with the mixer's address."""
        party = self.server(leg)
        phone = leg.other(party)
        own = replace(audio(), port=21000, address=phone.machine.advertised)
        offer = bytes(Description(phone.machine.name, phone.machine.advertised, (own,), 10))
        answer = bytes(Description(self.focus.name, self.focus.advertised, (self._line(self.mixer, "sendrecv"),), 10))
        sent = leg.request(phone, "INVITE", body=offer)
        leg.respond(sent, 200, headers=self.contact(contact), body=answer)
        leg.acknowledge(sent)

    def tell_roster(self, leg: Leg) -> None:
        """Say by INFO who takes part."""
        headers = {"Info-Package": "conference", "Content-Type": "application/conference-info+xml"}
        leg.exchange(self.server(leg), "INFO", headers=headers, body=ROSTER)

    def server(self, leg: Leg) -> Party:
        """The end of a leg that is the focus."""
        return leg.caller if leg.caller.machine is self.focus else leg.callee

    def contact(self, parameters: str) -> dict[str, str]:
        """The Contact header of the focus."""
        return {"Contact": f"<{self.focus.target}>{parameters}"}

    def _line(self, address: str, direction: str) -> Line:
        self._port += 2
        return replace(audio(direction=direction), port=self._port, address=address)

    @staticmethod
    def _named(leg: Leg, role: str, *, tags: bool) -> Named:
        named = Named(leg.call_id, leg.caller.tag, leg.callee.tag, role)
        return named if tags else replace(named, local_tag=None, remote_tag=None)


def _reverse(direction: str) -> str:
    return {"sendonly": "recvonly", "recvonly": "sendonly"}.get(direction, direction)
