"""What an offer and its answer make of one m-line (RFC 3264 §6, and the documents that each attribute is of)."""

from dataclasses import replace
from typing import NamedTuple

from collabtrace.protocols.sdp import Media
from collabtrace.protocols.sdp.codecs import STATIC, Codec
from collabtrace.protocols.sdp.floor_roles import roles

MOST_REMEMBERED = 4096
"""Pairs of m-lines whose outcome is remembered: calls repeat each other's attributes."""

UNSAID = "-"
"""Stands for the side of a pair that does not say."""

REGISTERED = {
    name.lower(): name
    for name in (
        *(codec.name for codec in STATIC.values() if codec.name is not None),
        *("telephone-event", "opus", "iLBC", "speex", "SILK", "AMR", "AMR-WB", "EVS", "G7221", "G726-32", "MP4A-LATM"),
        *("H263-1998", "H263-2000", "H264", "H264-SVC", "H265", "VP8", "VP9", "AV1", "rtx", "red", "ulpfec"),
    )
}
"""Encoding names as their registrations spell them: case does not count (RFC 8866 §6.6), but one name is read."""


class Outcome(NamedTuple):
    """All columns of a media line that do not depend on its addresses and ports; the names are those of the table."""

    kind: str
    content: str | None
    label: str | None
    protocol: str
    offer_protocol: str | None
    direction: str
    codecs: str | None
    payload_types: tuple[str, ...]
    offer_payload_types: tuple[str, ...] | None
    answer_payload_types: tuple[str, ...] | None
    security: str | None
    ice: bool
    floorctrl: str | None
    floor_roles: str | None
    setup: str | None
    floors: str | None
    muxed: bool
    """Whether RTCP shares the port of RTP (RFC 5761 §5.1.1)."""
    is_off: bool
    """Whether one of the two has port 0."""


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
            made = self._made[key] = outcome(offer, answer)
        return made


def _identity(side: Media | None) -> object:
    """All that the outcome depends on; the session's lines only by their attributes, as each has its own address."""
    if side is None:
        return None
    attributes = side.session.attributes
    return side.kind, side.protocol, side.formats, side.section, attributes, side.port == 0, _is_nowhere(side)


def _is_nowhere(side: Media) -> bool:
    """Whether the address asks for silence, as RFC 2543 held calls (RFC 3264 §8.4)."""
    connection = side.connection
    return connection is not None and connection.nowhere


def outcome(offer: Media | None, answer: Media | None) -> Outcome:
    """What the pair amounts to; where one is None, what the other says alone."""
    sides = [side for side in (offer, answer) if side is not None]
    last = sides[-1] if sides[-1].port else sides[0]
    offered, answered = _named(offer), _named(answer)
    codecs = ", ".join(dict.fromkeys(map(_encoding, last.codecs))) if last.is_rtp else " ".join(last.formats)
    return Outcome(
        kind=sides[0].kind,
        content=next((side.content for side in sides if side.content), None),
        label=next((side.label for side in sides if side.label), None),
        protocol=last.protocol,
        offer_protocol=None if offer is None else offer.protocol,
        direction=_direction(offer, answer),
        codecs=codecs or None,
        payload_types=tuple(dict.fromkeys((offered or ()) + (answered or ()))),
        offer_payload_types=offered,
        answer_payload_types=answered,
        security=last.security,
        ice=all(side.ice for side in sides),
        floorctrl=_pair([" ".join(side.floorctrl) or None for side in sides]) if last.is_bfcp else None,
        floor_roles="/".join(roles(offer.floorctrl, answer.floorctrl)) if last.is_bfcp and offer and answer else None,
        setup=_pair([side.setup for side in sides]),
        floors=_floors(sides),
        muxed=all(side.rtcp_mux for side in sides),
        is_off=not all(side.port for side in sides),
    )


def _named(side: Media | None) -> tuple[str, ...] | None:
    """``101=telephone-event/8000`` for each payload type of a side, each once."""
    if side is None:
        return None
    return tuple(dict.fromkeys(f"{codec.payload_type}={_encoding(codec)}" for codec in side.codecs))


def _encoding(codec: Codec) -> str:
    """The codec in one spelling, whoever wrote it: the registered name, one channel unwritten (RFC 8866 §6.6)."""
    if codec.name is None:
        return codec.encoding
    name = REGISTERED.get(codec.name.lower(), codec.name)
    return replace(codec, name=name, channels=None if codec.channels == 1 else codec.channels).encoding


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


def _direction(offer: Media | None, answer: Media | None) -> str:
    """Which way media may flow, as the offerer sees it (RFC 3264 §5.1, §6.1).

    Without an answer, what the offer asks for; without the offer, what the answer leaves.
    """
    if any(side is not None and not side.port for side in (offer, answer)):
        return "inactive"
    forth = (offer is None or _sends(offer)) and (answer is None or _receives(answer))
    back = (offer is None or _receives(offer)) and (answer is None or _sends(answer))
    return _DIRECTIONS[forth, back]


_DIRECTIONS = {
    (True, True): "sendrecv",
    (True, False): "sendonly",
    (False, True): "recvonly",
    (False, False): "inactive",
}


def _sends(side: Media) -> bool:
    return side.direction in ("sendrecv", "sendonly")


def _receives(side: Media) -> bool:
    return side.direction in ("sendrecv", "recvonly") and not _is_nowhere(side)
