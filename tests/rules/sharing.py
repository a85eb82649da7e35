"""Video calls in which presentation sharing is agreed, as rules about floor control are tested on.

Jabber calls a room system and offers ``c-s``; the room answers ``c-only``: it is the client, and Jabber the server.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from collabtrace.testing import Call, Line, Machine, Scene, audio, bfcp, slides, video

BFCP_PORT = 5904
"""Where Jabber listens."""


@dataclass
class Sharing:
    """A scene with one call in it."""

    scene: Scene
    jabber: Machine
    room: Machine
    call: Call

    def passes(self, seconds: float = 12.0) -> None:
        """Let sound and pictures flow in both directions."""
        self.call.talk(seconds=seconds, only="audio")

    def meanwhile_passes(self, seconds: float = 12.0) -> None:
        """The same beside what follows."""
        with self.scene.meanwhile():
            self.call.talk(seconds=seconds, only="audio")


def lines(floors: Line) -> list[Line]:
    """What one side describes: sound, picture, slides, floor control."""
    return [audio(), video(), slides(), floors]


def offered(protocol: str = "UDP/BFCP", role: str | None = "c-s", *, version: int = 1, setup: str = "actpass") -> Line:
    """Floor control as Jabber offers it."""
    return replace(bfcp(protocol, floorctrl=role, version=version, setup=setup), port=BFCP_PORT)


def answered(
    protocol: str = "UDP/BFCP", role: str | None = "c-only", *, version: int = 1, setup: str = "active"
) -> Line:
    """Floor control as the room answers it."""
    return bfcp(protocol, floorctrl=role, version=version, setup=setup)


def written(line: Line, *attributes: str, without: str = "") -> Line:
    """The line with further attributes, and without those that begin in some way."""
    kept = tuple(each for each in line.attributes if not without or not each.startswith(without))
    return replace(line, attributes=(*kept, *attributes))


def machines(scene: Scene, *, six: bool = False) -> tuple[Machine, Machine]:
    """Jabber two routers away from the capture, the room beside it."""
    jabber = scene.phone("jabber", "2001:db8:2::20" if six else "10.10.2.20", user_agent="Cisco-CSF")
    room = scene.phone(
        "room", "2001:db8:3::30" if six else "10.10.3.30", user_agent="TANDBERG/529 (ce8.3.4.99243f7) Cisco-SX20"
    )
    jabber.hops = 2
    return jabber, room


def share(
    offer: Line | None = None,
    answer: Line | None = None,
    *,
    via: Sequence[Machine] = (),
    scene: Scene | None = None,
    six: bool = False,
    delayed_offer: bool = False,
) -> Sharing:
    """The call, answered a moment ago."""
    scene = scene or Scene()
    jabber, room = machines(scene, six=six)
    call = scene.call(
        jabber,
        room,
        via=via,
        media=lines(offer or offered()),
        answer=lines(answer or answered()),
        delayed_offer=delayed_offer,
    )
    call.channel.marks_responses = True
    return Sharing(scene, jabber, room, call)
