"""The legs of one call share no way to send keys.

## What it finds
A call over a B2BUA such as CUCM whose two ends know no common way to tell keys: one names telephone-events (RFC 4733)
alone, the other can do it only out of band (KPML, unsolicited NOTIFY, INFO); or both name telephone-events, and the
B2BUA leaves them out between the legs. Sound goes from end to end, so that no MTP can turn the one into the other.

## Why it matters
The B2BUA is not told of the keys in RTP, and the far end does not know them: menus, PINs and conference codes do
nothing.

## How it decides
What an end can do is what it says itself: telephone-event in its own SDP, `kpml` in its Allow-Events, NOTIFY with
telephone-event in its Call-Info; or it was seen to send keys so. KPML counts as well where a subscription to its keys
was accepted, and no more where one was refused. What the B2BUA announces says nothing: CUCM writes `Allow-Events:
kpml` on every trunk. Telephone-events work where both sides of both legs name them in any round, after delayed offers
as after others; out of band works where both ends can do any of it, as the B2BUA translates that. Sound goes from end
to end where both legs name the same two addresses and ports. The finding is `likely`.

## When it is wrong
A B2BUA may know of keys by something that a capture does not show. Where sound passes through a machine in the middle
(MTP, SBC, CUBE) it can translate, and the rule says so and is content. Where an end shows no method at all, tones
within the sound remain possible, and the rule is silent.

## What to do next
1. CUCM › Device › Trunk (or the SIP profile of the phone) › DTMF Signaling Method: let both sides do RFC 2833.
2. Where one side cannot: give CUCM an MTP for the call (Media Resource Group List of the trunk or the device; Device
   › Trunk › Media Termination Point Required), which turns telephone-events into KPML and back.
3. Check that no SIP normalization script removes `telephone-event` from the SDP or `kpml` from Allow-Events.

## References
- RFC 4733 §2.4.1 (negotiation of telephone-events)
- RFC 4730 §4.7 (KPML), RFC 6665 §8.2.2 (Allow-Events)
- Cisco Unified Communications Manager, System Configuration Guide: DTMF Signaling Method of SIP trunks
"""

from collections.abc import Iterator

from collabtrace.schema import Evidence
from collabtrace.subjects import Call, Leg, Side
from collabtrace.subjects.joint import Joint
from collabtrace.verdicts import Confidence, Severity, Verdict, clear, fault, proof, rule, unknown

NAMES = {"rtp-event": "telephone-events", "kpml": "KPML", "notify": "unsolicited NOTIFY", "info": "INFO"}
"""What people call the methods of the table ``digits``."""
EVENTS = "rtp-event"


@rule(Severity.MAJOR)
def dtmf_no_common_method(call: Call) -> Iterator[Verdict]:
    """Judge the joints of one call."""
    for joint in call.joints:
        verdict = _judged(call, joint)
        if verdict is not None:
            yield verdict
            if verdict.verdict == "fault":
                return


def _judged(call: Call, joint: Joint) -> Verdict | None:
    """What holds of two legs; None where they are no answered call, or where tones in the sound may do."""
    agreed = [leg.telephone_events for leg in joint.legs]
    if all(agreed):
        return clear(f"telephone-events were agreed on both legs at {joint.machine}")
    if any(leg.record.answered is None for leg in joint.legs):
        return None
    if None in agreed:
        leg = joint.legs[agreed.index(None)]
        return unknown(f"no answered SDP for sound is captured between {leg.record.caller} and {leg.record.callee}")
    if all(_agreed_once(leg) for leg in joint.legs):
        return clear(f"telephone-events were agreed on both legs at {joint.machine}, though not in the last round")
    can = [_methods(call, joint, leg) for leg in joint.legs]
    if not all(can):
        return None
    if all(methods - {EVENTS} for methods in can):
        return clear(f"both ends of the legs at {joint.machine} can do out of band: {' and '.join(map(_listed, can))}")
    if not joint.passes_media_by:
        return clear(f"sound does not go from end to end past {joint.machine}: a machine in its way can translate keys")
    ends = [joint.far_end(leg) for leg in joint.legs]
    told = " and ".join(f"{end} knows {_listed(methods)}" for end, methods in zip(ends, can, strict=True))
    without = next(leg for leg, has in zip(joint.legs, agreed, strict=True) if not has)
    said = (
        f"{told}, with no telephone-event agreed between {without.record.caller} and {without.record.callee}; sound "
        f"goes from end to end past {joint.machine}, so that nothing can translate keys"
    )
    return fault(said, *_evidence(joint, without), confidence=Confidence.LIKELY)


def _methods(call: Call, joint: Joint, leg: Leg) -> frozenset[str]:
    """By which methods the far end of a leg can tell and be told keys."""
    can = set(leg.announced_key_methods(by_caller=joint.far_end_called(leg)))
    can |= {press.record.method for press in call.presses if press.leg is leg and press.record.message_row is not None}
    asked = [each for each in call.key_subscriptions if each.notifier == joint.far_end(leg) and not each.gives_back]
    if any(each.is_accepted for each in asked):
        can.add("kpml")
    elif any(each.answer is not None for each in asked):
        can.discard("kpml")
    return frozenset(can | {EVENTS} if any(_names_events(leg, joint)) else can)


def _agreed_once(leg: Leg) -> bool:
    """Whether both sides named telephone-event in any round."""
    rounds = (line.record for line in leg.sounds if line.is_agreed)
    return any(_has_events(each.offer_payload_types) and _has_events(each.answer_payload_types) for each in rounds)


def _has_events(types: tuple[str, ...] | None) -> bool:
    return any("telephone-event" in named.lower() for named in types or ())


def _names_events(leg: Leg, joint: Joint) -> Iterator[bool]:
    """Whether the far end of a leg names telephone-event, in each of its descriptions of sound."""
    for line in leg.sounds:
        if line.offered_by_caller is not None:
            offers = line.offered_by_caller == joint.far_end_called(leg)
            yield _has_events(line.record.offer_payload_types if offers else line.record.answer_payload_types)


def _listed(methods: frozenset[str]) -> str:
    return " and ".join(NAMES[method] for method in sorted(methods))


def _evidence(joint: Joint, without: Leg) -> Iterator[Evidence]:
    """The SDPs that settled sound on both legs, those of the leg without telephone-events first."""
    for leg in (without, joint.other(without)):
        for line in (line for line in leg.settled if line.record.kind == "audio"):
            for side in (line.answer, line.offer):
                if side is not None:
                    yield proof(side.message, _shown(side))


def _shown(side: Side) -> str:
    names = side.media.codecs if side.media else ()
    has = any((codec.name or "").lower() == "telephone-event" for codec in names)
    return f"{side.machine} names {'telephone-event' if has else 'no telephone-event'} for sound"
