"""Floor control of a scene's call: BFCP over UDP and TCP (RFC 8855, RFC 4582)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from collabtrace.protocols import bfcp
from collabtrace.protocols.bfcp import Attribute
from collabtrace.testing import media
from collabtrace.testing.machines import Machine

if TYPE_CHECKING:
    from collabtrace.testing.calls import Call

PRIMITIVES = {name: number for number, name in bfcp.PRIMITIVES.items()}
STATUSES = {name: number for number, name in bfcp.STATUSES.items()}
ROUND_TRIP_SECONDS = 0.02
T1_SECONDS = 0.5
"""Until the first retransmission; each further one waits twice as long (RFC 8855 §8.3.1)."""


@dataclass(eq=False, slots=True)
class Channel:
    """What the floor control of a call counts, and how it speaks."""

    transaction: int = 0
    floor_request: int = 0
    marks_responses: bool = False
    """Whether version 1 has the R bit of version 2, as room systems send it over UDP."""


def say(
    call: "Call", by: Machine, primitive: str, *attributes: Attribute, responder: bool = False, new: bool = True
) -> None:
    """Send one message on the agreed channel; a *new* one begins a transaction, another belongs to the last."""
    call.channel.transaction += new
    for line, _, hops in media.paths(call, by):
        if not line.protocol.endswith("BFCP"):
            continue
        version = 1 if line.protocol.startswith("TCP") else int(line.value("bfcpver") or 1)
        numbers = (int(line.value("confid") or 0), call.channel.transaction, int(line.value("userid") or 0))
        marked = responder and (version > 1 or call.channel.marks_responses)
        message = bfcp.Message(version, PRIMITIVES[primitive], *numbers, attributes, marked)
        for (source, target), opens in ((hop, line.value("setup") != "passive") for hop in hops):
            sender, receiver = call.agreed.owners[source], call.agreed.owners[target]
            if line.protocol.startswith("TCP"):
                client, server, port = (sender, receiver, target[1]) if opens else (receiver, sender, source[1])
                call.scene.connect(client, server, port, purpose="bfcp")
                call.scene.stream(sender, receiver, port, bytes(message), purpose="bfcp")
            else:
                call.scene.datagram(sender, receiver, (source[1], target[1]), bytes(message))
    call.scene.wait(ROUND_TRIP_SECONDS)


def hello(call: "Call", by: Machine, *, answered: bool, repeats: int) -> None:
    """Send a Hello, its retransmissions, and the answer."""
    say(call, by, "Hello")
    for count in range(repeats):
        call.scene.wait(T1_SECONDS * 2**count - ROUND_TRIP_SECONDS)
        say(call, by, "Hello", new=False)
    if answered:
        supported = Attribute(11, bytes([1, 2, 4, 7, 8, 11, 12, 13])), Attribute(10, bytes([4, 6, 10, 30, 36]))
        say(call, _other(call, by), "HelloAck", *supported, responder=True, new=False)


def ask(call: "Call", by: Machine, *, repeats: int = 0) -> None:
    """Send a FloorRequest, and its retransmissions."""
    call.channel.floor_request += 1
    floor = next((line.value("floorid") for line, *_ in media.paths(call, by) if line.value("floorid")), "1") or "1"
    wanted = Attribute(bfcp.FLOOR_ID, int(floor.split()[0]).to_bytes(2, "big"), mandatory=True)
    say(call, by, "FloorRequest", wanted)
    for count in range(repeats):
        call.scene.wait(T1_SECONDS * 2**count - ROUND_TRIP_SECONDS)
        say(call, by, "FloorRequest", wanted, new=False)


def decide(call: "Call", by: Machine, status: str, *, request: int | None = None, unasked: bool = False) -> None:
    """Give a request, by default the last, a status: in answer to it or, *unasked*, as news."""
    number = (call.channel.floor_request if request is None else request).to_bytes(2, "big")
    say(call, by, "FloorRequestStatus", _status(number, status), responder=not unasked, new=unasked)


def share(call: "Call", by: Machine, seconds: float, status: str) -> None:
    """Ask for the floor; where it is granted, send slides and release it."""
    ask(call, by)
    decide(call, _other(call, by), status)
    if status == "Granted":
        media.talk(call, by, seconds, "slides", media.Quality())
        release(call, by)


def release(call: "Call", by: Machine) -> None:
    """Give the floor back."""
    request = call.channel.floor_request.to_bytes(2, "big")
    say(call, by, "FloorRelease", Attribute(bfcp.FLOOR_REQUEST_ID, request, mandatory=True))
    decide(call, _other(call, by), "Released")


def _status(request: bytes, status: str) -> Attribute:
    """FLOOR-REQUEST-INFORMATION with the status inside, as Cisco and Poly nest it (RFC 8855 §5.2.15)."""
    value = Attribute(bfcp.REQUEST_STATUS, bytes([STATUSES[status], 0]), mandatory=True)
    overall = Attribute(bfcp.OVERALL_REQUEST_STATUS, request, True, (value,))
    return Attribute(bfcp.FLOOR_REQUEST_INFORMATION, request, True, (overall,))


def _other(call: "Call", machine: Machine) -> Machine:
    return call.callee if machine is call.caller else call.caller
