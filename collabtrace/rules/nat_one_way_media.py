"""Media flows in one direction only, though both were agreed.

## What it finds
An answered call of at least five seconds in which both sides agreed to send and to receive, and RTP was seen from one
of them alone.

## Why it matters
One of the two people hears nothing. Signalling looks perfect, so neither the call log nor the server knows.

## How it decides
1. Only lines count that were agreed `sendrecv` and in force for at least 5 s: a shorter call may end before the other
   side has opened its microphone. Hold, `sendonly`, `inactive`, the address 0.0.0.0 and multicast are no fault. Slides
   are left out, because only who presents sends them. A round of offer and answer that says the same again, as a
   session timer does, begins nothing new: who fell silent since may be muted.
2. One way has at least 50 packets (one second of sound) and the other fewer than 5 after the answer. Early media does
   not count. Where sound came, but for less than a tenth of the time, the rule says that it cannot tell: the microphone
   may be muted, or the sender have stopped.
3. The capture must have been able to see the missing direction. Near the machine that should hear, nothing arrived:
   `likely`. Near the machine that should speak, nothing left: `likely`. In the middle it counts only where other
   packets took the same way, and is `possible`.
4. `proved` where a second capture or an RTCP sender report shows that the packets were sent, where they are answered
   with ICMP errors for 5 s and more, three at least (at first a receiver may not be ready; the last 2 s do not count,
   as one side is closed before the other), or where one end says in its BYE that it sent packets and received none
   (P-RTP-Stat, RTP-RxStat).
5. A picture in one direction is a fault only where it is proved: a camera may be off.

## When it is wrong
* A program that stops sending while its microphone is muted or its user silent, without comfort noise and without
  saying so in SDP, looks the same. Where a few packets came, the rule says no more than `possible`.
* Comfort noise (payload type 13) is silence on purpose; the rule is clear where it sees any. A paging device (Algo,
  CyberData, Valcom, InformaCast) may have a speaker alone; where one end is such a device, or where one side asks for
  silence suppression (a=silenceSupp:on), it cannot tell.
* Media that comes back from another address or on another port counts as coming back.
* A SPAN port that mirrors one direction only, or a path that leaves out the capture point in one direction: `unknown`
  where nothing proves that the way back passes the capture.
* What P-RTP-Stat counts after a hold differs between products; the line must have been `sendrecv` when the call ended.

## What to do next
1. Capture at the machine that hears nothing. If media arrives there, look at its own firewall, payload types and keys;
   if not, capture again one device nearer to the sender until it appears.
2. Compare the address and port that the deaf side gave in its SDP with where the packets go. A private address outside
   its network is rule nat-sdp-unroutable.
3. Firewalls: permit the RTP range of both products in both directions (CUCM phones UDP 16384–32767; Expressway
   36000–59999; CE endpoints 2326–2487), and switch SIP inspection off.
4. CUCM › Device › Phone: a media termination point (MTP) or the wrong media resource group list may anchor one leg in
   a subnet without a route back.
5. Test with mute off, and from the other side.

## References
- RFC 3264 §5.1, §6.1, §8.4: directions, and hold
- RFC 4961: symmetric RTP
- RFC 3550 §6.4.1: what a sender report says of the packets sent
- RFC 3389: comfort noise
- Cisco, Configuring Call Statistics in SIP Messages (RTP-RxStat, RTP-TxStat)
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from collabtrace.protocols.scope import is_inside, is_multicast, is_public
from collabtrace.schema import Evidence, Report, Unreachable
from collabtrace.sessions.products import product
from collabtrace.subjects import Call, Leg, Line, MediaFlow, Sight, Silence, Way
from collabtrace.verdicts import Confidence, Severity, Verdict, clear, fault, proof, rule, unknown

MIN_SECONDS = 5.0
"""How long both directions must have been in force: a shorter call may end before the other side speaks."""
MIN_SPOKEN = 50
"""RTP packets of the direction that flows: one second of sound."""
MIN_HEARD = 5
"""RTP packets from which on the other direction flows too, however little."""
COVERED = 0.1
"""Share of the time in which sound has to come for that direction to be called well: speakers take turns."""
PACKET_MILLISECONDS = 20.0
"""Sound in a packet where nobody says otherwise (RFC 3551 §4.2)."""
MIN_REFUSALS = 3
"""ICMP errors about what flows in one direction, the last of them ``MIN_SECONDS`` after the first."""
CLOSING = 2.0
"""Seconds before the end in which one side may have closed its port already."""
PAGING = "paging device"
"""A product that announces: speakers in a hall, or what plays to them."""
COMFORT_NOISE = 13
"""Its payload type (RFC 3551 §6)."""


class Told(NamedTuple):
    """What was decided of one line, or of the statistics of one leg."""

    verdict: Verdict
    seen: Silence | None = None


@rule(Severity.MAJOR)
def nat_one_way_media(call: Call, sight: Sight) -> Iterator[Verdict]:
    """Judge one call, once for all of its lines."""
    if call.record.answered is None or not call.record.media:
        return
    told = [Told(verdict) for leg in call.legs for verdict in _by_statistics(leg, sight)]
    if call.streams:
        told += [_judged(line, sight) for line in _lines(call)]
    elif not told:
        told.append(Told(unknown("no RTP of this call was captured")))
    if told:
        # A machine between two legs that passes on nothing may have got nothing: the leg where it starts is told.
        speakers = {each.seen.speaker for each in told if each.seen}
        told.sort(key=lambda each: _rank(each, speakers))
        first = told[0].verdict
        evidence = dict.fromkeys(
            each for one in told if one.verdict.verdict == "fault" for each in one.verdict.evidence
        )
        yield replace(first, evidence=tuple(evidence)) if evidence else first


def _rank(told: Told, speakers: set[str]) -> tuple[int, bool, int]:
    passed_on = told.seen is not None and told.seen.silent in speakers
    gravity = ("fault", "unknown", "clear").index(told.verdict.verdict)
    return gravity, passed_on, list(Confidence).index(told.verdict.confidence)


def _lines(call: Call) -> Iterator[Line]:
    """Every line that should carry media both ways for long enough, once for all captures of its leg."""
    seen = set()
    for leg in call.legs:
        settled: set[frozenset[tuple[str | None, int | None]]] = set()
        for lines in leg.rounds:
            if all(line.record.answer_time is None for line in lines):
                continue
            two_way = {line.ends for line in lines if _is_two_way(line)}
            lasting = {line.ends for line in lines if _is_two_way(line) and _lasts(line)}
            shown = next((line for line in lines if line.record.kind == "video" and line.is_agreed), None)
            for line in lines:
                place = (line.ends, line.record.round)
                # A round that only says the same again (session timer) begins nothing.
                is_new = place not in seen and line.ends not in settled
                if is_new and (line.record.kind == "audio" or line is shown) and line.ends in lasting:
                    seen.add(place)
                    yield line
            settled = lasting | (settled & two_way)


def _is_two_way(line: Line) -> bool:
    record = line.record
    flows = line.is_agreed and line.is_rtp and record.direction == "sendrecv" and record.content in (None, "main")
    return flows and not any(is_multicast(end) for end in (record.offer_address, record.answer_address) if end)


def _lasts(line: Line) -> bool:
    return line.record.answer_time is not None and line.end - line.record.answer_time >= MIN_SECONDS


def _by_statistics(leg: Leg, sight: Sight) -> Iterator[Verdict]:
    """What the two ends say that they counted; only if sound went both ways to the end by what was agreed."""
    sound = [line for line in leg.settled if line.record.kind == "audio"] if leg.statistics else []
    if not any(_is_two_way(line) and _lasts(line) for line in sound):
        return
    for message in leg.statistics:
        counted = message.statistics
        if counted.sent is not None and counted.received is not None:
            if counted.sent >= MIN_SPOKEN and not counted.received:
                header = (message.record.statistics or ("",))[0].partition(":")[0]
                refusal = next(iter(sight.refusals(each for line in leg.settled for each in line.streams)), None)
                yield fault(
                    f"The {message.method or message.status} from {message.record.source} says that its sender sent "
                    f"{counted.sent} RTP packets in this call and received none.{_told_by(refusal)}",
                    proof(message, f"{header}: {counted.sent} packets sent, none received"),
                    *(proof(each, _about(each)) for each in (refusal,) if each),
                )
            elif counted.sent and counted.received:
                yield clear(
                    f"{message.record.source} says that it sent {counted.sent} and got {counted.received} packets"
                )


def _judged(line: Line, sight: Sight) -> Told:
    long_enough = [each for each in line.media_flows if each.seconds >= MIN_SECONDS and each.ways]
    if not long_enough:
        return Told(unknown("the capture shows less than 5 s of the call, or only one of the two descriptions"))
    silences = [found for each in long_enough if (found := _silence(each, sight)) is not None]
    for found in silences:
        sent = next((each for each in long_enough if found.shown_in(each).packets >= MIN_SPOKEN), None)
        if sent and sight.is_near(found.file, found.speaker):
            return Told(_lost_between(found, sent), found)
    for flow in long_enough:
        refusals = [
            error
            for error in sight.refusals(flow.line.streams)
            if error.file == flow.file and flow.begin <= error.time_epoch <= flow.end - CLOSING
        ]
        if len(refusals) >= MIN_REFUSALS and refusals[-1].time_epoch - refusals[0].time_epoch >= MIN_SECONDS:
            return Told(_refused(line, refusals))
    heard = [each for each in long_enough if min(way.packets for way in each.ways) >= MIN_HEARD]
    reason = None
    for flow in heard:
        reason = _stopped(flow)
        if reason is None:
            counts = " and ".join(str(way.packets) for way in flow.ways)
            return Told(clear(f"{line.record.kind} flows both ways: {counts} packets in {flow.file}"))
    if reason:
        return Told(unknown(reason))
    if not silences:
        return Told(unknown(f"too little {line.record.kind} was captured to tell"))
    told = [Told(_verdict(found, sight), found) for found in silences]
    return min(told, key=lambda each: _rank(each, set()))


def _refused(line: Line, refusals: Sequence[Unreachable]) -> Verdict:
    first, last = refusals[0], refusals[-1]
    return fault(
        f"The {line.record.kind} that {first.quoted_source} sends does not arrive:{_told_by(first)[:-1]}, "
        f"{len(refusals)} times in {last.time_epoch - first.time_epoch:.0f} s.",
        proof(last, _about(last)),
        proof(first, _about(first)),
    )


def _told_by(error: Unreachable | None) -> str:
    if error is None:
        return ""
    refused = f"{error.source} refuses what is sent to {error.quoted_target} port {error.quoted_target_port}"
    return f" {refused} by ICMP (type {error.type}, code {error.code})."


def _about(error: Unreachable) -> str:
    return f"ICMP from {error.source} about {error.quoted_target} port {error.quoted_target_port}"


def _silence(flow: MediaFlow, sight: Sight) -> Silence | None:
    missing, spoken = sorted(flow.ways, key=lambda way: way.packets)
    is_one_way = missing.packets < MIN_HEARD and spoken.packets >= MIN_SPOKEN
    return Silence(flow, spoken, missing, sight) if is_one_way else None


def _stopped(flow: MediaFlow) -> str | None:
    """Why a direction in which some sound came may be silent for another reason than that nobody speaks."""
    less, more = sorted(flow.ways, key=lambda way: way.packets)
    kind = flow.line.record.kind
    # Nearly every call is told by the pace of its packets, so that no description has to be read.
    if kind != "audio" or less.packets * _pace(more) >= COVERED * flow.seconds or _is_quiet_on_purpose(flow, less):
        return None
    covered = less.packets * _packet_seconds(less, more)
    if covered >= COVERED * flow.seconds:
        return None
    silent = max(less.streams, key=lambda each: each.packets).source
    return (
        f"{silent} sent about {covered:.1f} s of {kind} in {flow.seconds:.0f} s ({less.packets} packets, and "
        f"{more.packets} came to it): it may be muted, or not be heard"
    )


def _is_quiet_on_purpose(flow: MediaFlow, way: Way) -> bool:
    return _suppresses_silence(flow) or any(COMFORT_NOISE in stream.payload_types for stream in way.streams)


def _suppresses_silence(flow: MediaFlow) -> bool:
    """Whether one side asks for silence suppression (a=silenceSupp, RFC 3108 §5.6.2.1)."""
    said = (each.receiver.media for each in flow.ways)
    return any((media.attribute("silencesupp") or "").startswith("on") for media in said if media is not None)


def _packet_seconds(less: Way, more: Way) -> float:
    """How much sound a packet of the quieter way may hold: as much as its receiver asks for, or as the others hold."""
    media = less.receiver.media
    asked = (media.packet_time if media is not None else None) or PACKET_MILLISECONDS
    return max(asked / 1000, _pace(more))


def _pace(way: Way) -> float:
    """Seconds from one packet to the next."""
    return max((stream.mean_delta_ms or 0.0 for stream in way.streams), default=0.0) / 1000


def _lost_between(found: Silence, sent: MediaFlow) -> Verdict:
    kind, way = found.line.record.kind, found.shown_in(sent)
    stream = max(way.streams, key=lambda each: each.packets)
    return fault(
        f"{sent.file} shows {way.packets} {kind} packets from {stream.source} to {stream.target}, and {found.file}, "
        f"taken next to {found.speaker}, shows {found.missing.packets} of them: they are lost between the two.",
        Evidence(stream.file, stream.first_frame, f"the first {kind} packet of the direction that does not arrive"),
        Evidence(found.file, found.stream.first_frame, f"the first {kind} packet of the direction that flows"),
    )


def _verdict(found: Silence, sight: Sight) -> Verdict:
    """One direction is missing in the only capture that shows the other, or in all."""
    other = _other_way_back(found)
    if other is not None:
        return other
    told = [each for each in found.sender_reports if (each.packets_sent or 0) >= MIN_SPOKEN]
    reason = None if told else _doubt(found, sight)
    kind = found.line.record.kind
    if reason is None and kind == "video" and not told:
        reason = f"{found.silent} sends no picture; its camera may be off"
    if reason:
        return unknown(reason)
    near = any(sight.is_near(found.file, end) for end in (found.speaker, found.silent))
    confidence = Confidence.LIKELY if near or found.refusals else Confidence.POSSIBLE
    if found.missing.packets:
        confidence = Confidence.POSSIBLE
    evidence = [
        Evidence(found.file, found.stream.first_frame, f"the first {kind} packet of the only direction"),
        *(proof(way.receiver, f"{kind} at {_end(way)}, to send and receive") for way in found.flow.ways),
        *(proof(each, f"{found.silent} has sent {each.packets_sent} packets") for each in told[-1:]),
        *(proof(each, _about(each)) for each in found.refusals[:1]),
    ]
    because = f"{_counted(found)}{_where(found, sight, told)}{_more(found)}"
    return fault(because, *evidence, confidence=Confidence.PROVED if told else confidence)


def _end(way: Way) -> str:
    return f"{way.receiver.address} port {way.receiver.port}"


def _other_way_back(found: Silence) -> Verdict | None:
    """What else came to the machine that speaks, and may be what it should hear."""
    if found.flow.packets(found.from_elsewhere) >= MIN_HEARD:
        back = found.from_elsewhere[0]
        return clear(f"media comes back from {back.source} port {back.source_port} to the port that it was sent from")
    if found.flow.packets(found.astray) >= MIN_HEARD:
        return unknown(f"{found.silent} sends RTP to port {found.astray[0].target_port}, which no description names")
    if any(COMFORT_NOISE in stream.payload_types for stream in found.missing.streams):
        return clear(f"{found.silent} sends comfort noise: it is silent on purpose")
    if _suppresses_silence(found.flow):
        return unknown(f"silence suppression was agreed (a=silenceSupp:on), so {found.silent} may be silent on purpose")
    leg = found.line.leg.record
    agents = {each for each in (leg.caller_agent, leg.callee_agent) if each}
    if any(product(agent) == PAGING for agent in agents):
        return unknown("one end is a paging device, which may have a speaker and no microphone")
    if found.unreadable >= MIN_HEARD:
        return unknown(f"{found.unreadable} packets from {found.silent} to the media port are not readable as RTP")
    return None


def _doubt(found: Silence, sight: Sight) -> str | None:
    """Why the capture may not see the missing direction."""
    holes = sight.holes(found.file)
    if holes or (sight.is_near(found.file, found.silent) and not sight.is_near(found.file, found.speaker)):
        return holes
    vantage = sight.vantage(found.file, found.speaker)
    if vantage is None or not vantage.received:
        return f"{found.file} holds no packet to {found.speaker} at all, so it may show one direction only"
    return sight.towards(found.file, found.silent, found.speaker)


def _counted(found: Silence) -> str:
    came = f"only {found.missing.packets}" if found.missing.packets else "none"
    sent = f"{found.spoken.packets} {found.line.record.kind} packets in {found.flow.seconds:.0f} s"
    return (
        f"{found.speaker} sent {sent} to {found.silent} port {found.stream.target_port}, and {came} came back, "
        "though both agreed to sendrecv"
    )


def _where(found: Silence, sight: Sight, told: list[Report]) -> str:
    """What says that the other direction is not there, and where it ends."""
    if told:
        return f"; by its own RTCP {found.silent} has sent {told[-1].packets_sent}."
    if found.missing.packets:
        return f": the way back is open, so {found.silent} stopped sending."
    if sight.is_near(found.file, found.speaker):
        return f"; the capture was taken next to {found.speaker}, where nothing arrives."
    if sight.is_near(found.file, found.silent):
        return f"; the capture was taken next to {found.silent}, which sends nothing."
    return f"; other packets from {found.silent} to {found.speaker} pass the capture."


def _more(found: Silence) -> str:
    """What else speaks of the cause."""
    more = _told_by(found.refusals[0]) if found.refusals else ""
    if is_inside(found.silent) and is_public(found.speaker):
        more += f" {found.silent} is a private address (see nat-sdp-unroutable)."
    if any(stream.first < found.flow.begin for stream in found.missing.streams):
        more += " There was media from it before the answer only."
    return more
