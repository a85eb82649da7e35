"""A private media address crossed into a network that has no way back to it.

## What it finds
A session description that came from a public address and asks for media at a private one (RFC 1918), at an address
behind a carrier's NAT (100.64.0.0/10), a link-local or a unique local one – and the other side sends its media there.
The caller hears nothing, or the called party does.

## Why it matters
The machine stands behind a NAT that translates packets and not what is written in them. It says where *it* believes to
be; nobody outside has a route to that place. Signalling works, because it is answered to where it came from (RFC 3581);
media is sent to where the description says (RFC 3264), and is gone.

## How it decides
1. The address that counts is the one of the media: `c=` of the m-line before `c=` of the session. `o=`, Via and Contact
   do not matter; behind a proxy with Record-Route private ones are usual.
2. The description crossed a NAT: the packet that carried it came from a public address (or from a carrier's NAT while
   the address is an RFC 1918 one). A description whose packet has a private source was captured inside, where private
   addresses are right, and is not looked at. Nor is an address from which packets reach the capture, because then
   somebody knows the way.
3. The other side sent at least 50 packets (one second of sound) there, over at least 2 s, which is what a machine may
   need to *latch* (RFC 7362): to answer to where media came from instead. If it does so the rule is clear.
4. It is `proved` where the media of that side arrives from another address at the same time, or where a router
   reports that the address is not reachable; `likely` where nothing came back at all; only `possible` where the
   sender itself has a private address, because a private network may connect the two.

Lines that do ICE with reflexive or relayed candidates are left out: their `c=` is only a default (RFC 8839 §4.2.1.2).

## When it is wrong
A private network (VPN, MPLS) may connect both although the signalling goes over the Internet; then packets from that
address would come back, unless something else stops them. Where the capture shows no media it says `unknown`. A SIP
server with public addresses inside a private network without NAT looks the same as long as nobody answers.

## What to do next
1. Find the NAT between the address in the description and the one that the packet came from (both are in the finding).
2. Let the machine behind the NAT learn its public address: Expressway-E › System › Network interfaces › IPv4 static NAT
   address (needs two interfaces or the Advanced Networking key); on a PBX `externip`, `external_media_address` or STUN.
3. Or let a server that has a public address carry the media: register over MRA through Expressway, use a session
   border controller, or TURN.
4. Or let the far side latch: symmetric RTP, *comedia*; CUBE: `media-address`, `nat media-keepalive`; Asterisk:
   `rtp_symmetric=yes`.
5. Do not let the router's SIP ALG mend it: it breaks more than it repairs (rule nat-sdp-rewritten).

## References
- RFC 3264 §5.1: media goes where c= and m= say
- RFC 1918, RFC 6598, RFC 4193: addresses that the Internet has no route to
- RFC 7362 §4: latching, and what it needs
- RFC 4961: symmetric RTP
- RFC 8839 §4.2.1.2: the default candidate of ICE
- Cisco Expressway, Cluster and Basic Configuration: static NAT, and why the SIP ALG must be off
"""

from collections.abc import Iterator
from typing import NamedTuple

from collabtrace.protocols.scope import Scope, is_inside, is_public, scope
from collabtrace.schema import Evidence, Stream
from collabtrace.sessions.negotiated import canonical
from collabtrace.subjects import Call, Leg, Line, Side, Sight, SipMessage
from collabtrace.verdicts import Confidence, Severity, Verdict, clear, fault, proof, rule, unknown

MIN_PACKETS = 50
"""RTP packets sent to the address: one second of sound, more than a machine sends before it can know better."""
LATCH_SECONDS = 2.0
"""How long they must have been sent: until then a machine may still latch."""
BEYOND = frozenset({Scope.PUBLIC, Scope.SHARED})
"""What may stand on the far side of a NAT."""
REACHED_OTHERWISE = frozenset({"srflx", "prflx", "relay"})
"""Candidates that name a way through a NAT (RFC 8445 §5.1.1)."""
NO_WAY = frozenset({(4, 3, code) for code in (0, 1, 9, 10, 13)} | {(6, 1, code) for code in (0, 1, 3)})
"""IP version, type and code by which a router says that there is no way (RFC 1812 §5.2.7.1, RFC 4443 §3.1)."""


class Promise(NamedTuple):
    """A description that names an address for media which its receiver has no way to."""

    line: Line
    side: Side
    address: str
    other: Side
    hop: SipMessage
    """As it came out of the NAT."""

    @property
    def end(self) -> str:
        """Address and port that it names."""
        return f"{self.address} port {self.side.port}"


@rule(Severity.MAJOR)
def nat_sdp_unroutable(call: Call, sight: Sight) -> Iterator[Verdict]:
    """Judge one call, once for all of its lines."""
    if call.record.answered is None or not call.record.media:
        return
    told: dict[tuple[str, int | None], list[Verdict]] = {}
    for leg in call.legs:
        for promise in _promises(leg, sight):
            told.setdefault((promise.address, promise.side.port), []).append(_judged(promise, sight))
    # What one capture point or round shows to be well is well, whatever another could not see.
    verdicts = [min(same, key=lambda each: ("clear", "fault", "unknown").index(each.verdict)) for same in told.values()]
    verdicts.sort(key=lambda each: ("fault", "unknown", "clear").index(each.verdict))
    if verdicts:
        yield _together(verdicts)


def _together(verdicts: list[Verdict]) -> Verdict:
    """The gravest, with the frames of all that are as grave."""
    first = verdicts[0]
    if first.verdict != "fault":
        return first
    faults = [each for each in verdicts if each.verdict == "fault"]
    more = f" So it is with {len(faults) - 1} more of its m-lines." if len(faults) > 1 else ""
    evidence = dict.fromkeys(proved for each in faults for proved in each.evidence)
    surest = min((each.confidence for each in faults), key=list(Confidence).index)
    return fault(f"{first.because}{more}", *evidence, confidence=surest, display_filter=first.display_filter)


def _promises(leg: Leg, sight: Sight) -> Iterator[Promise]:
    if not any(scope(sender) in BEYOND for sender in leg.senders) or not any(map(is_inside, leg.media_addresses)):
        return
    for line in leg.lines:
        offer, answer = line.offer, line.answer
        if not (line.is_agreed and line.is_rtp and offer and answer) or _seconds(line) < LATCH_SECONDS:
            continue
        for side, other in ((offer, answer), (answer, offer)):
            if not (side.port and is_inside(side.address) and line.lets_flow(side)) or _has_other_ways(line, side):
                continue
            address = canonical(side.address or "")
            hops = leg.hops(side.row)
            crossing = next((hop for hop in hops if _is_beyond(hop.record.source, address)), None)
            if crossing and not _is_known(leg.file, address, crossing, hops, sight):
                yield Promise(line, side, address, other, crossing)


def _seconds(line: Line) -> float:
    return line.end - line.begin if line.begin is not None else 0.0


def _has_other_ways(line: Line, side: Side) -> bool:
    """Whether ICE finds the way: both do it, and this side knows an address of its own outside."""
    if not line.record.ice or side.media is None:
        return False
    return any(candidate.type.lower() in REACHED_OTHERWISE for candidate in side.media.candidates)


def _is_beyond(source: str, address: str) -> bool:
    """Whether a packet from *source* has left the network that *address* is of."""
    outer = scope(source)
    return outer is Scope.PUBLIC or (outer is Scope.SHARED and scope(address) not in (Scope.SHARED, Scope.PUBLIC))


def _is_known(file: str, address: str, crossing: SipMessage, hops: tuple[SipMessage, ...], sight: Sight) -> bool:
    """Whether packets from the address reach the capture; a capture of both sides of one NAT sees it inside only."""
    vantage = sight.vantage(file, address)
    if vantage is None or not vantage.sent:
        return False
    return not any(hop.record.source == address and hop.record.branch == crossing.record.branch for hop in hops)


def _judged(promise: Promise, sight: Sight) -> Verdict:
    streams = [stream for stream in promise.line.streams if stream.file == promise.hop.file]
    there = [stream for stream in streams if stream.target == promise.address]
    peers = {stream.source for stream in there} or {canonical(promise.other.address or ""), promise.other.machine}
    instead = [stream for stream in streams if stream.source in peers and stream.target != promise.address]
    if sum(stream.packets for stream in instead) >= MIN_PACKETS:
        where = instead[-1]
        return clear(f"{where.source} sends its media to {where.target} port {where.target_port} instead")
    if not there:
        return unknown(f"{promise.hop.file} shows no media to {promise.end}")
    packets, seconds = sum(stream.packets for stream in there), _span(there)
    if packets < MIN_PACKETS or seconds < LATCH_SECONDS:
        return unknown(f"only {packets} packets in {seconds:.1f} s went to {promise.end}, too few to tell")
    arrived = [stream for stream in streams if stream.target in peers and stream.source != promise.address]
    return _fault(promise, there, arrived, sight)


def _span(streams: list[Stream]) -> float:
    return max(stream.last for stream in streams) - min(stream.first for stream in streams)


def _fault(promise: Promise, there: list[Stream], arrived: list[Stream], sight: Sight) -> Verdict:
    errors = [
        error for error in sight.unreachables(promise.address, promise.side.port) if error.file == promise.hop.file
    ]
    if any(error.source == promise.address for error in errors):
        return clear(f"{promise.address} itself answers with ICMP, so there is a way to it")
    refused = [each for each in errors if (6 if ":" in each.source else 4, each.type, each.code) in NO_WAY]
    sender, source = there[0], promise.hop.record.source
    kind = promise.line.record.kind
    because = (
        f"The session description from {source} asks for {kind} at {promise.end}, {_named(promise)}; "
        f"{sender.source} sent {sum(each.packets for each in there)} packets there in {_span(there):.0f} s"
    )
    evidence = [
        proof(promise.hop, f"from {source}, with c= {promise.address} for {kind}"),
        _first(sender, f"the first RTP packet to {promise.end}"),
    ]
    if arrived:
        because += f", though that side's {kind} arrives from {arrived[0].source} port {arrived[0].source_port}."
        evidence.append(_first(arrived[0], f"{kind} of the same side, from {arrived[0].source}"))
    elif refused:
        because += f", and {refused[0].source} reports that there is no way."
        evidence.append(proof(refused[0], f"ICMP from {refused[0].source}: {promise.address} is not reachable"))
    else:
        reason = _doubt(promise, sender, sight)
        if reason:
            return unknown(reason)
        because += ", and nothing came back."
    confidence = Confidence.LIKELY if is_public(sender.source) else Confidence.POSSIBLE
    if arrived or refused:
        confidence = Confidence.PROVED
    shown = "ipv6.addr" if ":" in promise.address else "ip.addr"
    return fault(because, *evidence, confidence=confidence, display_filter=f"{shown} == {promise.address} || sip")


def _named(promise: Promise) -> str:
    kind = {Scope.SHARED: "behind a carrier's NAT"}.get(scope(promise.address), f"a {scope(promise.address)} address")
    return f"{kind} that {promise.other.machine} has no route to"


def _doubt(promise: Promise, sender: Stream, sight: Sight) -> str | None:
    """Why it means nothing that no media of the other side was seen."""
    if ":" in promise.hop.record.source and ":" not in promise.address:
        return f"the description came over IPv6, which needs no NAT, so {promise.address} may still be reachable"
    file = promise.hop.file
    return sight.holes(file) or sight.towards(file, promise.hop.record.source, sender.source)


def _first(stream: Stream, shows: str) -> Evidence:
    return Evidence(stream.file, stream.first_frame, shows)
