"""An answered INVITE is never acknowledged: its 2xx is sent again and again.

## What it finds
A 200 to an INVITE (or another 2xx) that its sender repeats because no ACK reaches it, for a call that begins as well as
for a re-INVITE of either side.

## Why it matters
The callee has answered and does not know whether the caller heard it. It repeats the 200 for 32 seconds and then hangs
up, so that the call dies about half a minute after it was answered, often with sound until then.

## How it decides
A server repeats a 2xx after 0.5, 1, 2 and then every 4 seconds until it has the ACK, over any transport (RFC 3261
§13.3.1.4). Three repetitions are counted as the fault, so that an ACK that is slow or lost once is none: by then 3.5 s
have passed. An ACK is that of an INVITE if Call-ID, CSeq and the tag of From are the same: both sides count their
requests by themselves, so an ACK of the other side may have the same CSeq. Where the capture holds one, only
repetitions after it count, and three of them show that it did not arrive, or did not fit. Second copies of packets are
no repetitions. The repetitions are packets, so the finding is `proved`; where the ACK got lost, only a capture further
on can show.

## When it is wrong
The caller's side may acknowledge correctly and the ACK be dropped on a way that the capture does not see; it may also
never have seen the 200. The finding says what was captured of the two. A 2xx that is not repeated counts as
acknowledged, even if no ACK was captured, as the ACK may go past the capture; one whose capture ends too early is
unknown.

## What to do next
1. See where the ACK has to go: to the Contact of the 200, by the Record-Route headers in it. A private address there,
   or a name that the caller cannot resolve, explains everything.
2. Capture at the caller: if no ACK leaves it, look for the 200 there. If the 200 does not arrive either, the way back
   is broken (Via, rport, firewall); if it does, the caller does not accept it (another To tag or CSeq, a wrong branch).
3. If the ACK leaves and does not arrive, look at what lies between: a proxy that does not stay in the path
   (Record-Route), SIP inspection (ASA: `no inspect sip`), a NAT binding that has expired.
4. On CUCM the trunk must accept the source that the ACK comes from: Device › Trunk › Destination, and System › Security
   Profile › SIP Trunk Security Profile.

## References
- RFC 3261 §13.2.2.4 (the ACK of a 2xx), §13.3.1.4 (repetitions of a 2xx), §12.1.2 (route set)
"""

from collections.abc import Iterator

from collabtrace.schema import Evidence
from collabtrace.subjects import Call, Exchange, Leg, Sight, SipMessage
from collabtrace.verdicts import Severity, Verdict, clear, fault, proof, rule, unknown

REPETITIONS = 3
"""Repetitions of a 2xx without an ACK that are no accident any more."""
THIRD_AFTER_SECONDS = 3.5
"""When the third of them comes: 0.5, 1 and 2 s apart (RFC 3261 §13.3.1.4)."""

ACKNOWLEDGED = "every 2xx to an INVITE was acknowledged, or was not repeated"


@rule(Severity.CRITICAL)
def sip_missing_ack(call: Call, sight: Sight) -> Iterator[Verdict]:
    """Judge the answered INVITEs of one call."""
    if call.record.answered is None:
        return
    invites = [each for leg in call.legs for each in leg.exchanges if _is_accepted(each)]
    if not invites:
        return
    if all(each.is_acknowledged and not each.answers_repeated for each in invites):
        yield clear(ACKNOWLEDGED)
        return
    accepted = list(_accepted(call))
    worst = max(accepted, key=lambda pair: len(_unheard(*pair)), default=None)
    if worst is None:
        return
    if len(_unheard(*worst)) >= REPETITIONS:
        yield _missing(call, *worst)
        return
    reasons = (reason for leg, each in accepted if (reason := _not_seen(leg, each, sight)))
    reason = next(reasons, None)
    yield unknown(reason) if reason else clear(ACKNOWLEDGED)


def _is_accepted(exchange: Exchange) -> bool:
    return exchange.method == "INVITE" and 200 <= (exchange.status or 0) < 300


def _accepted(call: Call) -> Iterator[tuple[Leg, Exchange]]:
    """The accepted INVITEs of all legs, each hop of them once, with the fork that accepted."""
    for leg in call.legs:
        for each in leg.exchanges:
            answer = each.answer if _is_accepted(each) else None
            if answer is not None and answer.record.to_tag in (leg.record.to_tag, leg.record.from_tag):
                yield leg, each


def _acks(leg: Leg, exchange: Exchange) -> list[SipMessage]:
    """The ACKs of the INVITE in the same capture; they may go past the hop, to the Contact of the 2xx."""
    return [each for each in leg.acks.get(exchange.record.cseq, ()) if _acknowledges(each, exchange)]


def _acknowledges(message: SipMessage, exchange: Exchange) -> bool:
    """Whether it is the ACK; both sides count their requests by themselves, so CSeq alone does not tell."""
    asked, answer = exchange.record, exchange.answer
    same = message.method == "ACK" and (message.record.call_id, message.record.cseq) == (asked.call_id, asked.cseq)
    return same and (answer is None or message.record.from_tag == answer.record.from_tag)


def _unheard(leg: Leg, exchange: Exchange) -> list[SipMessage]:
    """The repetitions of the 2xx that came without an ACK, or in spite of it."""
    if not exchange.answers_repeated:
        return []
    first = min((each.time for each in _acks(leg, exchange)), default=None)
    return [each for each in exchange.answer_repeats if first is None or each.time > first]


def _missing(call: Call, leg: Leg, exchange: Exchange) -> Verdict:
    answer, unheard = exchange.answer, _unheard(leg, exchange)
    if answer is None:
        raise ValueError("an INVITE without its answer was not accepted")
    server, client = answer.record.source, answer.record.target
    seconds = unheard[-1].time - answer.time
    said = f"{server} sent its {answer.status} to the INVITE {len(unheard) + 1} times to {client}, for {seconds:.1f} s"
    acks = _acks(leg, exchange) or _elsewhere(call, exchange)
    if acks:
        ack = acks[0]
        said += f", although {ack.record.source} sent an ACK to {ack.record.target} in frame {ack.frame} of {ack.file}"
        said += ": it did not arrive, or the server did not take it for its own"
    else:
        said += ", and no ACK was captured"
        contact = answer.reached_at
        said += f"; it has to go to {contact}, the Contact of the {answer.status}" if contact else ""
    evidence = [
        proof(answer, f"{server} accepts the INVITE with {answer.status}"),
        *(proof(each, "an ACK of it") for each in acks[:1]),
        proof(unheard[-1], f"the same {answer.status} again, the last of {len(unheard)} repetitions"),
        *_end(leg, exchange),
    ]
    return fault(f"{said}.", *evidence)


def _elsewhere(call: Call, exchange: Exchange) -> list[SipMessage]:
    """ACKs of the same INVITE in other captures."""
    return [each for each in call.messages if _acknowledges(each, exchange)]


def _end(leg: Leg, exchange: Exchange) -> Iterator[Evidence]:
    """The BYE with which the server gave up."""
    for bye in leg.requests("BYE"):
        if bye.record.source == exchange.record.target:
            yield proof(bye, f"{bye.record.source} gives up and hangs up")
            return


def _not_seen(leg: Leg, exchange: Exchange, sight: Sight) -> str | None:
    """Why the capture cannot show whether the 2xx was acknowledged."""
    answer = exchange.answer
    if answer is None or _acks(leg, exchange):
        return None
    ended = leg.record.ended
    if ended is not None and ended - answer.time < THIRD_AFTER_SECONDS:
        return f"no ACK was captured, and the call ended {ended - answer.time:.1f} s after the {answer.status}"
    reason = sight.time(answer.file, answer.time, answer.time + THIRD_AFTER_SECONDS)
    return f"no ACK was captured, but {reason}" if reason else None
