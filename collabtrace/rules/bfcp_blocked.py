"""Presentation sharing was agreed, but its control channel never came up.

## What it finds
Both sides of a call agreed on floor control (an m-line `UDP/BFCP`, `TCP/BFCP` or their TLS variants with a port
on each side), and then the floor control channel did not come up: its first message, Hello, was sent again and again
without an answer, or was answered by ICMP, or its TCP connection was refused or not answered, or nothing was sent at
all. It also finds a channel that came up and then died, which is what a firewall does that forgets an idle UDP flow.

## Why it matters
Whoever wants to share asks for the floor on this channel. Without it the share button stays grey (Jabber), or sharing
falls back into the main picture. Sound and main picture work, so that nothing else of the call shows the fault.

## How it decides
The channel is the pair of endpoints of the last offer and answer (media-level c= before session-level c=), from the
answer until a later round, the end of the call or the end of the capture; times on hold do not count. The side whose
role is client says Hello, the server answers HelloAck (RFC 8856 §5.1 tells the roles).

- A channel shorter than 8 s is not judged: a client sends a request at 0, 0.5, 1.5 and 3.5 s, and gives up 7.5 s after
  the first.
- Three transmissions without any answer make a fault `likely`, one or two `possible`. At least 2 s must follow the last
  one in the capture. A request that is answered and yet sent again after doubling waits was answered in vain: the way
  back is closed, or the answer goes to an address at which nobody listens.
- ICMP that quotes a packet to the channel, a TCP connection refused: `proved`, unless the channel works afterwards. The
  last second of the channel is left out, as one side may have closed its ports already.
- No packet at all within 10 s: `likely` where the capture is at the server and shows RTP of the client arriving;
  `possible` elsewhere, and where the client is a conference bridge, as some say Hello only when somebody shares.
  Without RTP between the same two machines in the same capture it is not judged, nor where a capture filter names
  ports, nor over TCP where the capture holds no TCP at all.
- Over DTLS, three packets each way are a handshake that succeeded; packets one way alone for 2 s are a fault.
- A channel that worked and then leaves three transmissions unanswered is dead; a silence of 30 s or more before it
  points at a binding that expired.
- With captures at both ends it is looked whether requests and answers arrive: then the direction is `proved`.

Version 1 and version 2 of BFCP are both accepted over either transport: version 1 over UDP is common in the field.

## When it is wrong
It keeps silent about what the capture cannot show: a capture at the call manager, which relays the offer and answer
and never sees floor control; a port mirrored in one direction only; a channel over ICE, whose endpoints are chosen
later; a call on hold, without pictures, or whose slides were refused. Inside DTLS or TLS it sees that packets pass,
not what they say. An unanswered request does not tell which way is blocked; neither does a dead server look
different. A device that hides its hops (a transparent firewall) lets the capture seem nearer to a machine than it is.

## What to do next
1. Look in the finding for the port and the direction, and open it in the firewalls between the two machines, both
   ways: UDP 5070-6070 towards Jabber, 2326-2487 towards room systems (CE, TC), 36000-59999 towards Expressway (the
   ranges are those of samples and manuals; the SIP profile of Jabber may set others).
2. Capture at both ends at once and give both files: then the direction is certain.
3. Switch off SIP inspection (ALG) that opens ports for audio and video and ignores `m=application`.
4. NAT between the two: the SDP must name the address that the peer can reach. Use Expressway (MRA) rather than a port
   forwarding.
5. CUCM › Device › Trunk, and CUCM › Device › Phone: *Media Termination Point Required* must be off.
6. A channel that dies after a silence: raise the UDP timeout of the firewall above the pause between two Hellos.

## References
- RFC 8855 §8.3 (retransmission over UDP), §13.7 (Hello); RFC 4582 for version 1
- RFC 8856 §5.1 (floorctrl), §5.5 (bfcpver); RFC 4145 §4 (setup)
- RFC 4787 §4.3, REQ-5 (UDP bindings live at least 2 minutes)
- Cisco, Feature Configuration Guide for Unified Communications Manager: Presentation Sharing using BFCP
- Cisco, Expressway IP Port Usage Configuration Guide
"""

from collections.abc import Iterator, Sequence

from collabtrace.schema import Connection, Evidence, Floor, FloorTransaction, Stream
from collabtrace.sessions.undelivered import reason as icmp_reason
from collabtrace.subjects import Call, Channel, Endpoint, Sight
from collabtrace.subjects.channel_view import View
from collabtrace.subjects.passage import best_view, passage
from collabtrace.verdicts import Confidence, Severity, Verdict, clear, fault, proof, rule, unknown

MIN_SECONDS = 8.0
"""A client gives up 7.5 s after its first Hello (RFC 8855 §8.3.1); a shorter channel proves nothing."""
SILENT_SECONDS = 10.0
"""Without any packet: a client that has just been told the port may need a moment."""
PATIENCE = 2.0
"""Seconds that the capture must go on after a request before its answer is missing."""
CERTAIN = 3
"""Transmissions without answer: one packet gets lost now and then, three in a row do not."""
IDLE_SECONDS = 30.0
"""The shortest time after which firewalls in use forget a UDP flow."""
CLOSING = 1.0
"""Seconds before the end in which one side may have closed its ports already."""
HANDSHAKE = 3
"""Packets of each side in a DTLS handshake that succeeds, at the least (RFC 6347 §4.2.4)."""
UP = frozenset({"established", "mid"})
"""States of a TCP connection that carries something."""
BRIDGES = frozenset({"Cisco Meeting Server", "Conductor", "Pexip"})
"""Conference bridges, some of which say Hello only when somebody shares."""
SHOWN = 4
"""Transmissions that are listed as evidence: a request is sent four times."""


@rule(Severity.MAJOR)
def bfcp_blocked(call: Call, sight: Sight) -> Iterator[Verdict]:
    """Judge the channels; those that the same legs had one after the other are told of once."""
    if call.has_floor_control and not call.channels and any(line.is_bfcp and line.is_half for line in call.lines):
        yield unknown("the capture shows only one of offer and answer, so that the ends of floor control are not known")
    for channels in call.floor_control:
        verdicts = [_judge(each, call, sight) for each in channels]
        works = next((each for each in verdicts if each.verdict == "clear"), None)
        # What nothing was ever sent on may have been replaced before anybody wanted it.
        faults = [
            each
            for channel, each in zip(channels, verdicts, strict=True)
            if each.verdict == "fault" and (works is None or channel.floors or channel.errors or channel.connections)
        ]
        yield min(faults, key=_doubt, default=works or verdicts[-1])


def _doubt(verdict: Verdict) -> int:
    return list(Confidence).index(verdict.confidence)


def _judge(channel: Channel, call: Call, sight: Sight) -> Verdict:
    begin, end = channel.spell
    if end - begin < MIN_SECONDS:
        return unknown(
            f"{_name(channel)} was in force for {end - begin:.1f} s, and a client needs 7.5 s to find out that its "
            "requests are not answered"
        )
    view = best_view(channel, sight)
    if view is not None and view.answered:
        return _died(channel, view, call, sight) or _works(view)
    verdict = _unreachable(channel) or _unconnected(channel, sight)
    if verdict is None and view is not None:
        verdict = _in_vain(channel, view, sight) or _unanswered(channel, view, sight)
    return verdict or _unread(channel, sight) or _silent(channel, call, sight)


def _works(view: View) -> Verdict:
    first, answer = view.answered[0], view.responses(view.answered[0])[0]
    wait = max(0.0, answer.time_epoch - first.started) * 1000
    return clear(f"{_way(first, first.name)} was answered after {wait:.0f} ms (frame {answer.frame} of {view.file})")


def _died(channel: Channel, view: View, call: Call, sight: Sight) -> Verdict | None:
    """A channel that worked once, and no longer when something was asked again."""
    worked = max(each.answered or each.started for each in view.answered)
    late = [each for each in view.unanswered if each.started > worked and channel.is_awake(each.started)]
    sent = _sent(view, late)
    if len(sent) < CERTAIN or _waited(channel, sent, sight) < PATIENCE:
        return None
    after = [each for each in channel.floors if each.time_epoch > sent[0].time_epoch]
    if any(each.source == sent[0].target for each in after) or any(each.name == "Goodbye" for each in channel.floors):
        return None
    media = [each.last for each in call.streams if each.source == sent[0].target and each.file == view.file]
    if media and max(media) < sent[0].time_epoch + CLOSING:
        return unknown(f"{sent[0].target} stopped sending sound and pictures too, so that more than the channel ended")
    quiet = sent[0].time_epoch - max(each.time_epoch for each in channel.floors if each.time_epoch < sent[0].time_epoch)
    idle = "longer than some firewalls and NATs keep a UDP flow" if quiet >= IDLE_SECONDS else "without a long pause"
    answer = view.responses(view.answered[-1])[0]
    return _fault(
        channel,
        f"Floor control worked until frame {answer.frame}. {quiet:.0f} s after its last message, {idle}, "
        f"{_asked(late, sent)} stayed without an answer.",
        *_shown(sent),
        proof(answer, f"{answer.name}, the last answer on this channel"),
        confidence=Confidence.LIKELY,
    )


def _unreachable(channel: Channel) -> Verdict | None:
    """What ICMP says of datagrams to the channel, where nothing shows that it works all the same."""
    errors = [each for each in channel.errors if each.time_epoch < channel.end - CLOSING]
    if not errors or channel.is_reliable:
        return None
    error = errors[0]
    target = Endpoint(error.quoted_target, error.quoted_target_port or 0)
    words = icmp_reason(error.quoted_source, error.code)
    packets = (each for each in channel.floors if each.file == error.file and each.time_epoch <= error.time_epoch)
    quoted = [each for each in packets if Endpoint(each.target, each.target_port) == target][-1:]
    device = (
        "The machine itself says so: nothing on it listens at the port that its SDP names."
        if error.source == target.address
        else f"{error.source} is neither of the two machines: it stands between them and does not let it pass."
    )
    return _fault(
        channel,
        f"What {error.quoted_source} sends to {target} for floor control is answered by ICMP of {error.source}: {words}"
        f" ({len(errors)} times). {device}",
        proof(error, f"ICMP: {words}, about a packet to {target}"),
        *(proof(each, f"{each.name}, which did not arrive") for each in quoted),
    )


def _unconnected(channel: Channel, sight: Sight) -> Verdict | None:
    """What became of the TCP connections of the channel, where none came up."""
    if not channel.is_reliable or any(each.state in UP for each in channel.connections):
        return None
    tries = [each for each in channel.connections if each.syn_frame is not None]
    if not tries:
        return _nobody_connects(channel)
    last = tries[-1]
    if last.refused_frame is None and last.unreachable_frame is None:
        return _unaccepted(channel, tries, sight)
    what = "ICMP: the SYN did not arrive" if last.refused_frame is None else "RST: the port is closed"
    return _fault(
        channel,
        f"The TCP connection of floor control from {_target(last)} was refused ({what}).",
        Evidence(last.file, last.refused_frame or last.unreachable_frame or 0, what),
        *_syns(tries),
    )


def _nobody_connects(channel: Channel) -> Verdict | None:
    """Where both sides wait for the other to connect, or both want to."""
    setups = set((channel.line.record.setup or "").split("/"))
    if setups not in ({"active"}, {"passive"}):
        return None
    return _fault(
        channel,
        f"Both sides say a=setup:{setups.pop()} for floor control over TCP: one has to be active and the other passive "
        "(RFC 4145 §4.1). No connection between them was captured.",
    )


def _unaccepted(channel: Channel, tries: Sequence[Connection], sight: Sight) -> Verdict:
    last, syns = tries[-1], sum(each.syns for each in tries)
    waited = (sight.capture(last.file).last or last.last) - (last.last_syn or last.first)
    blind = sight.holes(last.file) or sight.hears(last.file, last.client)
    if blind is None and waited < PATIENCE:
        blind = f"{last.file} goes on for only {waited:.1f} s after it"
    if blind is not None:
        return unknown(f"the SYN of floor control from {_target(last)} has no answer, but {blind}")
    told = "and no answer was captured" if last.synack_frame is None else "and the SYN-ACK was never acknowledged"
    return _fault(
        channel,
        f"The TCP connection of floor control never came up: {syns} SYN from {_target(last)}, {told}.",
        *_syns(tries),
        confidence=Confidence.LIKELY if syns >= CERTAIN else Confidence.POSSIBLE,
    )


def _in_vain(channel: Channel, view: View, sight: Sight) -> Verdict | None:
    """Answers that do not reach who asked."""
    if not view.in_vain:
        return None
    asked = view.in_vain[0]
    sent, answer = view.requests(asked), view.responses(asked)[0]
    back, wanted = Endpoint(answer.target, answer.target_port), Endpoint(asked.source, asked.source_port)
    nat = (
        f" They go to {back}, as the SDP says, and not to {wanted}, where the requests come from: a NAT stands between."
        if back != wanted
        else ""
    )
    return _fault(
        channel,
        f"{_way(asked, asked.name)} is answered, and yet sent again {len(sent) - 1} times after growing waits: the "
        f"answers leave {answer.source} and do not reach who asked.{nat}",
        proof(answer, f"{answer.name} to {back}"),
        *(proof(each, f"{each.name} again, as if there were no answer") for each in sent[1:SHOWN]),
        confidence=Confidence.PROVED if sight.is_near(view.file, answer.source) else Confidence.LIKELY,
    )


def _unanswered(channel: Channel, view: View, sight: Sight) -> Verdict | None:
    """Requests without any answer."""
    asked = [each for each in view.unanswered if channel.is_awake(each.started)]
    if not asked:
        return None
    first = asked[0]
    asked = [each for each in asked if each.source == first.source]
    sent = _sent(view, asked)
    what, waited = _asked(asked, sent), _waited(channel, sent, sight)
    blind = (
        sight.holes(view.file)
        or sight.hears(view.file, first.source)
        or sight.towards(view.file, first.target, first.source)
        or _stray(channel, first)
    )
    if blind is None and waited < PATIENCE:
        blind = f"{view.file} goes on for only {waited:.1f} s after the last one"
    if blind is not None:
        return unknown(f"{what} has no answer, but {blind}")
    where, proved, arrived = _where(channel, view, first, sight)
    confidence = Confidence.LIKELY if len(sent) >= CERTAIN else Confidence.POSSIBLE
    return _fault(
        channel,
        f"{what} stayed without an answer for {waited + sent[-1].time_epoch - sent[0].time_epoch:.1f} s, to the end of "
        f"what the capture shows of the channel. {where}",
        *_shown(sent),
        *arrived,
        confidence=Confidence.PROVED if proved else confidence,
    )


def _stray(channel: Channel, request: FloorTransaction) -> str | None:
    """Whether responses come back that have other identifiers: then the request arrives all the same."""
    ends = (request.file, request.target)
    back = (each for each in channel.floors if each.response and (each.file, each.source) == ends)
    answer = next((each for each in back if each.time_epoch >= request.started), None)
    return None if answer is None else f"{answer.name} with other identifiers comes back (frame {answer.frame})"


def _where(
    channel: Channel, view: View, request: FloorTransaction, sight: Sight
) -> tuple[str, bool, tuple[Evidence, ...]]:
    """On which way it gets lost, in words; whether that is proved; and the frames that do."""
    seen = passage(channel, view, request, sight)
    if seen is None:
        near, far = (sight.is_near(view.file, end) for end in (request.source, request.target))
        if far and not near:
            return f"The capture was taken near {request.target}, so the requests come that far.", False, ()
        return "Whether the requests or the answers get lost, this capture cannot tell.", False, ()
    if seen.arrived is None:
        return f"None of it arrives in {seen.file}, taken at {request.target}: it gets lost on the way there.", True, ()
    arrived = proof(seen.arrived, f"{seen.arrived.name} arrives at {request.target}")
    if seen.answer is None:
        return f"It arrives in {seen.file}, taken at {request.target}, which answers nothing.", True, (arrived,)
    left = proof(seen.answer, f"{seen.answer.name} leaves {seen.answer.source}")
    return (
        f"It arrives in {seen.file} and is answered there: the answer gets lost on the way back.",
        True,
        (arrived, left),
    )


def _unread(channel: Channel, sight: Sight) -> Verdict | None:
    """Where packets pass that cannot be read: whether they pass both ways."""
    up = next((each for each in channel.connections if each.state in UP), None)
    if up is not None:
        if channel.is_encrypted and up.client_bytes and up.server_bytes:
            return clear(
                f"the TLS connection of floor control (frame {up.first_frame} of {up.file}) carries bytes both ways"
            )
        return unknown(
            f"its TCP connection came up (frame {up.first_frame} of {up.file}), but nothing on it could be read"
        )
    flows = sorted(channel.flows, key=lambda each: not sight.is_near(each.file, each.source))
    if not flows:
        return None
    first = flows[0]
    back = next((each for each in flows if each.file == first.file and each.source != first.source), None)
    blind = sight.hears(first.file, first.source) or sight.towards(first.file, first.target, first.source)
    if back is not None and channel.is_encrypted and min(first.packets, back.packets) >= HANDSHAKE:
        return clear(f"DTLS passes both ways between the ports of floor control in {first.file}")
    if back is not None or blind is not None or not channel.is_encrypted or first.last - first.first < PATIENCE:
        return unknown(f"{_name(channel)}: packets pass in {first.file}, but what they say cannot be read")
    return _fault(
        channel,
        f"{first.packets} packets from {Endpoint(first.source, first.source_port)} to "
        f"{Endpoint(first.target, first.target_port)} within {first.last - first.first:.1f} s, as when a DTLS "
        "handshake is begun again and again, and no packet came back.",
        Evidence(first.file, first.first_frame, "the first packet of the DTLS handshake"),
        confidence=Confidence.LIKELY if first.packets >= CERTAIN else Confidence.POSSIBLE,
    )


def _silent(channel: Channel, call: Call, sight: Sight) -> Verdict:
    """Where no packet of the channel was captured: whether there should have been one."""
    begin, end = channel.spell
    if channel.roles in (("client", "client"), ("server", "server")):
        return unknown(f"{_name(channel)}: both sides are {channel.roles[0]}, which is a fault of its own")
    if channel.chooses_pair:
        return unknown(f"{_name(channel)}: ICE chose the endpoints, which may be others than those of the m-lines")
    if channel.began_before:
        return unknown(f"{_name(channel)}: the capture began in the middle of the call, when Hello may have been said")
    if end - begin < SILENT_SECONDS:
        return unknown(f"{_name(channel)}: no packet was captured in {end - begin:.1f} s, too short to expect one")
    if not _may_share(channel):
        return unknown(f"{_name(channel)}: no picture or no slides were agreed, so that nobody can share")
    media = max(_witnesses(channel, call, sight), key=lambda each: _nearness(channel, each, sight), default=None)
    if media is None:
        ends = (channel.offerer.address, channel.answerer.address)
        passed = any(sight.flows(file, *ends) for file in call.record.files)
        why = "no RTP of its client for long enough" if passed else "nothing else between the two machines either"
        return unknown(f"{_name(channel)}: no packet of it was captured, but {why}, so it may have passed elsewhere")
    filtered = sight.left_out(media.file, "tcp" if channel.is_reliable else "udp")
    if filtered is not None:
        return unknown(f"{_name(channel)}: no packet of it was captured, but {filtered}, so it may have been left out")
    arriving = _nearness(channel, media, sight) == (False, True)
    bridge = any(each.address == media.source and each.kind in BRIDGES for each in call.case.hosts)
    where = (
        f"while {media.packets} RTP packets of the same client arrive: what it sends to the port of floor control is "
        "lost on the way, or it sends nothing"
        if arriving
        else f"while RTP flows between the two: {media.source} did not begin, or does so only when somebody shares"
    )
    return _fault(
        channel,
        f"{_name(channel)} was agreed, and in {end - begin:.1f} s not one packet of it is in {media.file}, {where}.",
        proof(channel.line.answer.message, "agrees to floor control; nothing follows")
        if channel.line.answer
        else Evidence(media.file, media.first_frame, "RTP between the two"),
        Evidence(media.file, media.first_frame, f"RTP from {media.source} to {media.target}: the capture sees the two"),
        confidence=Confidence.LIKELY if arriving and not bridge else Confidence.POSSIBLE,
    )


def _may_share(channel: Channel) -> bool:
    """Whether pictures were agreed and, where slides were offered, these."""
    pictures = [line for line in channel.line.beside if line.record.kind == "video"]
    slides = [line for line in pictures if line.record.content == "slides"]
    return any(line.is_agreed for line in slides or pictures)


def _witnesses(channel: Channel, call: Call, sight: Sight) -> Iterator[Stream]:
    """RTP from the client to the server, for as long as the channel should have said something."""
    begin, end = channel.spell
    clients = [channel.client] if channel.client else [channel.offerer, channel.answerer]
    ways = {(each.address, channel.peer(each).address) for each in clients}
    for stream in call.streams:
        shown = min(stream.last, end) - max(stream.first, begin)
        if (
            (stream.source, stream.target) in ways
            and shown >= SILENT_SECONDS - PATIENCE
            and not sight.holes(stream.file)
        ):
            yield stream


def _nearness(channel: Channel, stream: Stream, sight: Sight) -> tuple[bool, bool]:
    """Whether its capture was taken at the sender, and whether at the receiver; only a known client is told from it."""
    near = sight.is_near(stream.file, stream.source)
    return near, channel.client is not None and sight.is_near(stream.file, stream.target) and not near


def _fault(channel: Channel, because: str, *evidence: Evidence, confidence: Confidence = Confidence.PROVED) -> Verdict:
    told = {(each.file, each.frame) for each in evidence}
    agreed = [each for each in channel.agreement if (each.file, each.frame) not in told]
    return fault(because, *evidence, *agreed, confidence=confidence, display_filter=channel.display_filter)


def _name(channel: Channel) -> str:
    return f"{channel.line.record.protocol} between {channel.offerer} and {channel.answerer}"


def _way(asked: FloorTransaction, what: str) -> str:
    return f"{what} from {Endpoint(asked.source, asked.source_port)} to {Endpoint(asked.target, asked.target_port)}"


def _target(connection: Connection) -> str:
    return f"{connection.client} to {Endpoint(connection.server, connection.server_port)}"


def _syns(tries: Sequence[Connection]) -> list[Evidence]:
    return [Evidence(each.file, each.syn_frame or 0, "SYN to the port of floor control") for each in tries[:SHOWN]]


def _sent(view: View, asked: Sequence[FloorTransaction]) -> list[Floor]:
    """All transmissions of some requests in the order of time."""
    return sorted((each for request in asked for each in view.requests(request)), key=lambda each: each.time_epoch)


def _asked(asked: Sequence[FloorTransaction], sent: Sequence[Floor]) -> str:
    """What was sent from where to where, how often and when."""
    way = _way(asked[0], " and ".join(dict.fromkeys(each.name for each in asked)))
    times = ", ".join(f"{each.time_epoch - sent[0].time_epoch:.1f}" for each in sent[:SHOWN])
    often = "once" if len(sent) == 1 else f"{len(sent)} times (at {times}{' …' if len(sent) > SHOWN else ''} s)"
    return f"{way}, sent {often},"


def _shown(sent: Sequence[Floor]) -> list[Evidence]:
    return [proof(each, f"{each.name}, of which no answer was captured") for each in sent[:SHOWN]]


def _waited(channel: Channel, sent: Sequence[Floor], sight: Sight) -> float:
    """Seconds that the capture shows of the channel after the last of *sent*."""
    last = sight.capture(sent[-1].file).last
    return (channel.end if last is None else min(channel.end, last)) - sent[-1].time_epoch
