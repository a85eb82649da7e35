"""The keep-alives of a trunk get no answer, or are told that nothing is there.

## What it finds
OPTIONS that one machine sends another again and again, as CUCM, Expressway and session border controllers do to learn
whether a trunk or a zone works, of which two or more in a row had no answer, or 408, 503 or 504.

## Why it matters
After a failed keep-alive the sender takes the trunk out of service: CUCM sends no call there until the keep-alive works
again, and answers calls that have no other way with 503. Calls fail that would perhaps have worked.

## How it decides
Keep-alives are OPTIONS outside of calls, from one machine to one port of another by one transport, at least 5 s after
the one before; nearer ones are tries of the same. Two failures in a row are the fault. No answer counts where the
client sent the same OPTIONS at least twice more (RFC 3261 §17.1.2.2), so that it had none; or, where nothing is
repeated as over TCP, where the capture could have seen the answer until the next keep-alive, at least 4 s. Any answer
but 408, 503 and 504 shows that the peer is alive: 200, but also 401, 404, 405, 483 and 501, as `Max-Forwards: 0` is
usual in keep-alives.

It is `proved` by such a status, and by an ICMP error; `likely` where no answer was captured. Where all that the capture
shows are answers of 503, it is `possible` only: a standby server answers so for as long as it is one.

## When it is wrong
A server that is being restarted looks the same for that time; the finding says whether it came back. A PBX also asks
its telephones whether they are there (`qualify`), and these are switched off at night: the rule says `unknown` where
the machine was seen to register with who asks, where it is a telephone by its own words, or where its address in the
Request-URI has a user, as a registered contact has, unless CUCM, Expressway or an IOS gateway asks, which ask trunks
alone. OPTIONS that nobody should answer (scanners) come once, not again and again. A keep-alive over TCP that does not
even get a connection is no SIP message, and not judged.

## What to do next
1. CUCM › Device › Trunk: the status of the trunk and since when; Device › Device Settings › SIP Profile: the OPTIONS
   Ping section has the intervals (60 s in service, 120 s out of service, unless changed).
2. No answer: capture at the peer. Does the OPTIONS arrive, on a port on which the peer listens, from an address that
   it knows? Firewalls and access lists, as for any unanswered request.
3. 503: the peer is there but out of capacity, licences or service; look at its own status, and at Retry-After. 408 and
   504: the peer answers for somebody behind it who does not answer; look there.
4. If only the keep-alive fails while calls work: the peer may not support OPTIONS. Switch the OPTIONS Ping of that
   trunk off.

## References
- RFC 3261 §11 (OPTIONS), §17.1.2.2 (retransmission)
- Cisco Unified CM, SIP OPTIONS ping: no answer, 408 and 503 take a trunk out of service
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from collabtrace.errors import ParseError
from collabtrace.protocols.uri import Uri
from collabtrace.schema import Evidence, Unreachable
from collabtrace.sessions.products import DEVICES, product
from collabtrace.sessions.undelivered import undelivered
from collabtrace.subjects import Exchange, Pair, Sight
from collabtrace.verdicts import Confidence, Severity, Verdict, clear, fault, proof, rule, unknown

IN_A_ROW = 2
"""Failures one after another that take a trunk out of service."""
APART_SECONDS = 5.0
"""Seconds between two keep-alives at least: usual are 10 to 120; what comes sooner is another try of the same."""
REPETITIONS = 2
"""Retransmissions that show that the client had no answer."""
ANSWERED_SECONDS = 4.0
"""Seconds that the capture has to go on after a keep-alive that is not repeated."""
DEAD = frozenset({408, 503, 504})
"""Statuses that say that nobody is there to take a call."""
TRUNKS_ALONE = frozenset({"CUCM", "Expressway", "Cisco IOS gateway"})
"""Products that ask trunks and zones whether they are there, and no telephones."""
STANDBY = 503
"""What a server answers that is there and takes no calls (RFC 3261 §21.5.4)."""
SHOWN = 3
"""Failures that are shown as evidence."""


class Ping(NamedTuple):
    """One keep-alive and what became of it."""

    exchange: Exchange
    failed: bool | None
    """None where the capture cannot show it."""
    why: str
    error: Unreachable | None = None


@rule(Severity.CRITICAL)
def options_ping_failing(pair: Pair, sight: Sight) -> Iterator[Verdict]:
    """Judge the keep-alives of one machine to another, port by port."""
    lines: defaultdict[tuple[int, str], list[Exchange]] = defaultdict(list)
    for each in pair.exchanges:
        if each.method == "OPTIONS" and each.request is not None:
            lines[each.record.target_port, each.record.transport].append(each)
    for exchanges in lines.values():
        pings = _pings(exchanges, sight)
        run = _longest(pings)
        is_there = any(ping.exchange.status == STANDBY for ping in run)
        if len(run) >= IN_A_ROW and not is_there and (device := _device(pair, exchanges, sight)):
            yield unknown(f"{pair.server} {device}; it may be switched off")
        elif len(run) >= IN_A_ROW:
            if not _told_elsewhere(run, sight):
                yield _failing(pair, run, pings)
        elif any(ping.failed is False for ping in pings):
            yield clear(f"{pair.server} answers the keep-alives of {pair.client}")
        elif pings:
            told = next((ping.why for ping in pings if ping.failed is None), "")
            yield unknown(told or f"{pair.file} shows one keep-alive of {pair.client} to {pair.server} that failed")


def _pings(exchanges: Sequence[Exchange], sight: Sight) -> list[Ping]:
    """The keep-alives in the order of time; of several at once the one that went best."""
    found: list[Ping] = []
    begun = -APART_SECONDS
    for number, each in enumerate(exchanges):
        following = exchanges[number + 1].record.started if number + 1 < len(exchanges) else None
        ping = _ping(each, following, sight)
        if each.record.started - begun >= APART_SECONDS:
            begun = each.record.started
            found.append(ping)
        elif found[-1].failed is not False:
            found[-1] = ping
    return found


def _ping(exchange: Exchange, following: float | None, sight: Sight) -> Ping:
    asked, request = exchange.record, exchange.request
    if request is None or exchange.is_answered:
        status = exchange.status
        failed = status in DEAD
        return Ping(exchange, failed, f"answers {status} {asked.reason or ''}".rstrip())
    error = _error(exchange, sight)
    if error is not None:
        return Ping(exchange, failed=True, why="is reported as unreachable by ICMP", error=error)
    if len(exchange.repeats) >= REPETITIONS:
        return Ping(exchange, failed=True, why="gives no answer")
    until = request.time + ANSWERED_SECONDS
    reason = sight.time(request.file, request.time, until) or sight.towards(request.file, asked.target, asked.source)
    if reason is None and following is not None and following < until:
        reason = "the next one came too soon"
    if reason is None and asked.transport == "udp":
        reason = f"{asked.source} did not repeat it, so it may have had an answer on a way that is not captured"
    if reason:
        return Ping(exchange, None, f"no answer to the OPTIONS in frame {request.frame} was captured, but {reason}")
    return Ping(exchange, failed=True, why="gives no answer")


def _error(exchange: Exchange, sight: Sight) -> Unreachable | None:
    """An ICMP error that says that the keep-alive did not arrive."""
    asked = exchange.record
    for each in sight.unreachables(asked.target, asked.target_port):
        same = (each.quoted_source, each.quoted_source_port) == (asked.source, asked.source_port)
        soon = 0 <= each.time_epoch - asked.started <= APART_SECONDS
        if same and soon and undelivered(each.quoted_source, each.type, each.code):
            return each
    return None


def _longest(pings: Sequence[Ping]) -> list[Ping]:
    """The longest run of failures."""
    runs: list[list[Ping]] = [[]]
    for ping in pings:
        if ping.failed:
            runs[-1].append(ping)
        elif ping.failed is False:
            runs.append([])
    return max(runs, key=len)


def _device(pair: Pair, exchanges: Sequence[Exchange], sight: Sight) -> str | None:
    """What shows that a telephone or program of a user is asked, and no server."""
    if (pair.server, pair.client) in sight.registered:
        return f"registers with {pair.client}"
    agents = {agent for each in exchanges if each.answer and (agent := each.answer.record.user_agent)}
    kind = next((name for agent in agents if (name := product(agent)) in DEVICES), None)
    if kind is not None:
        return f"is a {kind}"
    asked = exchanges[0].request
    if asked is None or product(asked.record.user_agent or "") in TRUNKS_ALONE:
        return None
    try:
        uri = Uri.parse(asked.record.request_uri or "")
    except ParseError:
        return None
    is_contact = uri.user and (uri.host or "").strip("[]") == pair.server
    return "is asked at the contact of a user" if is_contact else None


def _failing(pair: Pair, run: Sequence[Ping], pings: Sequence[Ping]) -> Verdict:
    first, last = run[0].exchange.record, run[-1].exchange.record
    ways = list(dict.fromkeys(ping.why for ping in run))
    said = (
        f"{pair.client} sent {pair.server}:{first.target_port} {len(run)} keep-alives (OPTIONS over "
        f"{first.transport.upper()}) one after another in {last.started - first.started:.0f} s: it "
        f"{', then '.join(ways[:SHOWN])}"
    )
    after = [ping for ping in pings if ping.exchange.record.started > last.started and ping.failed is False]
    before = [ping for ping in pings if ping.exchange.record.started < first.started and ping.failed is False]
    if before:
        said += f". Before that it answered, last in frame {before[-1].exchange.record.answer_frame}"
    if after:
        said += f". It answers again from frame {after[0].exchange.record.answer_frame} on"
    shown = run if len(run) <= SHOWN else [*run[: SHOWN - 1], run[-1]]
    sure = any(ping.error or ping.exchange.status in DEAD for ping in run)
    confidence = Confidence.PROVED if sure else Confidence.LIKELY
    if all(ping.exchange.status == STANDBY for ping in pings):
        said += ". It answers nothing else in the whole capture, as a standby server does that takes no calls"
        confidence = Confidence.POSSIBLE
    return fault(
        f"{said}.",
        *(each for ping in shown for each in _evidence(ping)),
        confidence=confidence,
        calls=dict.fromkeys(ping.exchange.record.call_id for ping in shown),
    )


def _evidence(ping: Ping) -> Iterator[Evidence]:
    asked, request, answer = ping.exchange.record, ping.exchange.request, ping.exchange.answer
    if request is not None:
        times = len(ping.exchange.repeats) + 1
        sent = f", {times} times" if times > 1 else ""
        yield proof(request, f"{asked.source} asks whether {asked.target} is there{sent}")
    if answer is not None:
        yield proof(answer, f"{asked.target} {ping.why}")
    elif ping.error is not None:
        yield proof(ping.error, f"{ping.error.source} reports that {asked.target} is unreachable")


def _told_elsewhere(run: Sequence[Ping], sight: Sight) -> bool:
    """Whether an earlier capture of the case shows the same keep-alives fail."""
    earlier = sight.earlier(run[0].exchange.file)
    failed = 0
    for ping in run if earlier else ():
        twins = (each for each in ping.exchange.twins if each.file in earlier)
        failed += any(_ping(each, None, sight).failed for each in twins)
    return failed >= IN_A_ROW
