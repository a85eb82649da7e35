"""Which payload types the receiver of an RTP stream wanted, and when: by its own offers and answers (RFC 3264 §5.1).

What was wanted before a new round counts for a moment longer, because packets are under way (RFC 3264 §8.3), and what
an offer names counts from the moment when it was sent. So there are times at which just one description counts, and
only those are told.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from collabtrace.protocols.sdp import Media
from collabtrace.schema import Stream
from collabtrace.sessions.event_types import SETTLING, is_from_offerer
from collabtrace.sessions.negotiated import EARLY
from collabtrace.sessions.offer_answer import REJECTED
from collabtrace.subjects.line import Line, Side

if TYPE_CHECKING:
    from collabtrace.subjects.call import Call


class Expectation(NamedTuple):
    """What one description wants, while no other one counts."""

    line: Line
    receiver: Side
    """The one who wants it, as this description says."""
    sender: Side | None
    """The other side of the same m-line."""
    types: frozenset[int]
    begin: float
    """Seconds since the epoch."""
    end: float
    by_itself: bool
    """Whether the machine that gets the packets wrote it."""


def expectations(call: "Call", stream: Stream) -> tuple[Expectation, ...] | None:
    """What the receiver of a stream wanted, one description after the other; None where the capture shows none at all.

    The clocks of captures differ, so what the capture with the packets shows of the signalling counts alone. Where it
    shows none, all that the receiver ever wanted counts all the time.
    """
    said = _said(call, stream)
    found = [_Said(line, side, sender, _types(side)) for line, side, sender in said]
    if not found:
        return None
    own = [each for each in found if each.side.machine == stream.target]
    chosen = sorted(own or found, key=lambda each: each.side.time)
    here = [each for each in chosen if each.side.file == stream.file]
    if not here:
        last = chosen[-1]
        every = frozenset().union(*(each.types for each in chosen))
        return (Expectation(last.line, last.side, last.sender, every, stream.first, stream.last, by_itself=bool(own)),)
    return tuple(_spells(here, stream, by_itself=bool(own)))


class _Said(NamedTuple):
    line: Line
    side: Side
    sender: Side | None
    types: frozenset[int]


def _said(call: "Call", stream: Stream) -> list[tuple[Line, Side, Side | None]]:
    """What was said of the endpoint that the stream goes to; behind a NAT, what the other side of its m-line said."""
    source, target = (stream.source, stream.source_port), (stream.target, stream.target_port)
    lines = [line for line in call.lines if line.is_rtp and line.record.state != REJECTED]
    exact = [
        (line, side, other)
        for line in lines
        for side, other in ((line.offer, line.answer), (line.answer, line.offer))
        if side is not None and side.endpoint == target
    ]
    if exact:
        return exact
    found = []
    own = next((line for line in lines if line.row == stream.media_row), None)
    for line in lines if own is not None else ():
        if own is not None and line.leg.row == own.leg.row and line.record.index == own.record.index:
            record = line.record
            ends = (record.offer_address, record.offer_port), (record.answer_address, record.answer_port)
            pair = (line.answer, line.offer) if is_from_offerer(source, target, *ends) else (line.offer, line.answer)
            if pair[0] is not None:
                found.append((line, pair[0], pair[1]))
    return found


def _types(side: Side) -> frozenset[int]:
    """The numbers that a description names for what comes to its endpoint: those of a bundle together (RFC 9143 §9)."""
    session, mine = side.session, side.media
    if mine is None:
        return frozenset()
    together = session.media if session.bundle else [media for media in session.media if _share(media, mine)]
    codecs = (codec.payload_type for media in together for codec in media.codecs)
    return frozenset(int(number) for number in codecs if number.isdecimal() and len(number) <= 3)


def _share(one: Media, other: Media) -> bool:
    return one.port == other.port and one.address == other.address


def _spells(said: Sequence[_Said], stream: Stream, *, by_itself: bool) -> list[Expectation]:
    """The times within the stream in which one description counts alone."""
    found = []
    for number, each in enumerate(said):
        others = [other.side.time for other in said[number + 1 :] if other.types != each.types]
        is_first = not any(other.types != each.types for other in said[:number])
        alone_at_once = is_first and each.line.offer is each.side
        begin = each.side.time if alone_at_once else (each.line.begin or each.side.time) + SETTLING
        end = min(each.line.end, *(time - EARLY for time in others[:1]), stream.last)
        if max(begin, stream.first) < end:
            first = max(begin, stream.first)
            found.append(Expectation(each.line, each.side, each.sender, each.types, first, end, by_itself))
    return found
