"""Where two legs of a call meet: a machine that ends the one and begins the other (a B2BUA), and what passes it."""

from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from collabtrace.subjects.leg import Leg
from collabtrace.subjects.press import Press

if TYPE_CHECKING:
    from collabtrace.subjects.call import Call


class Joint:
    """Two legs of one call with a machine that is an end of both."""

    def __init__(self, machine: str, one: Leg, other: Leg) -> None:
        self.machine = machine
        """Address of the B2BUA."""
        self.legs = (one, other)

    def __repr__(self) -> str:
        return f"<Joint at {self.machine} of {self.legs[0]!r} and {self.legs[1]!r}>"

    @cached_property
    def passes_media_by(self) -> bool:
        """Whether sound goes from end to end: both legs name the same two endpoints for it."""
        one, other = ({line.ends for line in leg.sounds if line.is_agreed} for leg in self.legs)
        return bool(one & other)

    def other(self, leg: Leg) -> Leg:
        """The leg on the other side of the machine."""
        return self.legs[1] if leg is self.legs[0] else self.legs[0]

    def far_end_called(self, leg: Leg) -> bool:
        """Whether the end of a leg that is not the machine is its caller."""
        return leg.record.callee == self.machine

    def far_end(self, leg: Leg) -> str:
        """Address of the end of a leg that is not the machine."""
        return leg.record.caller if self.far_end_called(leg) else leg.record.callee

    def enters(self, press: Press) -> bool:
        """Whether a key on one of the legs goes to the machine."""
        return press.by_caller is not None and press.by_caller == self.far_end_called(press.leg)

    def leaves(self, press: Press) -> bool:
        """Whether a key on one of the legs comes from the machine."""
        return press.by_caller is not None and press.by_caller != self.far_end_called(press.leg)


def joints(call: "Call") -> tuple[Joint, ...]:
    """The machines in the middle of a call, each with two legs: of one capture, where any holds both."""
    found: dict[tuple[str, frozenset[str]], Joint] = {}
    legs = [leg for leg in call.legs if leg.record.method == "INVITE"]
    pairs = sorted(combinations(legs, 2), key=lambda pair: pair[0].file != pair[1].file)
    for one, other in pairs:
        shared = {one.record.caller, one.record.callee} & {other.record.caller, other.record.callee}
        if one.call_id != other.call_id and len(shared) == 1:
            machine = shared.pop()
            found.setdefault((machine, frozenset((one.call_id, other.call_id))), Joint(machine, one, other))
    return tuple(found.values())


class Relay(NamedTuple):
    """An answered leg that arrived at a machine, and the answered leg that it began because of that."""

    machine: str
    """Address of the B2BUA on the side of the leg that arrived."""
    before: Leg
    behind: Leg


def relays(call: "Call") -> tuple[Relay, ...]:
    """The machines by way of which a call went on.

    A phone that is called and then calls somebody itself, to consult or to transfer, has answered the first leg by
    then. A border controller with an address on either side shows itself only by the two legs of its call.
    """
    ways = [
        Relay(joint.machine, before, behind)
        for joint in call.joints
        for before, behind in (joint.legs, joint.legs[::-1])
        if before.record.callee == joint.machine == behind.record.caller
    ]
    if not call.joints:
        legs = {leg.call_id: leg for leg in reversed(call.legs) if leg.record.method == "INVITE"}
        if len(legs) == 2:
            before, behind = sorted(legs.values(), key=lambda leg: leg.record.started)
            ways = [Relay(before.record.callee, before, behind)]
    return tuple(way for way in ways if _went_on(way))


def _went_on(way: Relay) -> bool:
    before, behind = way.before.record, way.behind.record
    if before.answered is None or behind.answered is None:
        return False
    # The clocks of two captures do not tell what came first.
    return before.file != behind.file or before.started <= behind.started <= before.answered
