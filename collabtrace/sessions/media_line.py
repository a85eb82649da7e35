"""What an offer and its answer make of one m-line (RFC 3264 §6, and the documents that each attribute is of)."""

from typing import NamedTuple

from collabtrace.protocols.sdp import Media

MOST_REMEMBERED = 4096
"""Pairs of m-lines whose outcome is remembered: calls repeat each other's attributes."""

UNSAID = "-"
"""Stands for the side of a pair that does not say."""


class Outcome(NamedTuple):
    """All columns of a media line that do not depend on addresses and ports; the names are those of the table."""

    kind: str
    content: str | None
    label: str | None
    protocol: str
    codecs: str | None
    payload_types: tuple[str, ...]
    security: str | None
    ice: bool
    floorctrl: str | None
    setup: str | None
    floors: str | None


class Outcomes:
    """The outcomes of pairs of m-lines, each made once while it is remembered."""

    def __init__(self) -> None:
        self._made: dict[object, Outcome] = {}

    def of(self, offer: Media | None, answer: Media | None) -> Outcome:
        """What the pair amounts to; where one is None, what the other says alone."""
        key = (_identity(offer), _identity(answer))
        made = self._made.get(key)
        if made is None:
            if len(self._made) >= MOST_REMEMBERED:
                self._made.clear()
            made = self._made[key] = _outcome([side for side in (offer, answer) if side is not None])
        return made


def _identity(side: Media | None) -> object:
    """All that the outcome depends on; the session's lines only by their attributes, as each has its own address."""
    if side is None:
        return None
    return side.kind, side.protocol, side.formats, side.section, side.session.attributes, side.port == 0


def _outcome(sides: list[Media]) -> Outcome:
    last = sides[-1] if sides[-1].port else sides[0]
    named = dict.fromkeys(f"{codec.payload_type}={codec.encoding}" for side in sides for codec in side.codecs)
    codecs = ", ".join(codec.encoding for codec in last.codecs) if last.is_rtp else " ".join(last.formats)
    return Outcome(
        kind=sides[0].kind,
        content=next((side.content for side in sides if side.content), None),
        label=next((side.label for side in sides if side.label), None),
        protocol=last.protocol,
        codecs=codecs or None,
        payload_types=tuple(named),
        security=last.security,
        ice=all(side.ice for side in sides),
        floorctrl=_pair([" ".join(side.floorctrl) or None for side in sides]) if last.is_bfcp else None,
        setup=_pair([side.setup for side in sides]),
        floors=_floors(sides),
    )


def _pair(said: list[str | None]) -> str | None:
    """``actpass/active``: what the offer and what the answer says; None where both say nothing."""
    return "/".join(word or UNSAID for word in said) if any(said) else None


def _floors(sides: list[Media]) -> str | None:
    """``2=12``: floors and their streams, the answer's before the offer's."""
    for side in reversed(sides):
        if side.floors:
            return ", ".join(
                f"{floor.floor_id}={' '.join(floor.streams)}" if floor.streams else str(floor.floor_id)
                for floor in side.floors
            )
    return None


def direction(offer: Media | None, answer: Media | None) -> str:
    """Which way media may flow, as the offerer sees it (RFC 3264 §5.1, §6.1).

    The address 0.0.0.0 asks for silence, as RFC 2543 held calls (RFC 3264 §8.4). Without an answer, what the offer
    asks for; without the offer, what the answer leaves.
    """
    if (offer is not None and not offer.port) or (answer is not None and not answer.port):
        return "inactive"
    offerer_sends = (offer is None or _sends(offer)) and (answer is None or _receives(answer))
    offerer_receives = (offer is None or _receives(offer)) and (answer is None or _sends(answer))
    return _DIRECTIONS[offerer_sends, offerer_receives]


_DIRECTIONS = {
    (True, True): "sendrecv",
    (True, False): "sendonly",
    (False, True): "recvonly",
    (False, False): "inactive",
}


def _sends(side: Media) -> bool:
    return side.direction in ("sendrecv", "sendonly")


def _receives(side: Media) -> bool:
    connection = side.connection
    return side.direction in ("sendrecv", "recvonly") and not (connection is not None and connection.nowhere)


def rtcp_ports(offer: Media | None, answer: Media | None) -> tuple[int | None, int | None]:
    """Where each side wants RTCP: on the port of RTP where both said rtcp-mux (RFC 5761 §5.1.1)."""
    sides = [side for side in (offer, answer) if side is not None]
    muxed = all(side.rtcp_mux for side in sides)
    return _rtcp_port(offer, muxed), _rtcp_port(answer, muxed)


def _rtcp_port(side: Media | None, muxed: bool) -> int | None:
    if side is None or not side.is_rtp or not side.port:
        return None
    return side.port if muxed else side.rtcp_port
