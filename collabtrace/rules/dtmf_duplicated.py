"""The same key is told by two methods.

## What it finds
One key press that is sent twice: as a telephone-event in RTP and by KPML, or as a telephone-event and in a SIP INFO,
or by any other two of the methods.

## Why it matters
A receiver that listens to both methods hears the key twice. Menus jump, PINs and numbers have double digits and are
refused. It comes and goes with the device at the other end, and is told as "the system mistypes".

## How it decides
Two presses of the same key by different methods, of which the second begins no later than 0.5 s after the first was
released, and which one machine sent or one machine got. Half a second is more than messages and RTP of one press are
apart, and less than anybody takes to press a key twice by other means. The finding is `likely` where both reach the
same machine, and `possible` where one machine sends both to different ones. CUCM, which subscribes to keys by KPML
itself, knows of such double reports and drops one: what it gets by KPML and somebody gets in RTP from the same machine
leaves it open (`unknown`), unless CUCM passes the key on to who gets the RTP. Encrypted telephone-events show no key;
they are paired by time alone, and the finding is `possible`.

## When it is wrong
A receiver that ignores one of the two methods hears the key once. A B2BUA that takes a key by one method and passes
it on by another is no fault: its two presses have neither the sender nor the receiver in common. If telephone-events
were agreed and the capture holds no RTP, a key in a message may have come twice all the same: `unknown`.

## What to do next
1. Choose one method for each device: CUCM › Device › Trunk › DTMF Signaling Method (RFC 2833, or OOB and RFC 2833
   only where the far end takes just one of them); phones and room endpoints: SIP profile, DTMF.
2. CUBE: list one method in `dtmf-relay` of the dial-peer; with `rtp-nte` and another one add `digit-drop`, so that
   the events are taken out of RTP.
3. Asterisk, FreeSWITCH and SBCs: set the DTMF mode of the trunk to one method, not to `auto` or both.

## References
- RFC 4733 §1.1 (tones, events, and events beside signalling)
- RFC 4730 §1 (KPML)
- Cisco Unified Border Element, DTMF relay: `dtmf-relay rtp-nte digit-drop`
"""

from collections.abc import Callable, Iterator, Sequence

from collabtrace.sessions.products import product
from collabtrace.subjects import Call, Press
from collabtrace.verdicts import Confidence, Severity, Verdict, clear, fault, proof, rule, unknown

APART_SECONDS = 0.5
"""Seconds between the two tellings of one press, at most."""

METHODS = {
    "rtp-event": "as a telephone-event in RTP",
    "kpml": "by KPML",
    "info": "in an INFO",
    "notify": "by an unsolicited NOTIFY",
}
"""What people call the methods of the table ``digits``."""

Pair = tuple[Press, Press]


@rule(Severity.MINOR)
def dtmf_duplicated(call: Call) -> Iterator[Verdict]:
    """Judge the keys of one call."""
    if not call.presses:
        return
    arriving = _pairs(call.presses, _reach_one_machine)
    pairs = arriving or _pairs(call.presses, _leave_one_machine)
    if not pairs and _pairs(call.presses, _are_known):
        yield unknown("keys come in RTP and by KPML to CUCM, which knows of such doubles and drops one")
        return
    if not pairs and _may_be_in_rtp(call):
        yield unknown("keys came in messages, and no RTP is captured, in which they may have come too")
        return
    if not pairs:
        yield clear("no key of the call was told by two methods at the same time")
        return
    yield _fault(pairs, Confidence.LIKELY if any(map(_is_same_key, arriving)) else Confidence.POSSIBLE)


def _may_be_in_rtp(call: Call) -> bool:
    """Whether telephone-events were agreed beside the messages that told keys, and the capture holds no RTP."""
    in_messages = all(press.record.message_row is not None for press in call.presses)
    return in_messages and not call.streams and any(press.leg.telephone_events for press in call.presses)


def _reach_one_machine(press: Press, other: Press) -> bool:
    return press.to_machine == other.to_machine and not _are_known(press, other)


def _leave_one_machine(press: Press, other: Press) -> bool:
    return press.from_machine == other.from_machine and not _are_known(press, other)


def _are_known(press: Press, other: Press) -> bool:
    """Whether one machine sends both, in RTP and to CUCM by KPML, for which CUCM asks where it wants to hear them."""
    by_kpml = next((each for each in (press, other) if each.record.method == "kpml"), None)
    methods = {press.record.method, other.record.method}
    if by_kpml is None or methods != {"kpml", "rtp-event"} or press.from_machine != other.from_machine:
        return False
    leg = by_kpml.leg.record
    agent = leg.callee_agent if by_kpml.by_caller else leg.caller_agent
    return agent is not None and product(agent) == "CUCM"


def _pairs(presses: Sequence[Press], are_related: Callable[[Press, Press], bool]) -> list[Pair]:
    """The presses that tell the same key, each in one pair at most."""
    pairs: list[Pair] = []
    paired: set[int] = set()
    for place, press in enumerate(presses):
        for other_place in range(place + 1, len(presses)):
            other = presses[other_place]
            if other.time - press.until > APART_SECONDS:
                break
            if not {place, other_place} & paired and _tell_the_same(press, other) and are_related(press, other):
                paired |= {place, other_place}
                pairs.append((press, other))
    return pairs


def _tell_the_same(press: Press, other: Press) -> bool:
    one, two = press.record, other.record
    if one.method == two.method or press.file != other.file:
        return False
    return one.digit is None or two.digit is None or one.digit == two.digit


def _is_same_key(pair: Pair) -> bool:
    return all(press.record.digit is not None for press in pair)


def _fault(pairs: Sequence[Pair], confidence: Confidence) -> Verdict:
    first, second = pairs[0]
    keys = "1 key was" if len(pairs) == 1 else f"{len(pairs)} keys were"
    how = f"{_told(first)} and {_told(second)}"
    apart = max(abs(other.time - press.time) for press, other in pairs)
    said = f"{keys} sent twice: {how}, at most {apart:.2f} s apart"
    if first.to_machine != second.to_machine:
        said += "; whether both reach one receiver the capture does not show"
    evidence = [proof(press, f"a key {METHODS[press.record.method]}") for pair in pairs[:MOST_PAIRS] for press in pair]
    return fault(said, *evidence, confidence=confidence)


MOST_PAIRS = 5
"""Pairs whose frames a finding lists."""


def _told(press: Press) -> str:
    return f"{METHODS[press.record.method]} from {press.from_machine} to {press.to_machine}"
