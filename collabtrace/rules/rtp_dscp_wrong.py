"""Media or signalling is marked for the wrong queue.

## What it finds
Sound, picture or SIP of a call whose packets carry a DSCP that a collaboration network does not expect there, or lose
it on the way: remarked between two capture points, marked for another class, or not marked although the same sender
marks the rest of the call or the other side marks the same media.

## Why it matters
Routers and switches choose the queue by the DSCP (RFC 2474). Sound in the default queue works until the link is full;
a picture in the queue for sound pushes the sound of everybody out.

## How it decides
The DSCP that most packets of a stream have counts, of streams of at least 50 packets. Expected are
* sound: EF (46), VOICE-ADMIT (44); in a call with picture, or in which one was offered, also what the picture may have,
  as CUCM marks the sound of video calls AF41 by default (DSCP for Audio Portion of Video Calls);
* picture and slides: AF41 (34), AF42, AF43, CS4 (32, TelePresence); slides also AF21, AF22, AF23;
* SIP: CS3 (24), AF31 to AF33 (26, the older default), CS5 (40, RFC 4594), CS6 (48, which RFC 4594 keeps for routing,
  and some networks give to all that controls).

A fault is
1. a stream that one capture shows with an expected DSCP and another, behind it, with another: `proved`;
2. a DSCP from CS1 on that is none of these: `proved` of media, `likely` of SIP, for which many programs set what their
   makers thought right, and which has room in any queue;
3. no mark (below CS1) in one direction, while the other direction has an expected one: `likely`;
4. no mark on a sender's sound or picture, while the same sender marks other media or its SIP (CS3, AF31): `likely`.

The last two are only `possible` where the capture was taken on the link of the sender, as the first switch may still
mark.

A network where nothing is marked at all (a home, the Internet, Windows without a policy) is no fault: without any
mark there is no policy that is broken, and the rule says `unknown`. Nor are marks that the Internet clears: media that
comes from a public address to a private one is left out of 3 and 4.

## When it is wrong
A network may have a policy of its own. A capture on a Windows host may show packets before they are marked. Access
points turn the DSCP into a Wi-Fi class and may return it changed. Values of the old type of service (RFC 1349), such as
the low delay that some SIP servers set, are taken for no mark.

## What to do next
1. CUCM › System › Service Parameters › Cisco CallManager › Clusterwide Parameters (System - QOS): DSCP for Audio Calls,
   Video Calls, TelePresence Calls; then reset the devices.
2. CE endpoint: Configuration › NetworkServices / Network 1 QoS Mode Diffserv, QoS Diffserv Audio 46, Video 34,
   Signalling 24. Expressway: System › Quality of Service.
3. Jabber on Windows needs a group policy (policy-based QoS) for its executable and port ranges.
4. Find the hop that changes it: capture on both sides of the access switch (`mls qos trust dscp`, `auto qos voip`), of
   the WAN router and of the provider.

## References
- RFC 4594: configuration guidelines for classes
- RFC 2474, RFC 2597, RFC 3246: DSCP, AF, EF
- Cisco Collaboration System Solution Reference Network Designs: Network Infrastructure, QoS
- Cisco, CUCM System Configuration Guide: Flexible DSCP marking and video promotion
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from collabtrace.protocols import dscp
from collabtrace.protocols.scope import is_inside, is_public
from collabtrace.schema import Evidence, Flow, Stream
from collabtrace.subjects import Call, Sight, SipMessage
from collabtrace.verdicts import Confidence, Severity, Verdict, clear, fault, proof, rule, unknown

MIN_PACKETS = 50
"""RTP packets by which a stream shows how it is marked: one second of sound."""
SOUND = frozenset({dscp.EF, dscp.VOICE_ADMIT})
PICTURE = frozenset({32, 34, 36, 38})
SLIDES = PICTURE | {18, 20, 22}
SIGNALLING = frozenset({24, 26, 28, 30, 40, 48})
UNTOLD = SIGNALLING.union(range(dscp.LOWEST_CLASS))
"""Marks of SIP that say nothing against it where no media was captured."""
CISCO_SIGNALLING = frozenset({24, 26})
"""What shows that the sender was told how to mark: other marks of SIP may be an old default of its program."""


class Marked(NamedTuple):
    """How the media of one kind that one machine sends to another is marked."""

    stream: Stream
    expected: frozenset[int]

    @property
    def is_marked(self) -> bool:
        """Whether it has any class."""
        return self.stream.dscp >= dscp.LOWEST_CLASS

    @property
    def is_well(self) -> bool:
        """Whether it has a class that is expected."""
        return self.stream.dscp in self.expected

    @property
    def text(self) -> str:
        """Kind, path and mark."""
        stream = self.stream
        return f"{stream.kind} from {stream.source} to {stream.target} has DSCP {dscp.name(stream.dscp)}"

    @property
    def frame(self) -> Evidence:
        """Its first packet."""
        return Evidence(
            self.stream.file, self.stream.first_frame, f"{self.stream.kind} with {dscp.name(self.stream.dscp)}"
        )


class Problem(NamedTuple):
    """One thing that is wrong."""

    confidence: Confidence
    text: str
    evidence: tuple[Evidence, ...]


@rule(Severity.MINOR)
def rtp_dscp_wrong(call: Call, sight: Sight) -> Iterator[Verdict]:
    """Judge one call, once for all that is marked wrongly in it."""
    if not call.streams and sight.sip_markings <= UNTOLD:
        return
    media = _media(call)
    signalling = list(_signalling(call, sight))
    if not media and not signalling:
        return
    problems = [*_remarked(media), *_misplaced(media), *_unlike(media, signalling, sight), *_sip(signalling)]
    if problems:
        problems.sort(key=lambda each: list(Confidence).index(each.confidence))
        told = list(dict.fromkeys(each.text for each in problems))
        more = f" Beside that: {'; '.join(told[1:])}." if told[1:] else ""
        evidence = dict.fromkeys(frame for each in problems for frame in each.evidence)
        yield fault(f"{told[0]}.{more}", *evidence, confidence=problems[0].confidence)
    elif any(each.is_well for each in media):
        yield clear(f"{next(each for each in media if each.is_well).text}, as expected")
    elif media:
        yield unknown("nothing in this call is marked, so there is no policy that it could break")


def _media(call: Call) -> list[Marked]:
    """The greatest stream of each kind and direction in each capture."""
    found: dict[tuple[str, ...], Stream] = {}
    kinds, ports = (call.case.media.columns[name] for name in ("kind", "offer_port"))
    with_picture = any(stream.kind == "video" for stream in call.streams)
    with_picture = with_picture or any(kinds[row] == "video" and ports[row] > 0 for row in call.line_rows)
    for stream in call.streams:
        place = (stream.file, stream.source, stream.target, stream.kind or "", stream.content or "")
        if stream.packets >= MIN_PACKETS and stream.kind in ("audio", "video"):
            found[place] = max(found.get(place, stream), stream, key=lambda each: each.packets)
    sound = SOUND | PICTURE if with_picture else SOUND
    picture = {"slides": SLIDES}
    return [
        Marked(each, sound if each.kind == "audio" else picture.get(each.content or "", PICTURE))
        for each in found.values()
    ]


def _signalling(call: Call, sight: Sight) -> Iterator[tuple[SipMessage, Flow]]:
    """For every machine and file, a message that it sent and the flow that it is of."""
    source, target = (call.case.messages.columns[name] for name in ("source", "target"))
    seen = set()
    for leg in call.legs:
        for row in leg.record.message_rows:
            ends = (leg.file, source[row], target[row])
            if ends not in seen:
                seen.add(ends)
                message = SipMessage(call.case, row)
                flow = sight.flow(message.record)
                if flow is not None:
                    yield message, flow


def _remarked(media: list[Marked]) -> Iterator[Problem]:
    """Streams that had an expected mark nearer to their sender."""
    for near in media:
        for far in media:
            same = near.stream.ssrc == far.stream.ssrc and near.stream.file != far.stream.file
            if same and near.is_well and not far.is_well and near.stream.ttl > far.stream.ttl:
                text = (
                    f"{near.text} in {near.stream.file} and {dscp.name(far.stream.dscp)} in {far.stream.file}: "
                    "it is remarked between the two"
                )
                yield Problem(Confidence.PROVED, text, (near.frame, far.frame))


def _misplaced(media: list[Marked]) -> Iterator[Problem]:
    """Streams in a class that is not for them, those of one kind and class together."""
    found: defaultdict[tuple[str | None, int, frozenset[int]], list[Marked]] = defaultdict(list)
    for each in media:
        if each.is_marked and not each.is_well:
            found[each.stream.kind, each.stream.dscp, each.expected].append(each)
    for (kind, value, expected), those in found.items():
        paths = dict.fromkeys(f"from {each.stream.source} to {each.stream.target}" for each in those)
        wanted = " or ".join(map(dscp.name, sorted(expected, reverse=True)))
        text = f"{kind} {' and '.join(paths)} has DSCP {dscp.name(value)}, where {wanted} is expected"
        yield Problem(Confidence.PROVED, text, tuple(each.frame for each in those))


def _unlike(media: list[Marked], signalling: list[tuple[SipMessage, Flow]], sight: Sight) -> Iterator[Problem]:
    """Streams without a mark beside others that have one."""
    for each in media:
        stream = each.stream
        if each.is_marked or (is_public(stream.source) and is_inside(stream.target)):
            continue
        near = sight.is_near(stream.file, stream.source) and not sight.is_near(stream.file, stream.target)
        confidence = Confidence.POSSIBLE if near else Confidence.LIKELY
        for other in media:
            like = other.stream
            back = (like.source, like.target, like.kind) == (stream.target, stream.source, stream.kind)
            if like.file == stream.file and other.is_well and (back or like.source == stream.source):
                what = "the other direction" if back else f"its {like.kind}"
                text = f"{each.text}, while {what} has {dscp.name(like.dscp)}"
                yield Problem(confidence, text, (each.frame, other.frame))
                break
        else:
            for message, flow in signalling:
                if (flow.file, flow.source) == (stream.file, stream.source) and flow.dscp in CISCO_SIGNALLING:
                    text = f"{each.text}, while the SIP of {flow.source} has {dscp.name(flow.dscp)}"
                    yield Problem(confidence, text, (each.frame, proof(message, f"SIP with {dscp.name(flow.dscp)}")))
                    break


def _sip(signalling: list[tuple[SipMessage, Flow]]) -> Iterator[Problem]:
    """SIP in a class that is not for it."""
    for message, flow in signalling:
        if flow.dscp >= dscp.LOWEST_CLASS and flow.dscp not in SIGNALLING:
            text = (
                f"SIP from {flow.source} to {flow.target} has DSCP {dscp.name(flow.dscp)}, where CS3 (24) is expected"
            )
            yield Problem(Confidence.LIKELY, text, (proof(message, f"SIP with {dscp.name(flow.dscp)}"),))
