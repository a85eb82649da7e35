"""Keys are sent with a payload type that the receiver did not name.

## What it finds
Telephone-events (RFC 4733) in RTP whose payload type is not among those that the SDP of the receiver calls
telephone-event. Mostly the sender uses the number that it named itself, where the other side had named another (101
and 96); or the answer names no telephone-event at all.

## Why it matters
Every side says by which numbers it wants to receive, and the other side has to use these (RFC 3264 §5.1, §6.1). A
receiver that gets an unknown payload type drops the packets: keys that were pressed are not heard, while the sound is
fine.

## How it decides
A key is known by the SDP of either side, or where nobody named the number by its packets: at least three with one
timestamp, with a duration that grows and an end. Its payload type is held against the SDP of the machine that gets
the packets. Where a B2BUA passes the sound by, that is the SDP which this machine itself wrote on its own leg,
whatever the B2BUA made of it on the other one. While a new offer is answered, and for 2 s after, the numbers of the
round before are good too (RFC 3264 §8.3); 2 s is more than an answer needs from one end to the other. One key is
enough: it is the packet that proves it. If the packets go to another address than the SDP says, as with ICE or behind
a NAT, the finding is `likely`, not `proved`.

## When it is wrong
Some receivers take their own number and the sender's alike, and hear the keys all the same. Where the capture does
not show the receiver's SDP the rule says `unknown`. Different numbers in the two directions are no fault as long as
each side uses that of the other; several telephone-events with different clock rates (8000 and 48000 Hz) are each
good.

## What to do next
1. Open the two SDPs named in the finding, and compare the `a=rtpmap:… telephone-event` lines.
2. Of a device that uses its own number: give both sides the same one. CUCM › Device › Device Settings › SIP Profile ›
   Default MTP Telephony Event Payload Type; Cisco gateways and CUBE: `rtp payload-type nte 101` in the dial-peer;
   third-party endpoints: DTMF payload type.
3. On CUBE between two sides with different numbers: `asymmetric payload dtmf` in the dial-peer, so that it
   translates.
4. If the answer names no telephone-event: see why the device or a script on the way removed it (CUCM › Device › Trunk
   › DTMF Signaling Method; SIP normalization script), or let keys go another way (KPML).

## References
- RFC 3264 §5.1, §6.1, §8.3 (whose payload type numbers count)
- RFC 4733 §2.4.1, §2.5 (negotiation and packets of telephone-events)
- Cisco Unified Border Element, Dynamic Payload Type Interworking for DTMF
"""

from collections.abc import Iterator, Sequence

from collabtrace.sessions.event_types import SETTLING
from collabtrace.sessions.formats import EVENT
from collabtrace.subjects import Call, Press, Side
from collabtrace.verdicts import Confidence, Severity, Verdict, clear, fault, proof, rule, unknown


@rule(Severity.MAJOR)
def dtmf_payload_mismatch(call: Call) -> Iterator[Verdict]:
    """Judge the keys in the RTP of one call."""
    presses = [press for press in call.presses if press.line is not None]
    known = [(press, wanted) for press in presses if (wanted := _wanted(press)) is not None]
    wrong = [(press, wanted) for press, wanted in known if press.record.payload_type not in wanted]
    if wrong:
        first, wanted = wrong[0]
        alike = [press for press, _ in wrong if _way(press) == _way(first)]
        yield _fault(first, wanted, alike, len(wrong) - len(alike))
    elif known:
        yield clear(f"{len(known)} keys were sent, each with a payload type that its receiver named telephone-event")
    elif presses:
        receivers = ", ".join(dict.fromkeys(press.record.target for press in presses))
        yield unknown(f"the capture does not show the SDP of {receivers}, which names the payload types that it hears")


def _wanted(press: Press) -> frozenset[int] | None:
    """The numbers that the receiver named telephone-event; None where the capture does not show it."""
    own = _own_sides(press)
    if own:
        counting = [side for side in own[:-1] if own[-1].time > press.time - SETTLING] + own[-1:]
        return frozenset(number for side in counting for number in _events(side))
    told = press.record.receiver_types
    return None if told is None else frozenset(told)


def _own_sides(press: Press) -> list[Side]:
    """What the machine that gets the packets itself wrote of their port, by the time of the key and in its order."""
    target = (press.record.target, press.record.target_port)
    lines = () if press.line is None else press.line.twins
    sides = [side for line in lines for side in (line.offer, line.answer) if side is not None]
    own = [side for side in sides if side.endpoint == target and side.machine == target[0] and side.time <= press.time]
    return sorted(own, key=lambda side: side.time)


def _events(side: Side) -> Iterator[int]:
    for codec in side.media.codecs if side.media else ():
        if (codec.name or "").lower() == EVENT and codec.payload_type.isdecimal():
            yield int(codec.payload_type)


def _way(press: Press) -> tuple[str, str, int | None]:
    return press.record.source, press.record.target, press.record.payload_type


def _fault(press: Press, wanted: frozenset[int], alike: Sequence[Press], others: int) -> Verdict:
    key, own = press.record, _own_sides(press)
    receiver = own[-1] if own else press.receiver
    used = f"payload type {key.payload_type}"
    count = f"{len(alike)} key{'s' * (len(alike) != 1)}"
    named = " and ".join(map(str, sorted(wanted))) if wanted else "no number at all"
    said = f"{count} went from {key.source} to {key.target} as telephone-events with {used}, but the SDP for "
    said += f"{key.target} names {named}"
    if key.payload_type in (key.sender_types or ()):
        said += f"; {key.payload_type} is the number that the sender named for what it gets itself"
    more = f". {others} more keys of the call have the wrong number too" if others else ""
    evidence = [proof(press, f"the first of {count} with {used}")]
    if receiver is not None:
        evidence.append(proof(receiver.message, f"{key.target} names {named} telephone-event"))
    if press.sender is not None:
        evidence.append(proof(press.sender.message, f"what {key.source} names"))
    at_port = receiver is not None and receiver.endpoint == (key.target, key.target_port)
    confidence = Confidence.PROVED if at_port else Confidence.LIKELY
    return fault(said + more, *evidence, confidence=confidence)
