"""CUCM: a registrar, and a B2BUA that calls the other side in a dialog of its own and relays the SDP."""

import secrets
import time
from datetime import UTC, datetime
from ipaddress import IPv4Address
from typing import NamedTuple
from uuid import uuid4

from lab.dialog import NOTHING, Body, Dialog, acknowledge, exchange
from lab.network import Host
from lab.phone import Phone
from lab.products import CUCM
from lab.sdp import relayed
from lab.sip import Headers, Wire, listen

RING_SECONDS = 1.5
INTERVAL_SECONDS = 1800
"""Of the session timer (RFC 4028) that CUCM offers on every leg."""

CLEARED = (("Reason", "Q.850;cause=16"),)
"""What CUCM says in the BYEs of a call that ended as calls do."""


class Leg(NamedTuple):
    """A dialog between an agent and CUCM, with the sides of both."""

    phone: Dialog
    cucm: Dialog


class Cucm:
    """One node."""

    def __init__(self, host: Host) -> None:
        """Listen for phones."""
        self.host = host
        self._listener = listen(host)
        self._call_number, self._identifier = 0x2C5, 29384756

    def register(self, *phones: Phone) -> None:
        """Take phones in."""
        for phone in phones:
            phone.register(self.host, self._listener, CUCM)

    def tag(self) -> str:
        """A tag as CUCM makes them: it ends with the number by which its traces name the half call."""
        self._identifier += 1
        return f"{secrets.randbelow(90000) + 10000}~{uuid4()}-{self._identifier}"

    def answering(self, wire: Wire, callee: str, session: str, kind: str = "INVITE") -> Dialog:
        """CUCM's side of a call that comes in over *wire*; *session* is the other party's."""
        return Dialog.answering(wire, CUCM, kind, contact=callee, tag=self.tag(), session=session)

    def calling(self, wire: Wire, *, caller: str, number: str, callee: str, target: str, session: str) -> Dialog:
        """CUCM's side of a call to a device; *caller* and *callee* are name-addrs, *number* the caller's."""
        return Dialog(
            wire,
            CUCM,
            local=caller,
            remote=callee,
            target=target,
            contact=number,
            call_id=self._call_id(),
            tag=self.tag(),
            session=session,
        )

    def greeting(self, dialog: Dialog) -> Headers:
        """What CUCM says in its INVITEs beyond other agents."""
        address = self.host.address
        first, second, _, node = dialog.call_id.partition("@")[0].split("-")
        guid = "-".join(str(int(part, 16)) for part in (first, second, "0000065536", node))
        orientation = "security= NotAuthenticated;orientation= from"
        return [
            ("Date", datetime.now(UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")),
            ("Min-SE", str(INTERVAL_SECONDS)),
            ("Session-Expires", str(INTERVAL_SECONDS)),
            ("Expires", "180"),
            ("Call-Info", f'<sip:{address}:5060>;method="NOTIFY;Event=telephone-event;Duration=500"'),
            ("Call-Info", f"<urn:x-cisco-remotecc:callinfo>;{orientation};gci= 1-{self._identifier};isVoip"),
            ("Send-Info", "conference, x-cisco-conference"),
            ("Cisco-Guid", guid),
            ("Remote-Party-ID", f"{dialog.local};party=calling;screen=yes;privacy=off"),
        ]

    def dial(self, caller: Phone, callee: Phone, offer: Body, answer: Body) -> tuple[Leg, Leg]:
        """Connect two phones: the leg of each."""
        mine = caller.dial(callee.number)
        mine.request("INVITE", offer)
        toward_caller = self.answering(caller.trunk, callee.number, callee.session)
        toward_caller.respond(100)
        mine.expect(100)
        toward_callee = self.calling(
            callee.trunk,
            caller=caller.address(),
            number=caller.number,
            callee=callee.address(callee.number),
            target=f"sip:{callee.user}@{callee.wire.address}:{callee.wire.port};transport=tcp",
            session=caller.session,
        )
        toward_callee.request("INVITE", relayed(offer, self.host.address), self.greeting(toward_callee))
        theirs = callee.answering()
        theirs.respond(100)
        toward_callee.expect(100)
        legs = Leg(mine, toward_caller), Leg(theirs, toward_callee)
        pass_back(legs, 180)
        time.sleep(RING_SECONDS)
        pass_back(legs, 200, answer, relayed(answer, self.host.address))
        for sender, receiver in ((mine, toward_caller), (toward_callee, theirs)):
            acknowledge(sender, receiver)
        return legs

    def _call_id(self) -> str:
        """A Call-ID as CUCM makes them: the fourth group is the node's address, its bytes in reverse."""
        self._call_number += 1
        node = int.from_bytes(IPv4Address(self.host.address).packed, "little")
        return f"{secrets.token_hex(4)}-{secrets.token_hex(4)}-{self._call_number:x}-{node:x}@{self.host.address}"


def pass_back(legs: tuple[Leg, Leg], status: int, body: Body = NOTHING, onward: Body = NOTHING) -> None:
    """Let the callee respond, and CUCM pass the response on to the caller."""
    (mine, toward_caller), (theirs, toward_callee) = legs
    theirs.respond(status, body)
    toward_callee.expect(status)
    toward_caller.respond(status, onward)
    mine.expect(status)


def hang_up(legs: tuple[Leg, Leg], headers: Headers = ()) -> None:
    """Let the phone of the first leg hang up."""
    (mine, near), (theirs, far) = legs
    exchange(mine, near, "BYE", headers=headers)
    exchange(far, theirs, "BYE", headers=CLEARED)
