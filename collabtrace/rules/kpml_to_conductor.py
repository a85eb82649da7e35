"""Keys should go to Conductor by KPML, and the conference leg dies.

## What it finds
A call that TelePresence Conductor ends seconds after it was answered, where the other side (CUCM) wanted to be told
keys by KPML, or where the sound was agreed without telephone-events (RFC 4733).

## Why it matters
Conductor is reported to end an ad hoc conference a few seconds after it began when it is asked for key presses by
KPML. Everybody in the conference is dropped, each time anew.

## How it decides
Conductor is known by its User-Agent or Server header (`TANDBERG/… (XC…)`). Its leg was answered, and ended 2 to 20 s
later: earlier it is another fault, and reports speak of 3 to 18 s. Conductor ended it, or the other side did and
ended the legs of the participants less than 2 s later; nobody of them had hung up in the 2 s before. Then what speaks
for KPML is added up:

* 3: a SUBSCRIBE with `Event: kpml` between the two that was refused or not answered, that no NOTIFY followed, or that
  came less than 1 s before the end.
* 2: both sides did not name telephone-event for the sound.
* 1: CUCM announced `kpml`, Conductor did not, and the SUBSCRIBE was sent all the same.
* −3: keys were sent as telephone-events, so KPML was not needed.

A BYE that names another cause (Q.850 other than 16 and 31, or preemption) settles it: the rule is content. 3 and more
is `likely`, 2 is `possible`, and `likely` if another conference of the capture died the same way. Where CUCM ended
the leg together with legs that nothing joins to this call, it is `possible` at most. Legs of several calls that end
less than 2 s apart are one conference, and one finding. `Allow-Events: kpml` alone is no sign, as CUCM writes it on
every trunk.

## When it is wrong
Conductor and its TelePresence Servers end calls for other reasons too: no capacity or licence, encryption or session
timers that do not fit. The HTTP calls between CUCM and Conductor, which would tell, are mostly encrypted. Where the
capture does not show who hung up the rule says `unknown`. A capture at a phone shows only that the call was moved and
ended, and the rule does not look at it.

## What to do next
1. CUCM › Device › Trunk › the trunks to Conductor, for ad hoc and for rendezvous conferences › DTMF Signaling Method:
   RFC 2833.
2. Let every endpoint and Jabber offer telephone-events (payload type 101); where a leg can do keys only out of band,
   give CUCM an MTP for it (Media Resource Group List).
3. Upgrade Conductor and the TelePresence Servers. The release that mends it is not known from public documents.
4. If it goes on: look for the conference in Conductor's event log at the time of the BYE, as capacity and licences
   end calls in the same way.

## References
- RFC 4730 §3 (KPML), RFC 6665 §4.1.2 (SUBSCRIBE needs an answer and a NOTIFY)
- RFC 4733 §2.4.1 (negotiation of telephone-events)
- Field report: ad hoc conferences on Conductor die after about 10 s with KPML; no bug identifier is public
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice

from collabtrace.schema import Dialog, Evidence
from collabtrace.subjects import Call, KeySubscription, Leg
from collabtrace.verdicts import Confidence, Severity, Verdict, clear, fault, proof, rule, unknown

PRODUCT = "Conductor"
EARLIEST_SECONDS, LATEST_SECONDS = 2.0, 20.0
"""Seconds from the answer to the end of a leg that this fault ends."""
TOGETHER_SECONDS = 2.0
"""Seconds within which the legs of one conference end one after another."""
AT_ONCE_SECONDS = 1.0
"""Seconds from a SUBSCRIBE to the end of the call that it brings about."""
OTHER_CONFERENCE_SECONDS = 30.0
"""Seconds between the beginnings of two legs that are of two conferences."""
MOST_SHOWN = 8
"""Legs of a conference whose frames the finding lists."""
MOST_COMPARED = 64
"""Other calls that are looked through for the same fault."""
LIKELY, POSSIBLE = 3, 2
"""Points."""
NORMAL = {"16", "31"}
"""Q.850 causes of a call that was ended on purpose."""
_CAUSE = re.compile(r"Q\.850\s*;\s*cause\s*=\s*(\d+)", re.IGNORECASE)


@dataclass
class Case:
    """What speaks for and against the fault in one leg."""

    points: int = 0
    said: list[str] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)


@rule(Severity.CRITICAL)
def kpml_to_conductor(call: Call) -> Iterator[Verdict]:
    """Judge the legs of one call that a Conductor is an end of."""
    verdicts = [
        verdict
        for conductor in call.ends_of_kind(PRODUCT)
        for leg in call.legs
        if conductor in (leg.record.caller, leg.record.callee)
        and (verdict := _judged(call, leg, conductor)) is not None
    ]
    faults = [verdict for verdict in verdicts if verdict.verdict == "fault"]
    yield from faults[:1] or verdicts[:1]


def _judged(call: Call, leg: Leg, conductor: str) -> Verdict | None:
    """What is said of one leg; where its conference died with it, what is said of the conference."""
    verdict = _judged_alone(call, leg, conductor)
    if verdict is None or verdict.verdict != "fault":
        return verdict
    conference = call.ended_together(conductor, leg.record.ended or 0.0, TOGETHER_SECONDS)
    together = [died for each in conference for died in _died(each, leg)]
    first = together[0][1]
    others = len({each.call_id for each, _ in together}) - 1
    more = f". {others} more of its legs ended with it" if others else ""
    calls = dict.fromkeys(call_id for each, _ in together for call_id in each.call.call_ids)
    evidence = dict.fromkeys(each for _, told in together[:MOST_SHOWN] for each in told.evidence)
    return replace(first, because=first.because + more, calls=tuple(calls), evidence=tuple(evidence))


def _died(call: Call, leg: Leg) -> Iterator[tuple[Leg, Verdict]]:
    """The legs of a call between the same two machines that died of this fault, and what is said of each alone."""
    conductors = call.ends_of_kind(PRODUCT)
    for each in call.legs:
        ends = {each.record.caller, each.record.callee}
        if ends == {leg.record.caller, leg.record.callee}:
            verdict = _judged_alone(call, each, next(iter(ends & conductors)))
            if verdict is not None and verdict.verdict == "fault":
                yield each, verdict


def _judged_alone(call: Call, leg: Leg, conductor: str) -> Verdict | None:
    answered, ended = leg.record.answered, leg.record.ended
    if answered is None:
        return None
    other = _other(leg, conductor)
    if (ended or leg.until) - answered > LATEST_SECONDS:
        return clear(f"the leg between {other} and {conductor} lasted longer than {LATEST_SECONDS:.0f} s")
    if ended is None:
        return unknown(f"the capture ends {leg.until - answered:.1f} s after {conductor} and {other} began to talk")
    if ended - answered < EARLIEST_SECONDS:
        return None
    cause = _other_cause(leg)
    if cause is not None:
        return clear(f"the BYE between {other} and {conductor} names another cause: {cause}")
    found = _weighed(call, leg, conductor)
    if found.points < POSSIBLE:
        return clear(f"nothing speaks for KPML as the reason why the leg between {other} and {conductor} ended")
    hidden = _not_its_doing(call, leg, conductor)
    if hidden is not None:
        return hidden
    again = found.points < LIKELY and _happened_before(call, leg, conductor)
    if again:
        found.said.append("another conference of the capture died the same way")
    who = f"{conductor} (Conductor)" if leg.record.ended_by == conductor else f"{other}, with the participants' legs,"
    when = f"ended the leg between {other} and {conductor} {ended - answered:.1f} s after its answer"
    said = f"{who} {when}; {'; '.join(found.said)}"
    certain = leg.record.ended_by == conductor or any(
        each.call == call.number for each in _dropped(call, leg, conductor)
    )
    confidence = Confidence.LIKELY if certain and (found.points >= LIKELY or again) else Confidence.POSSIBLE
    return fault(said, *found.evidence, *_end(leg), confidence=confidence)


def _other(leg: Leg, conductor: str) -> str:
    return leg.record.caller if leg.record.callee == conductor else leg.record.callee


def _weighed(call: Call, leg: Leg, conductor: str) -> Case:
    """What speaks for KPML as the reason."""
    found, other = Case(), _other(leg, conductor)
    asked = [each for each in call.key_subscriptions if {each.subscriber, each.notifier} == {conductor, other}]
    failed = next((each for each in asked if not each.gives_back and _leads_nowhere(leg, each)), None)
    if failed is not None:
        _add_subscription(found, leg, failed)
        conductor_called = leg.record.caller == conductor
        if (
            failed.notifier == conductor
            and "kpml" in leg.announced_key_methods(by_caller=not conductor_called)
            and "kpml" not in leg.announced_key_methods(by_caller=conductor_called)
        ):
            found.points += 1
            found.said.append(f"{other} announces kpml in Allow-Events, {conductor} does not")
    if leg.telephone_events is False:
        found.points += 2
        found.said.append("no telephone-event was agreed for the sound")
        sides = (side for line in leg.settled if line.record.kind == "audio" for side in (line.offer, line.answer))
        found.evidence += [proof(side.message, "the SDP that settles the sound") for side in sides if side is not None]
    if any(press.leg is leg and press.record.message_row is None for press in call.presses):
        found.points -= 3
    return found


def _add_subscription(found: Case, leg: Leg, failed: KeySubscription) -> None:
    found.points += 3
    became = "which got no answer" if failed.answer is None else f"which was answered {failed.status}"
    if failed.is_accepted:
        became += ", without a NOTIFY" if not _is_notified(leg, failed) else " just before the end"
    found.said.append(f"{failed.subscriber} had sent {failed.notifier} a SUBSCRIBE to keys by KPML, {became}")
    found.evidence.append(proof(failed.request, "SUBSCRIBE with Event: kpml"))
    if failed.answer is not None:
        found.evidence.append(proof(failed.answer, f"its answer: {failed.status}"))


def _leads_nowhere(leg: Leg, subscription: KeySubscription) -> bool:
    """Whether a subscription was not taken up, or the end followed at once."""
    if not subscription.is_accepted or not _is_notified(leg, subscription):
        return True
    return leg.record.ended is not None and leg.record.ended - subscription.request.time <= AT_ONCE_SECONDS


def _is_notified(leg: Leg, subscription: KeySubscription) -> bool:
    """Whether the notifier sent the NOTIFY that every accepted SUBSCRIBE is followed by (RFC 6665 §4.2.1.2)."""
    if subscription.request.record.call_id != leg.call_id:
        return True
    notifies = (each for each in leg.requests("NOTIFY") if each.record.source == subscription.notifier)
    return any(each.time >= subscription.request.time for each in notifies)


def _other_cause(leg: Leg) -> str | None:
    """The reason that the BYE gives, if it is none of a normal end (RFC 3326)."""
    for said in (bye.record.cause or "" for bye in leg.requests("BYE")):
        causes = _CAUSE.findall(said)
        if "preemption" in said.lower() or any(cause not in NORMAL for cause in causes):
            return said
    return None


def _end(leg: Leg) -> Iterator[Evidence]:
    return (proof(bye, f"{bye.record.source} ends the leg") for bye in leg.requests("BYE")[:1])


def _not_its_doing(call: Call, leg: Leg, conductor: str) -> Verdict | None:
    """What is said where somebody hung up, or where the capture does not show who did."""
    ended, other = leg.record.ended or 0.0, _other(leg, conductor)
    for each in call.ended_at(other, ended - TOGETHER_SECONDS, ended):
        if conductor in (each.caller, each.callee) or each.ended_by in (other, None):
            continue
        said = f"{each.ended_by} hung up {ended - (each.ended or ended):.1f} s before the leg to {conductor} ended"
        return clear(said) if _is_of_conference(call, each, conductor) else unknown(f"{said}, and may have been in it")
    if leg.record.ended_by == conductor or _dropped(call, leg, conductor):
        return None
    return unknown(f"{other} ended the leg to {conductor}, and the capture does not show whether somebody hung up")


def _dropped(call: Call, leg: Leg, conductor: str) -> list[Dialog]:
    """The legs of participants that the other side ended together with that of Conductor."""
    ended, other = leg.record.ended or 0.0, _other(leg, conductor)
    found = call.ended_at(other, ended, ended + TOGETHER_SECONDS)
    return [each for each in found if conductor not in (each.caller, each.callee) and each.ended_by == other]


def _is_of_conference(call: Call, dialog: Dialog, conductor: str) -> bool:
    """Whether a leg is of this call, or of another one with the same Conductor."""
    return dialog.call is not None and conductor in call.other(dialog.call).ends_of_kind(PRODUCT)


def _happened_before(call: Call, leg: Leg, conductor: str) -> bool:
    """Whether another conference of the same Conductor died the same way."""
    return any(
        abs(each.record.started - leg.record.started) > OTHER_CONFERENCE_SECONDS
        and each.record.answered is not None
        and each.record.ended is not None
        and EARLIEST_SECONDS <= each.record.ended - each.record.answered <= LATEST_SECONDS
        and _weighed(found, each, conductor).points >= POSSIBLE
        and _not_its_doing(found, each, conductor) is None
        for found in islice(call.others_with(conductor), MOST_COMPARED)
        for each in found.legs
        if conductor in (each.record.caller, each.record.callee)
    )
