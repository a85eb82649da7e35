"""Floor control was offered, and the answer refused it.

## What it finds
A video call whose answer gives the m-line of floor control (`UDP/BFCP` or a variant) port 0, or leaves it out,
while it accepts pictures.

## Why it matters
Port 0 refuses the m-line. Nobody can ask for the floor then: the share button is grey, or sharing replaces the main
picture.

## How it decides
An answered round in which the offer names a port for floor control, the answer names one for a picture and none for
floor control; and no other round of that leg agrees on floor control. Of several legs the refusal of the machine that
refused first counts: what a B2BUA tells one side because the other refused is no refusal of its own, and what it
refuses without having asked the other side is told by `bfcp-stripped`.

The answer of an endpoint proves it. A product that passes calls on (CUCM, Expressway, a gateway, an SBC) may have been
told so by somebody behind it, whom the capture does not show, and rightly so if that is a telephone: `possible`. Of a
machine that does not say what it is, it is `likely`.

## When it is wrong
An answer without any picture is that of an audio call, and silent here; so are calls on hold, a refusal by a desk
phone (it has no presentation sharing), and refusals in a call that once agreed. An endpoint that cannot share refuses
rightly: the finding then tells why sharing does not work, not that something is broken. An answer whose end is
missing from the capture is not judged.

## What to do next
1. Look who answered. An endpoint: switch presentation sharing or BFCP on in its settings, or take one that can share.
2. CUCM answered: CUCM › Device › Device Settings › SIP Profile, tick *Allow Presentation Sharing using BFCP* in the
   profile of each device and each trunk in the path, and reset the devices. Jabber: the profiles of its CSF, TCT, BOT
   or TAB devices.
3. CUCM › Device › Trunk: clear *Media Termination Point Required*; CUCM refuses floor control where an MTP (other
   than pass-through) or a transcoder is in the path, and where only one of the two sides offers it.
4. Capture on the other leg too: then the finding says who refused first.

## References
- RFC 3264 §6 (port 0 in the answer), RFC 8856 §4
- Cisco, Feature Configuration Guide for Unified Communications Manager: BFCP limitations
"""

from collections.abc import Iterator

from collabtrace.sessions.products import PHONES, SERVERS, product
from collabtrace.subjects import Call, Description
from collabtrace.verdicts import Confidence, Severity, Verdict, clear, fault, proof, rule, unknown

ADVICE = {
    "CUCM": " CUCM refuses it for a SIP profile without BFCP, for an MTP or transcoder, or because the far side did.",
    "Expressway": " Expressway passes on what the far side, or the filter of a zone, decided.",
}
"""What a refusal means, by the product that sent it."""


@rule(Severity.MAJOR)
def bfcp_rejected(call: Call) -> Iterator[Verdict]:
    """Judge the answers of all legs; one refusal is told, that of the leg that began last."""
    if not call.has_floor_control:
        return
    relayed = {(relay.before.call_id, False) for relay in call.relays}
    relayed |= {(relay.behind.call_id, True) for relay in call.relays}
    refusals, agreed = [], None
    for leg in sorted(call.legs, key=lambda leg: leg.record.started, reverse=True):
        answers = [each for each in leg.descriptions if each.is_answer and _asked(each) and not each.is_held]
        accepted = next((each for each in answers if each.wants_floor_control), None)
        agreed = agreed or accepted
        if accepted is None:
            refusals += [each for each in answers if (leg.call_id, each.by_caller) not in relayed and each.has_picture]
    if refusals:
        yield _judge(refusals[0])
    elif agreed is not None:
        yield clear(
            f"{agreed.message.source} accepts floor control (frame {agreed.message.frame} of {agreed.message.file})"
        )


def _asked(answer: Description) -> bool:
    return answer.other is not None and answer.other.wants_floor_control


def _judge(answer: Description) -> Verdict:
    leg, offer = answer.leg.record, answer.other or answer
    agent = leg.caller_agent if answer.by_caller else leg.callee_agent
    kind = product(agent) if agent else None
    if not answer.is_whole:
        return unknown(f"the answer in frame {answer.message.frame} is not whole: its end may hold floor control")
    if kind in PHONES:
        return clear(f"{answer.message.source} is a {kind}, which has no presentation sharing to refuse")
    line = next(each for each in offer.lines if each.is_bfcp)
    how = "has port 0" if answer.floor_control else "is missing"
    slides = " So are the slides." if offer.slides and not answer.slides else ""
    who = f"{answer.message.source} ({kind})" if kind else answer.message.source
    return fault(
        f"{offer.message.source} offers {line.record.protocol} at port {offer.port(line)}. In the answer of {who} that "
        f"m-line {how}, though pictures are accepted: floor control is refused.{slides}{ADVICE.get(kind or '', '')}",
        proof(answer.message, f"accepts pictures, and floor control {how}"),
        proof(offer.message, f"offers {line.record.protocol} at port {offer.port(line)}"),
        confidence=_confidence(kind),
    )


def _confidence(kind: str | None) -> Confidence:
    """How sure it is that the machine that answered is the one that refuses."""
    if kind is None:
        return Confidence.LIKELY
    return Confidence.POSSIBLE if kind in SERVERS else Confidence.PROVED
