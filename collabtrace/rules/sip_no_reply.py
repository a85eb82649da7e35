"""A request was answered by nobody.

## What it finds
An INVITE, UPDATE, PRACK or REFER of a call, or a REGISTER, SUBSCRIBE, PUBLISH or MESSAGE outside of calls, to which no
response came at all, not even 100 Trying. Keep-alives by OPTIONS are judged by `options-ping-failing`.

## Why it matters
The caller hears nothing for up to 32 seconds and then gets 408, or the call goes to the next server of the list after
that long. A phone whose REGISTER is not answered cannot be called.

## How it decides
Over UDP a client that hears nothing sends its request again after 0.5, 1 and 2 s and so on (RFC 3261 §17.1.1.2,
§17.1.2.2). Three repetitions over 3 s or more show that it had no answer, wherever the capture was taken. Fewer show
nothing: the answer may have gone past the capture. Over TCP nothing is repeated, so there the capture has to see the
way back, and to go on long enough: 4 s for an INVITE, which every server answers with 100 at once (§8.2.6.1), 32 s for
other requests (64·T1, timer F). Where the peer goes on with the same Call-ID in these seconds or after them, the
capture may lack the segment with the answer, and cannot tell. An ICMP error that quotes the request settles it at once.

It is `proved` by an ICMP error, by an answer that another capture shows and this one not, and where the capture was
taken next to the server, so that the request arrived there; else `likely`. The first unanswered request of a call, or
of two machines, is told.

## When it is wrong
A call that was answered all the same, by another server or another branch of a fork, is no fault; where one machine
was asked again and again in vain before, the rule says so, and that it cannot tell why. Neither is one of
several branches that a proxy asks within a second, if another one at least rings: one phone of a shared line may be
off. Neither is one request outside of calls whose successor was answered, as when a server starts again, nor what goes
to a multicast group, as phones look for a provisioning server that most networks have not, nor what scanners ask
(friendly-scanner, sipvicious, sipcli …). Between the client and the capture the request may have passed a device that
answers in its own name only to the client; then the repetitions would not be there.

## What to do next
1. ICMP says *port unreachable*, and comes from the server: see whether the service is started and listens on that port
   and transport. Any other ICMP error comes from what is on the way, and names the place to look.
2. Capture at the server. If the request does not arrive, look for what drops it on the way: an access list, a firewall,
   a route, a VPN. If it is longer than 1,300 bytes and goes by UDP, look for lost fragments (`sip-fragment-lost`).
3. If it arrives: does the server listen on that port and transport (CUCM › System › Security Profile › SIP Trunk
   Security Profile › Incoming Port; Expressway › Configuration › Protocols › SIP)? Does it know the sender? CUCM drops
   what comes from addresses that no trunk names (Device › Trunk › Destination Address).
4. If it answers there: the answer goes to the Via's address, or where the request came from with `rport`. Compare the
   two; a NAT between them needs `rport` (RFC 3581).
5. Is the server alive at all? Its process may hang while the machine still answers ping.

## References
- RFC 3261 §17.1.1.2 and §17.1.2.2 (retransmission, timers B and F), §8.2.6.1 (100 Trying)
- RFC 3581 (rport)
- RFC 1122 §3.2.2.1 (ICMP destination unreachable)
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from collabtrace.protocols.scope import is_multicast
from collabtrace.schema import Unreachable
from collabtrace.sessions.undelivered import PORT_UNREACHABLE, undelivered
from collabtrace.sessions.undelivered import reason as icmp_reason
from collabtrace.subjects import Call, Exchange, Pair, Sight, SipMessage
from collabtrace.verdicts import Confidence, Severity, Verdict, clear, fault, proof, rule, unknown

IN_CALLS = frozenset({"INVITE", "UPDATE", "PRACK", "REFER"})
"""Methods of calls that are judged; BYE is not, as the call is over then anyway."""
OUTSIDE = frozenset({"REGISTER", "SUBSCRIBE", "PUBLISH", "MESSAGE"})
"""Methods outside of calls that are judged."""
REPETITIONS = 3
"""Retransmissions that show that a client had no answer."""
REPEATED_SECONDS = 3.0
"""Seconds from the request to the last of them at least; RFC 3261 makes it 3.5 (0.5, 1, 2)."""
INVITE_SECONDS = 4.0
"""Seconds in which an INVITE over TCP is answered with 100, which takes a living server milliseconds."""
OTHER_SECONDS = 32.0
"""Seconds in which other requests over TCP are answered (64·T1)."""
FORKED_SECONDS = 1.0
"""Seconds within which a proxy asks all branches of a parallel fork."""
FRAGMENTED = 1472
"""Bytes of a message over UDP that no longer fit into one packet of 1,500."""
SCANNERS = ("friendly-scanner", "sipvicious", "sipcli", "sipsak", "pplsip", "sundayddr", "vaxsipuseragent")
"""Beginnings of User-Agents of programs that ask whole networks and are not to be answered."""


@rule(Severity.CRITICAL)
def sip_no_reply(subject: Call | Pair, sight: Sight) -> Iterator[Verdict]:
    """Judge the requests of one call, or of one machine to another outside of calls."""
    if isinstance(subject, Pair) and is_multicast(subject.server):
        return
    judged = list(_judged(subject))
    silent = [each for each in judged if not each.is_answered]
    passed: list[Exchange] = []
    if silent and isinstance(subject, Call):
        branches = _Branches(subject)
        went_on = [each for each in silent if branches.went_on(each)]
        passed = [each for each in went_on if not branches.stands_in(each)]
        rows = {each.row for each in went_on}
        silent = [each for each in silent if each.row not in rows]
    elif silent:
        silent = _lasting(judged)
    reason = None
    for each in silent:
        told = _verdict(each, sight)
        if isinstance(told, Verdict):
            if isinstance(subject, Call):
                yield told
            elif not _told_elsewhere(each, sight):
                yield replace(told, calls=(each.record.call_id,))
            return
        reason = reason or told
    reason = reason or _passed_over(passed)
    if reason:
        yield unknown(reason)
    elif judged:
        yield clear("every request was answered, or its call went on without it")


def _judged(subject: Call | Pair) -> Iterator[Exchange]:
    """The requests that count, each hop of them once, in the order of time."""
    if isinstance(subject, Pair):
        yield from (each for each in subject.exchanges if each.method in OUTSIDE and _counts(each))
        return
    seen: set[int] = set()
    for leg in subject.legs:
        for each in leg.exchanges:
            if each.method in IN_CALLS and each.row not in seen and _counts(each):
                seen.add(each.row)
                yield each


def _counts(exchange: Exchange) -> bool:
    """Whether the request was captured, and is none of a scanner."""
    if exchange.is_answered:
        return True
    request = exchange.request
    agent = (request.record.user_agent or "").lower() if request else ""
    return request is not None and not agent.startswith(SCANNERS)


class _Branches:
    """The answered requests of one call, and which unanswered ones they stand in for."""

    def __init__(self, call: Call) -> None:
        self._is_answered = call.record.answered is not None
        self._begun: defaultdict[tuple[str, str, str], list[tuple[float, str]]] = defaultdict(list)
        for each in (each for leg in call.legs for each in leg.exchanges if each.is_answered):
            self._begun[_fork(each)].append((each.record.started, each.record.target))
        for begun in self._begun.values():
            begun.sort()

    def went_on(self, exchange: Exchange) -> bool:
        """Whether it is the INVITE of a call that was answered all the same."""
        request = exchange.request
        if request is None or request.record.to_tag is not None:
            return False
        return self._is_answered or self.stands_in(exchange)

    def stands_in(self, exchange: Exchange) -> bool:
        """Whether another branch of a parallel fork was answered, be it by ringing: then one of several is off."""
        begun, started = self._begun[_fork(exchange)], exchange.record.started
        first = bisect_left(begun, (started - FORKED_SECONDS, ""))
        last = bisect_left(begun, (started + FORKED_SECONDS, ""))
        return any(target != exchange.record.target for _, target in begun[first:last])


def _fork(exchange: Exchange) -> tuple[str, str, str]:
    asked = exchange.record
    return asked.method, asked.call_id, asked.source


def _passed_over(silent: Iterable[Exchange]) -> str | None:
    """Which machine was asked again and again in vain, though the call went on without it."""
    asked: defaultdict[str, list[Exchange]] = defaultdict(list)
    for each in silent:
        asked[each.record.target].append(each)
    for target, exchanges in asked.items():
        times = sum(1 + len(each.repeats) for each in exchanges)
        begin = min(each.record.started for each in exchanges)
        end = max(each.repeats[-1].time if each.repeats else each.record.started for each in exchanges)
        if times > REPETITIONS and end - begin >= REPEATED_SECONDS:
            method, asker = exchanges[0].method, exchanges[0].record.source
            return (
                f"no response of {target} to the {method} was captured, which {asker} "
                f"sent it {times} times in {end - begin:.1f} s: the call went on without it"
            )
    return None


def _lasting(judged: Sequence[Exchange]) -> list[Exchange]:
    """The unanswered requests whose successor of the same kind was not answered either, in the order of time."""
    found: list[Exchange] = []
    answered: dict[str, bool] = {}
    for each in reversed(judged):
        if not each.is_answered and not answered.get(each.method, False):
            found.append(each)
        answered[each.method] = each.is_answered
    return found[::-1]


def _verdict(exchange: Exchange, sight: Sight) -> Verdict | str | None:
    """The fault, or why the capture cannot show it."""
    request = exchange.request
    if request is None:
        return None
    errors = _errors(request, exchange.repeats, sight)
    if errors:
        return _fault(exchange, request, sight, errors[0])
    reliable = exchange.record.transport != "udp"
    reason = _unheard(exchange, request, sight) if reliable else _unrepeated(exchange, request, sight)
    return reason or _fault(exchange, request, sight, None)


def _errors(request: SipMessage, repeats: tuple[SipMessage, ...], sight: Sight) -> list[Unreachable]:
    """ICMP errors that say that the request did not arrive."""
    asked = request.record
    last = repeats[-1].time if repeats else request.time
    return [
        each
        for each in sight.unreachables(asked.target, asked.target_port)
        if (each.quoted_source, each.quoted_source_port) == (asked.source, asked.source_port)
        and request.time <= each.time_epoch <= last + INVITE_SECONDS
        and undelivered(each.quoted_source, each.type, each.code)
    ]


def _unrepeated(exchange: Exchange, request: SipMessage, sight: Sight) -> str | None:
    """Why a request over UDP may have been answered."""
    repeats = exchange.repeats
    if len(repeats) >= REPETITIONS and repeats[-1].time - request.time >= REPEATED_SECONDS:
        return None
    what = f"no response to the {exchange.method} in frame {request.frame} was captured, but"
    reason = sight.time(request.file, request.time, request.time + INVITE_SECONDS)
    if reason:
        return f"{what} {reason}"
    times = "once" if not repeats else f"{len(repeats) + 1} times"
    return f"{what} {request.record.source} sent it only {times}: it may have had one on a way that is not captured"


def _unheard(exchange: Exchange, request: SipMessage, sight: Sight) -> str | None:
    """Why a request over TCP, SCTP or WebSocket may have been answered, or may still be."""
    what = f"no response to the {exchange.method} in frame {request.frame} was captured, but"
    until = request.time + (INVITE_SECONDS if exchange.method == "INVITE" else OTHER_SECONDS)
    reason = sight.time(request.file, request.time, until) or sight.towards(
        request.file, request.record.target, request.record.source
    )
    if reason:
        return f"{what} {reason}"
    asked = request.record
    later = next(
        (
            each
            for each in sight.messages_of(asked.call_id or "")
            if (each.file, each.source, each.target) == (asked.file, asked.target, asked.source)
            and each.time_epoch > asked.time_epoch
        ),
        None,
    )
    if later is not None:
        return f"{what} {asked.target} goes on with it in frame {later.frame}: the capture may lack the segment between"
    connection = sight.connection(request.record)
    if connection is None:
        return None
    asker = (request.record.source, request.record.source_port)
    asks_as = "client" if asker == (connection.client, connection.client_port) else "server"
    heard = connection.server_packets if asks_as == "client" else connection.client_packets
    if not heard:
        return f"{what} {request.file} holds nothing of that connection from {request.record.target}"
    if connection.closed_by == asks_as and connection.ended is not None and connection.ended < until:
        after = max(connection.ended - request.time, 0)
        return f"{what} {request.record.source} closed the connection itself {after:.1f} s later"
    return None


def _fault(exchange: Exchange, request: SipMessage, sight: Sight, error: Unreachable | None) -> Verdict:
    asked, repeats = request.record, exchange.repeats
    said = f"{asked.source} sent {exchange.method} to {asked.target}:{asked.target_port} over {asked.transport.upper()}"
    if repeats:
        said += f" {len(repeats) + 1} times in {repeats[-1].time - request.time:.1f} s"
    evidence = [proof(request, f"{asked.source} sends {exchange.method} to {asked.target}")]
    if repeats:
        evidence.append(proof(repeats[-1], f"the same {exchange.method} again, the last of {len(repeats)} repetitions"))
    answered = next((each for each in exchange.twins if each.is_answered and each.answer), None)
    confidence = Confidence.PROVED
    if error is not None:
        words = icmp_reason(error.quoted_source, error.code)
        said += f", and {error.source} answered by ICMP: {words}"
        if words == PORT_UNREACHABLE and error.source == asked.target:
            said += f". So the machine is up, and nothing listens on its port {asked.target_port}"
        evidence.insert(1, proof(error, f"ICMP of {error.source}: {words}"))
    elif answered is not None and answered.answer is not None:
        answer = answered.answer
        said += f". {answer.file} shows the {answer.status} in frame {answer.frame}, which never came to {asked.source}"
        evidence.append(proof(answer, f"{answer.record.source} answers {answer.status}, which {request.file} lacks"))
    elif sight.is_near(request.file, asked.target):
        said += f", and no response was captured, although {request.file} was taken on the link of {asked.target}"
    else:
        said += ", and no response was captured"
        confidence = Confidence.LIKELY
    if error is None and asked.transport == "udp" and asked.size > FRAGMENTED:
        said += f". With {asked.size} bytes it travels in IP fragments, which firewalls often drop"
    return fault(f"{said}.", *evidence, confidence=confidence)


def _told_elsewhere(exchange: Exchange, sight: Sight) -> bool:
    """Whether the same request is told of where an earlier capture of the case shows it."""
    earlier = sight.earlier(exchange.file)
    return any(each.file in earlier and isinstance(_verdict(each, sight), Verdict) for each in exchange.twins)
