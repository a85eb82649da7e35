"""Media is sent with a payload type that its receiver did not name.

## What it finds
RTP whose payload type is not among those in the SDP of the receiver, for more than a second: a codec that nobody
negotiated, one that a re-INVITE had replaced, or the right codec under the number that the sender named for itself.

## Why it matters
Every side says by which numbers it wants to receive, and the other one has to use these (RFC 3264 §5.1, §6.1). A
receiver drops what it does not know: the call is up, packets arrive, and nothing is heard or seen.

## How it decides
1. The payload types of a stream are held against the description of the machine that gets it: the one that it wrote
   itself, on its own leg, whatever a B2BUA made of it on the other. For the offerer that is the offer, for the answerer
   the answer; the numbers of a bundle count together. Static types (RFC 3551) count as the m-line lists them.
2. Only times count at which one description is alone in force. From a new offer until 2 s after its answer the numbers
   of the round before are good too, because packets are under way (RFC 3264 §8.3), and before the first answer nothing
   is known of the answerer.
3. At least 20 packets over more than 1 s: fewer may be a codec change that both sides make.
4. Comfort noise (13, and 19 as drafts had it) is always good. Telephone-events are judged by `dtmf-payload-mismatch`;
   retransmission and repair formats that the sender names, and the numbers 64 to 95, which RTCP may look like (RFC 5761
   §4), are left out.
5. `proved` if the receiver's own description was captured and names the address that the packets go to; else `likely`.

## When it is wrong
Some receivers take any static payload type that they can decode, or the sender's own number. Streams from a machine
that no description of the call names as the other side are not judged: they may be left over from another call. Where
the receiver's description was not captured, the rule says `unknown`.

## What to do next
1. Compare the two descriptions in the finding with the payload type in the first frame (in Wireshark: Decode As… RTP).
2. If the sender uses its own number: a fault of the sender, or of a B2BUA that renumbers without translating. CUBE:
   `asymmetric payload full` in the dial-peer; else give both sides the same numbers (`rtp payload-type …`).
3. If the codec was replaced before: the sender missed the re-INVITE; see whether its answer and ACK arrived.
4. If nobody ever named it: CUCM › Device Settings › SIP Profile and Region of the sender; the release notes of the
   device; a media resource (MTP, transcoder) that was given another codec than the signalling says.

## References
- RFC 3264 §5.1, §6.1, §8.3 (whose payload type numbers count, and for how long)
- RFC 3551 §6 (static types), RFC 5761 §4 (numbers that RTCP looks like), RFC 9143 §9 (bundles)
- Cisco Unified Border Element, Dynamic Payload Type Interworking
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from collabtrace.protocols.sdp import Codec
from collabtrace.schema import Evidence, Stream
from collabtrace.sessions.formats import OLD_COMFORT_NOISE
from collabtrace.sessions.types_between import Use
from collabtrace.subjects import Call, Side
from collabtrace.subjects.expectation import Expectation
from collabtrace.verdicts import Confidence, Severity, Verdict, clear, fault, proof, rule, unknown

MIN_PACKETS = 20
"""Packets with a wrong number that are no accident of a codec change."""
MIN_SECONDS = 1.0
"""How long they must go on."""
SILENCE = frozenset({13, OLD_COMFORT_NOISE})
"""Payload types of comfort noise (RFC 3389 §4), which need no negotiation."""
LIKE_RTCP = frozenset(range(64, 96))
"""Payload types that RTCP packets look like when they share the port (RFC 5761 §4)."""


class Wrong(NamedTuple):
    """A payload type that the receiver did not name, in the time of one description."""

    stream: Stream
    payload_type: int
    use: Use
    expected: Expectation


@rule(Severity.MAJOR)
def rtp_payload_mismatch(call: Call) -> Iterator[Verdict]:
    """Judge the streams of one call."""
    fitting, suspect = _by_columns(call)
    found: list[Wrong] = []
    unclear: list[Stream] = []
    for row in suspect:
        stream = call.case.streams[row]
        expected = call.expectations(stream)
        if expected is not None:
            found += [wrong for each in expected for wrong in _wrong(call, row, stream, each)]
            fitting += 1
        else:
            unclear.append(stream)
    if found:
        yield _fault(found)
    elif unclear:
        told = f"the SDP of {unclear[0].target}, which gets payload types {_listed(unclear[0].payload_types)}"
        yield unknown(f"{told}, was not captured")
    elif fitting:
        yield clear(f"{fitting} streams use payload types that their receivers named")


def _by_columns(call: Call) -> tuple[int, list[int]]:
    """How many streams surely fit, and the rows of those that have to be looked at.

    A type that every description of the call names for that kind of media, of all legs and rounds, is always good.
    """
    types, kinds = (call.case.streams.columns[name] for name in ("payload_types", "kind"))
    fitting, suspect = 0, []
    for row in call.stream_rows:
        if call.common_types.get(kinds[row], SILENCE).issuperset(set(types[row]) - SILENCE):
            fitting += 1
        else:
            suspect.append(row)
    return fitting, suspect


def _wrong(call: Call, row: int, stream: Stream, expected: Expectation) -> Iterator[Wrong]:
    """The payload types that the receiver did not name while *expected* says what it wants."""
    strange = set(stream.payload_types) - expected.types - SILENCE - LIKE_RTCP - _excused(expected)
    if not strange or not _is_peer(call, stream, expected):
        return
    for payload_type, use in call.case.types_between(row, expected.begin, expected.end).items():
        lasting = use.packets >= MIN_PACKETS and use.last - use.first > MIN_SECONDS
        if payload_type in strange and lasting and not _are_keys(call, stream, payload_type):
            yield Wrong(stream, payload_type, use, expected)


def _excused(expected: Expectation) -> set[int]:
    """Numbers that either side gave to keys, silence or repair in any round: other rules judge these, or none does."""
    lines = (line for line in expected.line.leg.lines if line.record.index == expected.line.record.index)
    sides = (side for line in (*lines, *expected.line.twins) for side in (line.offer, line.answer))
    codecs = (codec for side in sides if side is not None and side.media is not None for codec in side.media.codecs)
    return {int(codec.payload_type) for codec in codecs if not codec.is_media and codec.payload_type.isdecimal()}


def _is_peer(call: Call, stream: Stream, expected: Expectation) -> bool:
    """Whether the stream comes from the other side of the m-line, or from behind a NAT that no description names."""
    other = None if expected.sender is None else expected.sender.endpoint
    named = {address for leg in call.legs for address in leg.media_addresses}
    return stream.source not in named or (other is not None and other[0] == stream.source)


def _are_keys(call: Call, stream: Stream, payload_type: int) -> bool:
    """Whether packets of that number are telephone-events by their form, though nobody named them so."""
    return any((key.record.ssrc, key.record.payload_type) == (stream.ssrc, payload_type) for key in call.presses)


def _fault(found: Sequence[Wrong]) -> Verdict:
    first = max(found, key=lambda wrong: (wrong.expected.by_itself, wrong.use.packets))
    stream, expected, number = first.stream, first.expected, first.payload_type
    mine = _codec(expected.sender, number)
    meant = f" ({mine.encoding})" if mine is not None and mine.name else ""
    said = (
        f"{stream.source} sends payload type {number}{meant} to {stream.target} port {stream.target_port}, "
        f"{first.use.packets} packets in {first.use.last - first.use.first:.1f} s, but the receiver named "
        f"{_listed(sorted(expected.types))} in frame {expected.receiver.frame}"
    )
    theirs = [codec for codec in _codecs(expected.receiver) if mine is not None and codec.is_same(mine)]
    if theirs:
        said += f"; {number} is the number that the sender named for itself, the receiver's is {theirs[0].payload_type}"
    elif any(number in other.types for other in _earlier(first)):
        said += "; the description before that one had named it"
    others = {(wrong.stream.file, wrong.stream.ssrc) for wrong in found} - {(stream.file, stream.ssrc)}
    more = f". {len(others)} more streams of the call have a wrong number too" if others else ""
    at_port = expected.receiver.endpoint == (stream.target, stream.target_port)
    evidence = [
        Evidence(stream.file, first.use.frame, f"the first packet with payload type {number} that is wrong"),
        proof(expected.receiver, f"what the receiver wants: {_listed(sorted(expected.types))}"),
        *([] if expected.sender is None else [proof(expected.sender, "what the sender named for itself")]),
    ]
    confidence = Confidence.PROVED if expected.by_itself and at_port else Confidence.LIKELY
    return fault(f"{said}{more}.", *evidence, confidence=confidence)


def _earlier(wrong: Wrong) -> list[Expectation]:
    """What the receiver wanted before."""
    every = wrong.expected.line.leg.call.expectations(wrong.stream)
    return [each for each in every or () if each.begin < wrong.expected.begin]


def _codecs(side: Side | None) -> Sequence[Codec]:
    return () if side is None or side.media is None else side.media.codecs


def _codec(side: Side | None, number: int) -> Codec | None:
    return next((codec for codec in _codecs(side) if codec.payload_type == str(number)), None)


def _listed(types: Sequence[int]) -> str:
    return ", ".join(map(str, types)) or "none"
