"""A scene: who says what, and when. It becomes the bytes of a capture file.

>>> scene = Scene()
>>> alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
>>> call = scene.call(alice, bob, answer_after=1.9)
>>> call.talk(alice, seconds=8)
>>> call.hang_up(alice)
>>> capture = scene.pcapng()

The clock starts at a fixed date and chance has a fixed seed, so that a script always makes the same bytes. Every
method does its part at the scene's ``clock`` and moves the clock on; ``meanwhile`` lets parts overlap.
"""

from collections.abc import Mapping, Sequence

from collabtrace.testing.calls import Call
from collabtrace.testing.dialogs import Leg
from collabtrace.testing.machines import Edit, Machine, Nat
from collabtrace.testing.network import Network
from collabtrace.testing.sdp_text import Line, audio


class Scene(Network):
    """Machines, their calls and requests, on one network."""

    def phone(
        self,
        name: str,
        address: str,
        *,
        transport: str = "udp",
        user_agent: str = "Phone/1.0",
        advertises: str = "",
        contact_parameters: str = "",
        headers: Mapping[str, str] | None = None,
        nat: Nat | None = None,
        stranded: bool = False,
    ) -> Machine:
        """Add a phone; ``Machine`` tells what each of these is."""
        return Machine(
            name,
            address,
            transport=transport,
            user_agent=user_agent,
            advertises=advertises,
            contact_parameters=contact_parameters,
            headers=headers or {},
            nat=nat,
            stranded=stranded,
        )

    def proxy(self, name: str, address: str) -> Machine:
        """Add a proxy, which stays in the path of a dialog (Record-Route)."""
        return Machine(name, address, user_agent="")

    def b2bua(
        self,
        name: str,
        address: str,
        *,
        user_agent: str = "B2BUA/1.0",
        anchors_media: bool = False,
        edit_offer: Edit | None = None,
        edit_answer: Edit | None = None,
    ) -> Machine:
        """Add a back-to-back user agent; the edits change the m-lines of what it passes on."""
        return Machine(
            name,
            address,
            user_agent=user_agent,
            back_to_back=True,
            anchors_media=anchors_media,
            edit_offer=edit_offer,
            edit_answer=edit_answer,
        )

    def dial(
        self,
        caller: Machine,
        callee: Machine,
        *,
        via: Sequence[Machine] = (),
        media: Sequence[Line] | None = None,
        delayed_offer: bool = False,
        headers: Mapping[str, str] | None = None,
    ) -> Call:
        """Send an INVITE; *media* defaults to one audio line, and none of it is said yet in a delayed offer."""
        lines = (audio(),) if media is None else tuple(media)
        call = Call(self, [caller, *via, callee], lines, delayed_offer=delayed_offer)
        call.invite(headers or {})
        return call

    def call(
        self,
        caller: Machine,
        callee: Machine,
        *,
        via: Sequence[Machine] = (),
        media: Sequence[Line] | None = None,
        answer: Sequence[Line] | None = None,
        answer_after: float = 2.0,
        delayed_offer: bool = False,
        headers: Mapping[str, str] | None = None,
    ) -> Call:
        """Dial, ring at once, and answer *answer_after* seconds after the INVITE."""
        began = self.clock
        call = self.dial(caller, callee, via=via, media=media, delayed_offer=delayed_offer, headers=headers)
        call.ring()
        self.wait(max(0.0, began + answer_after - self.clock))
        call.answer(answer)
        return call

    def request(
        self,
        source: Machine,
        target: Machine,
        method: str,
        *,
        via: Sequence[Machine] = (),
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        status: int | None = 200,
        repeats: int = 0,
    ) -> Leg:
        """Send a request outside of any call, such as OPTIONS or REGISTER, and answer it unless *status* is None."""
        uris = (source.uri, source.uri) if method == "REGISTER" else None
        leg = Leg(self, [source, *via, target], uris)
        leg.exchange(leg.caller, method, headers=headers, body=body, status=status, repeats=repeats)
        return leg
