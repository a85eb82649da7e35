"""A long SIP message lost its IP fragments on the way.

## What it finds
A SIP message over UDP, most often an INVITE with much SDP, that was too long for one packet and whose later fragments
never came, so that nobody could put it together. Also one that left in fragments, was never answered and sent again,
while shorter messages between the same machines were answered.

## Why it matters
The call cannot begin, though phones register and short calls work: only long messages are lost. Firewalls and
access lists that decide by port drop every fragment but the first, because the others carry no ports, and some NATs and
VPNs drop all of them.

## How it decides
The first fragment names the message. If it was answered, or its retransmission came whole, nothing was lost but by the
capture, or once by chance. If it was not answered and sent at least twice more (RFC 3261 §17.1), each time without its
fragments, they are taken for lost: `likely`; `possible` where the capture was taken next to the sender, whose own
packets should all be there. `proved` is it by another capture in which the message is whole, and by the ICMP error with
which a receiver gives up waiting for fragments (RFC 792, time exceeded, code 1; RFC 4443 §3.3).

A message that the capture shows whole, in fragments, counts where it was sent at least three times without an answer,
while the same server answered the same client's shorter requests.

## When it is wrong
A capture filter that names ports (`udp port 5060`) lets no later fragment in either, and pcap files do not keep their
filter. Where the file says that it had such a filter, the rule says that it cannot tell. A snap length that cuts
fragments loses none of them here.

## What to do next
1. Capture again without ports in the filter: `host 192.0.2.10 and (udp or (ip[6:2] & 0x1fff != 0))`.
2. Let SIP go by TCP or TLS between these machines, which needs no fragments: CUCM › System › Security Profile › SIP
   Trunk Security Profile › Outgoing Transport Type; for phones Phone Security Profile › Transport Type.
3. Or make messages shorter: fewer codecs in the SDP, no unused video line, no long Record-Route chains.
4. Let the firewall reassemble or pass fragments: ASA `fragment chain 24 outside` rather than `fragment chain 1`,
   `virtual-reassembly` on IOS; a permit for fragments in access lists.

## References
- RFC 3261 §18.1.1 (requests within 200 bytes of the path MTU, or over 1300 bytes, have to use TCP)
- RFC 791 §3.2, RFC 8200 §4.5 (fragments)
- RFC 4963, RFC 8900 (why fragments get lost)
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from collabtrace.schema import Message, Partial, Unreachable
from collabtrace.sessions.hosts import hops
from collabtrace.sessions.undelivered import undelivered
from collabtrace.subjects import Recording, Sight
from collabtrace.verdicts import Confidence, Severity, Verdict, clear, fault, proof, rule, unknown

REPETITIONS = 2
"""Retransmissions without an answer that show that it is no loss by chance."""
ONE_PACKET = 1472
"""Bytes of a message over UDP that fit into one packet of 1,500."""
ANSWERED_SECONDS = 4.0
"""Seconds that a capture has to go on for a missing answer to mean anything."""
EXPIRED_SECONDS = 120.0
"""Seconds after which no receiver waits for fragments any more: most give up after 30 or 60 (RFC 8200 §4.5)."""


@rule(Severity.CRITICAL)
def sip_fragment_lost(recording: Recording, sight: Sight) -> Iterator[Verdict]:
    """Judge the fragmented SIP messages of one capture file."""
    told: set[str] = set()
    for verdict in (*_lacking(recording, sight), *_swallowed(recording, sight)):
        if told.isdisjoint(verdict.calls):
            yield verdict
        told.update(verdict.calls)
    if not told and recording.record.fragmented and not recording.partials:
        yield clear(f"all {recording.record.fragmented} packets that came in fragments are whole")


def _lacking(recording: Recording, sight: Sight) -> Iterator[Verdict]:
    """Messages of which fragments are missing in the capture, message by message with its retransmissions."""
    groups: defaultdict[tuple[object, ...], list[Partial]] = defaultdict(list)
    for each in recording.partials:
        if each.call_id is not None and each.cseq is not None:
            groups[_name(each)].append(each)
    for group in groups.values():
        calls = recording.legs_of(group[0].call_id or "")
        if not _told_elsewhere(group[0], sight):
            yield _judge(group, calls, sight)


def _name(message: Partial | Message) -> tuple[object, ...]:
    """What a message has in common with its retransmissions, wherever it is seen."""
    return message.source, message.call_id, message.cseq, message.cseq_method, message.method, message.status


def _judge(group: Sequence[Partial], calls: Sequence[str], sight: Sight) -> Verdict:
    first, last = group[0], group[-1]
    what = f"the {_title(first)} of {first.source} to {first.target}:{first.target_port} in frame {first.frame}"
    whole = _whole(first, sight)
    arrived = [each for each in whole if each.file == first.file]
    if arrived:
        return clear(f"{what} lacks fragments, but came whole in frame {arrived[0].frame}", calls=calls)
    heard = _heard(group, sight)
    if heard:
        why = " because its filter names ports" if first.filtered else ""
        return clear(f"{what} was heard (frame {heard.frame}); the capture lacks its fragments{why}", calls=calls)
    error = _expired(first, last.last, sight)
    if error is None and first.filtered:
        return unknown(f"{what} lacks fragments, but the capture filter names ports and so lets none in", calls=calls)
    if error is None and (reason := sight.holes(first.file)):
        return unknown(f"{what} lacks fragments, but {reason}", calls=calls)
    if error is None and len(group) <= REPETITIONS:
        reason = sight.time(first.file, first.time_epoch, last.time_epoch + ANSWERED_SECONDS)
        seen = "once" if len(group) == 1 else f"{len(group)} times"
        return unknown(f"{what} lacks fragments, but {reason or f'it was sent only {seen}'}", calls=calls)
    return _lost(group, calls, whole, error, sight)


def _title(message: Partial) -> str:
    return message.method or f"{message.status} to {message.cseq_method}"


def _whole(partial: Partial, sight: Sight) -> list[Message]:
    """The same message where it is whole, in this capture or another."""
    return [each for each in sight.messages_of(partial.call_id or "") if _name(each) == _name(partial)]


def _heard(group: Sequence[Partial], sight: Sight) -> Message | None:
    """A message that its receiver can have sent only because it had the whole of it."""
    first = group[0]
    said = sight.messages_of(first.call_id or "")
    back = [each for each in said if each.source == first.target and each.cseq == first.cseq]
    if first.status is not None:
        return next((each for each in back if each.method == "ACK"), None)
    answers = [each for each in back if each.status is not None and each.cseq_method in (first.cseq_method, "INVITE")]
    if first.method == "ACK":
        # The sender of a 2xx repeats it until it has the ACK (RFC 3261 §13.3.1.4).
        after = [each for each in answers if each.retransmission_of and each.time_epoch > first.time_epoch]
        return None if after else next(iter(answers), None)
    return next(iter(answers), None)


def _expired(sent: Partial | Message, until: float, sight: Sight) -> Unreachable | None:
    """The ICMP error with which the receiver gave up waiting for fragments."""
    expired = (3, 1) if ":" in sent.source else (11, 1)
    for each in sight.unreachables(sent.target, sent.target_port):
        about = (each.type, each.code) == expired and each.quoted_source == sent.source
        if about and sent.time_epoch <= each.time_epoch <= until + EXPIRED_SECONDS:
            return each
    return None


def _lost(
    group: Sequence[Partial], calls: Sequence[str], whole: Sequence[Message], error: Unreachable | None, sight: Sight
) -> Verdict:
    first, last = group[0], group[-1]
    size = f"{first.bytes} of {first.total} bytes" if first.total else f"{first.bytes} bytes"
    said = (
        f"{first.source} sent {first.target}:{first.target_port} the {_title(first)} "
        f"{'once' if len(group) == 1 else f'{len(group)} times'}"
        f"{f' in {last.time_epoch - first.time_epoch:.1f} s' if len(group) > 1 else ''}, each in IP fragments of which "
        f"only {size} came ({' and '.join(first.missing)} missing), and no answer was captured"
    )
    confidence = Confidence.PROVED if error or whole else Confidence.LIKELY
    evidence = [proof(first, f"the first fragment of the {_title(first)}; the rest never comes")]
    if error is not None:
        said += f". {error.source} reports by ICMP that it waited for fragments in vain"
        evidence.append(proof(error, "fragment reassembly time exceeded"))
    if whole:
        said += f". In {whole[0].file} it is whole (frame {whole[0].frame})"
        evidence.append(proof(whole[0], f"the same {_title(first)}, whole: it was lost between the two captures"))
    elif error is None and hops(first.ttl) == 0 and not sight.is_near(first.file, first.target):
        said += f". {first.file} was taken next to {first.source}: a capture filter may have kept the fragments out"
        confidence = Confidence.POSSIBLE
    if len(group) > 1:
        evidence.append(proof(last, f"the same again, the last of {len(group) - 1} retransmissions, as incomplete"))
    return fault(f"{said}.", *evidence, confidence=confidence, calls=calls, display_filter=_filter(first))


def _filter(partial: Partial) -> str:
    """All fragments between the two machines."""
    if ":" in partial.source:
        return f"ipv6.fraghdr && ipv6.addr == {partial.source} && ipv6.addr == {partial.target}"
    fragmented = "(ip.flags.mf == 1 || ip.frag_offset > 0)"
    return f"{fragmented} && ip.addr == {partial.source} && ip.addr == {partial.target}"


def _told_elsewhere(partial: Partial, sight: Sight) -> bool:
    """Whether an earlier capture of the case lacks fragments of the same message."""
    earlier = sight.earlier(partial.file)
    return bool(earlier) and any(
        each.file in earlier and not each.filtered and _name(each) == _name(partial)
        for each in sight.partials_of(partial.call_id or "")
    )


def _swallowed(recording: Recording, sight: Sight) -> Iterator[Verdict]:
    """Requests that left whole, in fragments, and that nobody answered, unlike shorter ones."""
    if not recording.record.fragmented:
        return
    lacking = {_name(each) for each in recording.case.partials if not each.filtered}
    for each in recording.unanswered:
        request = each.request
        if request is None or request.record.transport != "udp" or request.record.size <= ONE_PACKET:
            continue
        asked = request.record
        if _name(asked) in lacking:
            continue
        error = _expired(asked, each.repeats[-1].time if each.repeats else asked.time_epoch, sight)
        short = recording.answered(asked.source, asked.target, ONE_PACKET)
        refused = any(
            undelivered(told.quoted_source, told.type, told.code) and told.quoted_source == asked.source
            for told in sight.unreachables(asked.target, asked.target_port)
        )
        if error is None and (refused or short is None or len(each.repeats) < REPETITIONS):
            continue
        said = (
            f"{asked.source} sent {asked.target}:{asked.target_port} the {asked.method} of {asked.size} bytes "
            f"{len(each.repeats) + 1} times in IP fragments, and no answer was captured"
        )
        evidence = [proof(request, f"{asked.method} of {asked.size} bytes, in several fragments; no answer follows")]
        if error is not None:
            said += f". {error.source} reports by ICMP that it waited for fragments in vain"
            evidence.append(proof(error, "fragment reassembly time exceeded"))
        elif short is not None and short.request is not None and short.record.answer_frame is not None:
            size = short.request.record.size
            said += f", while its {short.method} of {size} bytes was answered in frame {short.record.answer_frame}"
            evidence.append(proof(short.request, f"a {short.method} of {size} bytes, which {asked.target} answers"))
        confidence = Confidence.LIKELY if error is None else Confidence.PROVED
        calls = recording.legs_of(asked.call_id or "")
        yield fault(f"{said}.", *evidence, confidence=confidence, calls=calls)
