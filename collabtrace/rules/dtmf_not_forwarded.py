"""Keys reach a machine in the middle of the call and go no further.

## What it finds
Keys that arrive at a B2BUA (CUCM, CUBE, an SBC, a PBX) on one leg of a call, by whatever method, and do not leave it
on the other leg by any.

## Why it matters
Whoever is at the other end hears no key: menus, PINs and conference codes do nothing, though the phone sends them.

## How it decides
Only keys count that were pressed while both legs were answered. A key is passed on if one leaves the B2BUA on the
other leg before 1 s after its release; which method carries it there does not matter. Where sound goes from end to
end past the B2BUA, events in RTP are not sent to it, and are not looked for. The finding is `likely` for three keys
or more of which not one went on, and `possible` for fewer or where some did: a PBX takes some keys for itself (`*1`,
`##`).

That nothing left is said only if the capture could have shown it: RTP from the B2BUA to the other end was seen at the
time of the keys, where telephone-events were agreed on that leg; signalling of that leg was seen, where keys would go
in messages.

## When it is wrong
If the other leg agreed on no method and its sound is G.711, keys may go on as tones, which a capture does not show:
`unknown`. Machines that are meant to take keys (a voice menu, a conference bridge, a PBX with feature codes) do not
pass them on either; they end calls on themselves more often than they begin a second leg.

## What to do next
1. Compare what the two legs agreed on: telephone-event in the SDP, `kpml` in Allow-Events, SUBSCRIBE with `Event:
   kpml`.
2. CUBE: `dtmf-relay` of both dial-peers; between two methods it needs `rtp-nte digit-drop`, or a transcoder or MTP
   for in-band tones.
3. CUCM: DTMF Signaling Method of both trunks; Media Resource Group List with an MTP where one side does RFC 2833 and
   the other only KPML.
4. Asterisk and other PBXs: DTMF mode of both ends, and feature codes that take the keys.

## References
- RFC 4733 §1.1 (events from end to end and over gateways)
- RFC 4730 §3 (KPML)
- Cisco Unified Border Element, DTMF relay: interoperability of methods
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from collabtrace.schema import Stream
from collabtrace.subjects import Call, Leg, Press, Sight
from collabtrace.subjects.joint import Joint
from collabtrace.verdicts import Confidence, Severity, Verdict, clear, fault, proof, rule, unknown

FORWARDED_SECONDS = 1.0
"""Seconds after the release of a key in which a B2BUA has passed it on."""
EARLY_SECONDS = 0.1
"""Seconds by which two packets of one machine may be captured the wrong way round."""
SEVERAL = 3
"""Keys of which none goes on that are no feature code of a PBX."""
TONES = frozenset({"PCMU/8000", "PCMA/8000"})
"""Codecs that carry tones well enough to be keys (RFC 4733 §1)."""
BEST = ("clear", "unknown", "fault")
"""Verdicts, the best first."""
MOST_FRAMES = 5
"""Keys whose frames a finding lists."""


@rule(Severity.MAJOR)
def dtmf_not_forwarded(call: Call, sight: Sight) -> Iterator[Verdict]:
    """Judge the keys at the joints of one call."""
    if not call.presses:
        return
    by_leg: defaultdict[tuple[str, int], list[Verdict]] = defaultdict(list)
    for joint in call.joints:
        for leg in joint.legs:
            verdict = _judged(call, joint, leg, sight)
            if verdict is not None:
                by_leg[joint.machine, leg.row].append(verdict)
    # A machine may have more than two legs, one of them to a recorder: keys that went on to any were passed on.
    verdicts = [min(told, key=lambda verdict: BEST.index(verdict.verdict)) for told in by_leg.values()]
    yield from sorted(verdicts, key=lambda verdict: -BEST.index(verdict.verdict))[:1]


def _judged(call: Call, joint: Joint, leg: Leg, sight: Sight) -> Verdict | None:
    """What became of the keys that came to the machine on one leg; None where there were none."""
    further = joint.other(leg)
    entered = [press for press in call.presses if _is_to_go_on(press, joint, leg, further)]
    if not entered:
        return None
    left = [press for press in call.presses if _goes_on(press, joint, leg, further)]
    # The clocks of two captures may differ by more than the machine needs: then any key that left will do.
    stuck = _not_passed_on(entered, left) if leg.file == further.file else entered * (not left)
    to = joint.far_end(further)
    if not stuck:
        return clear(f"{joint.machine} passed on to {to} all {len(entered)} keys that it got")
    reason = _hidden(call, joint, further, stuck, sight)
    if reason is not None:
        return unknown(reason)
    return _fault(joint, leg, further, stuck, len(entered))


def _is_to_go_on(press: Press, joint: Joint, leg: Leg, further: Leg) -> bool:
    """Whether a key came to the machine on *leg*, while the other leg was answered, and not past the machine."""
    if press.leg is not leg or not joint.enters(press):
        return False
    answered, until = further.record.answered, further.until
    if answered is None or not answered <= press.time <= until - FORWARDED_SECONDS:
        return False
    return press.record.message_row is not None or not joint.passes_media_by


def _goes_on(press: Press, joint: Joint, leg: Leg, further: Leg) -> bool:
    """Whether a key leaves the machine on the *further* leg, or goes past it from end to end."""
    if press.leg.call_id == further.call_id:
        return joint.leaves(press)
    by_media = press.record.message_row is None and joint.passes_media_by
    return by_media and press.leg.call_id == leg.call_id and joint.enters(press)


def _not_passed_on(entered: Sequence[Press], left: Sequence[Press]) -> list[Press]:
    """The keys that came and of which none left in time; a key that left is that of one press."""
    free, stuck = list(left), []
    for press in entered:
        latest = press.until + FORWARDED_SECONDS
        out = next((each for each in free if press.time - EARLY_SECONDS <= each.time <= latest), None)
        if out is None:
            stuck.append(press)
        else:
            free.remove(out)
    return stuck


def _hidden(call: Call, joint: Joint, further: Leg, stuck: Sequence[Press], sight: Sight) -> str | None:
    """Why keys that left the machine may not be in the capture."""
    file, begin, end = further.file, stuck[0].time, stuck[-1].until + FORWARDED_SECONDS
    reason = sight.time(file, begin, end)
    if reason is not None:
        return reason
    out_of_band = further.announced_key_methods(by_caller=joint.far_end_called(further))
    if further.telephone_events:
        streams = [stream for stream in call.streams if _carries(stream, joint, further)]
        if not any(stream.first <= begin and stream.last >= end - FORWARDED_SECONDS for stream in streams):
            return f"no RTP from {joint.machine} to {joint.far_end(further)} was captured while the keys were pressed"
    elif not out_of_band and _may_carry_tones(further):
        return (
            f"no method for keys was agreed between {joint.machine} and {joint.far_end(further)}: "
            "they may have gone on as tones in the sound, which a capture does not show"
        )
    return None


def _carries(stream: Stream, joint: Joint, leg: Leg) -> bool:
    """Whether a stream goes from the machine on the leg: to the port that the far end named."""
    for line in leg.sounds:
        if line.offered_by_caller is None:
            continue
        side = line.offer if line.offered_by_caller == joint.far_end_called(leg) else line.answer
        if side is not None and side.endpoint == (stream.target, stream.target_port):
            return True
    return False


def _may_carry_tones(leg: Leg) -> bool:
    codecs = [line.record.codecs for line in leg.settled if line.record.kind == "audio"]
    return not codecs or any(not said or TONES & set(said.split(", ")) for said in codecs)


def _fault(joint: Joint, leg: Leg, further: Leg, stuck: Sequence[Press], entered: int) -> Verdict:
    machine, origin, end = joint.machine, joint.far_end(leg), joint.far_end(further)
    number = "1 key" if entered == 1 else f"{entered} keys"
    gone = "none" if len(stuck) == entered else f"only {entered - len(stuck)}"
    agreed = "telephone-events were agreed there" if further.telephone_events else "no telephone-event was agreed there"
    said = (
        f"{machine} got {number} from {origin} and passed {gone} on to {end} within {FORWARDED_SECONDS:.0f} s of their "
        f"release, though the call went on there ({agreed})"
    )
    sure = len(stuck) == entered and entered >= SEVERAL
    evidence = [proof(press, f"a key reaches {machine}, and none leaves it for {end}") for press in stuck[:MOST_FRAMES]]
    return fault(said, *evidence, confidence=Confidence.LIKELY if sure else Confidence.POSSIBLE)
