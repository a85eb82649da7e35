"""The subscription to key presses was refused or not answered.

## What it finds
A SUBSCRIBE with `Event: kpml` (RFC 4730) in a call, or about one, that ended with a failure (489 Bad Event, 481, 403,
405, 501, 408 …) or got no answer at all.

## Why it matters
With KPML the call server is told of a key only if it has subscribed to the keys of that phone, gateway or bridge.
Without the subscription keys have to go another way; where the leg agreed on no telephone-events either, they do not
arrive. Some conference bridges end the call as soon as they are asked (`kpml-to-conductor`).

## How it decides
The last try of a subscriber at a notifier counts: a challenge that was met, and a failure that a further try made
good, are none. A SUBSCRIBE that gives a subscription back (`Expires: 0`) is no try, nor is one that was answered less
than 2 s before the call ended, as the two then cross. Without an answer it is a fault once 4 s have passed: by then
it was sent four times over UDP (RFC 3261 §17.1.2.1: 0.5, 1 and 2 s apart), and phones answer within milliseconds. The
finding is `proved` by a response, `likely` where none came though the notifier sent other packets the same way.

## When it is wrong
If the leg agreed on telephone-events too, keys still arrive, and the refusal costs nothing; the finding says so. A
call that ended earlier than 4 s after the SUBSCRIBE tells nothing, and neither does a capture that could not have
seen the answer.

## What to do next
1. Look at the response: 489 means that the device knows no KPML at all, 403 and 405 that it is not allowed, 481 that
   it did not know the call the subscription was about.
2. If the finding says that telephone-events were agreed: let keys go by them alone. CUCM › Device › Trunk › DTMF
   Signaling Method: RFC 2833 for the trunk to a device without KPML.
3. If not: allow RFC 2833 on the device that refused, or allocate an MTP (CUCM › Device › Trunk › Media Termination
   Point Required) that turns telephone-events into KPML and back.
4. Where nobody answers: see whether SUBSCRIBE passes every proxy, firewall and SIP inspection between the two.

## References
- RFC 4730 §3, §4 (KPML)
- RFC 6665 §4.1.2, §8.3.2 (SUBSCRIBE; 489 Bad Event)
- RFC 3261 §17.1.2 (retransmission of requests)
"""

from collections.abc import Iterator, Sequence

from collabtrace.subjects import Call, KeySubscription, Leg, Sight
from collabtrace.verdicts import Confidence, Severity, Verdict, clear, fault, proof, rule, unknown

UNANSWERED_SECONDS = 4.0
"""Seconds without an answer after which there will be none: three retransmissions over UDP."""
CROSSING_SECONDS = 2.0
"""Seconds before the end of a call in which a SUBSCRIBE and the BYE may cross."""


@rule(Severity.MINOR)
def dtmf_subscription_refused(call: Call, sight: Sight) -> Iterator[Verdict]:
    """Judge the KPML subscriptions of one call."""
    last = {(each.subscriber, each.notifier): each for each in call.key_subscriptions if not each.gives_back}
    refused = [each for each in last.values() if each.answer and not each.is_accepted and not _crosses(call, each)]
    if refused:
        yield _refused(call, refused)
        return
    reasons = []
    for each in last.values():
        if each.answer is not None:
            continue
        reason = _not_seen(call, each, sight)
        if reason is None:
            yield _unanswered(call, each)
            return
        reasons.append(reason)
    if reasons:
        yield unknown(reasons[0])
    elif any(each.is_accepted for each in last.values()):
        yield clear("every subscription to key presses was accepted")


def _leg(call: Call, subscription: KeySubscription) -> Leg | None:
    """The leg whose keys it is about."""
    request = subscription.request
    mine = [leg for leg in call.legs if leg.file == subscription.file]
    within = (leg for leg in mine if request.row in leg.record.message_rows)
    ends = {subscription.subscriber, subscription.notifier}
    between = (leg for leg in mine if {leg.record.caller, leg.record.callee} == ends)
    return next(within, None) or next(between, None)


def _until(call: Call, subscription: KeySubscription) -> float:
    """When the call ended, or the capture of it."""
    leg = _leg(call, subscription)
    return leg.until if leg else max(each.until for each in call.legs)


def _crosses(call: Call, subscription: KeySubscription) -> bool:
    """Whether the call was ending when it was refused for not knowing the call."""
    answer = subscription.answer
    return answer is not None and answer.status == 481 and _until(call, subscription) - answer.time < CROSSING_SECONDS


def _not_seen(call: Call, subscription: KeySubscription, sight: Sight) -> str | None:
    """Why the missing answer tells nothing."""
    sent, until = subscription.request.time, _until(call, subscription)
    if until - sent < UNANSWERED_SECONDS:
        return f"the call ended, or its capture, {until - sent:.1f} s after the SUBSCRIBE in frame " + str(
            subscription.request.frame
        )
    end = sent + UNANSWERED_SECONDS
    return sight.time(subscription.file, sent, end) or sight.towards(
        subscription.file, subscription.notifier, subscription.subscriber
    )


def _otherwise(call: Call, subscription: KeySubscription) -> str:
    """What remains for keys without the subscription."""
    leg = _leg(call, subscription)
    if leg is None or leg.telephone_events is None:
        return ""
    if leg.telephone_events:
        return "; the leg agreed on telephone-events, by which keys can still go"
    return f"; the leg agreed on no telephone-events either: keys pressed at {subscription.notifier} have no way"


def _refused(call: Call, refused: Sequence[KeySubscription]) -> Verdict:
    first = refused[0]
    said = (
        f"{first.notifier} answered the SUBSCRIBE of {first.subscriber} to key presses (KPML) with "
        f"{first.status} {first.answer.record.reason if first.answer else ''}".rstrip()
    )
    evidence = []
    for each in refused:
        evidence.append(proof(each.request, f"{each.subscriber} subscribes to the keys pressed at {each.notifier}"))
        if each.answer is not None:
            evidence.append(proof(each.answer, f"{each.notifier} refuses with {each.status}"))
    more = f". {len(refused) - 1} more subscriptions of the call were refused" if len(refused) > 1 else ""
    return fault(said + _otherwise(call, first) + more, *evidence)


def _unanswered(call: Call, subscription: KeySubscription) -> Verdict:
    sent = subscription.retransmissions + 1
    times = "once" if sent == 1 else f"{sent} times"
    waited = _until(call, subscription) - subscription.request.time
    said = (
        f"{subscription.subscriber} sent {subscription.notifier} the SUBSCRIBE to key presses (KPML) {times}, and no "
        f"answer was captured in the {waited:.1f} s until the call ended or its capture"
    )
    evidence = proof(subscription.request, f"{subscription.subscriber} subscribes to keys; no answer follows")
    return fault(said + _otherwise(call, subscription), evidence, confidence=Confidence.LIKELY)
