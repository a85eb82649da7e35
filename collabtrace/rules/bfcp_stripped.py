"""Floor control was offered on one leg, and a machine in the middle did not pass it on.

## What it finds
A call of two legs, or one that passes several machines, in which one side names a port for floor control (an m-line
`UDP/BFCP` or a variant), and the machine in the middle leaves that m-line out of what it tells the other side, or
gives it port 0, although the other side did not refuse it.

## Why it matters
Floor control works from end to end or not at all. Each endpoint on its own looks as if it could share; the one that
gets the poorer description has no reason to offer it, and the share button stays grey on both.

## How it decides
The legs of a call are joined by Session-ID, Cisco-Guid and the like; the legs that arrive at a machine and leave it
are held against each other. What counts:

- the machine's offer to the other side names a port for a picture and none for floor control, though the first side
  named one; or
- the machine's answer refuses floor control to a side that offered it, though the other side offered or accepted it.

An answer that is zero on one leg because the other side refused floor control is no stripping: `bfcp-rejected` tells
that. If any later round passes floor control on, nothing is reported. Within one leg, the same message on two hops or
in two captures is compared: what has the m-line on one and lacks it on the other was stripped on the way.

The descriptions prove it; where only users and times join the legs, the finding is `likely`.

## When it is wrong
A leg without any picture is an audio call, and silent here. So are calls on hold, and legs to phones that have no
presentation sharing, of which a call manager knows: it leaves the m-line out with good reason. A description whose
end is missing (a cut body, a Content-Length that is too small) is not judged. In a conference or after a transfer,
where three legs meet at one machine, only legs with the same media are compared.

## What to do next
1. CUCM › Device › Device Settings › SIP Profile: tick *Allow Presentation Sharing using BFCP* in the profile of
   **each** device and **each** trunk in the path, both legs of this call included; then reset the devices. One
   profile without it is enough for CUCM to refuse floor control.
2. CUCM › Device › Trunk: clear *Media Termination Point Required*, and see that no MTP or transcoder is allocated
   (codec or DTMF mismatch between the legs): CUCM refuses floor control where one is in the path.
3. Expressway › Configuration › Zones › the zone, profile Custom: *SIP UDP/BFCP filter mode* Off (menu name
   unverified).
4. A session border controller or firewall: let it pass `m=application`, or switch its SIP inspection off.

## References
- RFC 3264 §6 (an answer has every m-line of the offer), RFC 8856 §4 (the m-line)
- RFC 7092 (back-to-back user agents), RFC 7989 (Session-ID)
- Cisco, Feature Configuration Guide for Unified Communications Manager: BFCP limitations
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from collabtrace.sessions.products import PHONES, product
from collabtrace.subjects import Call, Description, Leg, Relay
from collabtrace.subjects.leg import SAME_ON_EVERY_HOP
from collabtrace.verdicts import Confidence, Severity, Verdict, clear, fault, proof, rule, unknown

GUESSED = "users and times"
"""What joins the legs of a call where no header does: not proof enough."""


@rule(Severity.MAJOR)
def bfcp_stripped(call: Call) -> Iterator[Verdict]:
    """Judge what every machine between two legs, or between two hops, passes on."""
    if not call.has_floor_control:
        return
    verdicts = [*_between_hops(call.legs)]
    for relay in call.relays:
        verdicts += [each for each in (_forth(relay, call), _back(relay, call)) if each is not None]
    for kind in ("fault", "unknown", "clear"):
        told = next((each for each in verdicts if each.verdict == kind), None)
        if told is not None:
            yield told
            return


def _forth(relay: Relay, call: Call) -> Verdict | None:
    """What the caller's side wants, and the other side is told."""
    return _passed(_said(relay.before, by_caller=True), _said(relay.behind, by_caller=True), relay, call)


def _back(relay: Relay, call: Call) -> Verdict | None:
    """What the called side wants, and the caller's side is told."""
    return _passed(_said(relay.behind, by_caller=False), _said(relay.before, by_caller=False), relay, call)


def _said(leg: Leg, *, by_caller: bool) -> list[Description]:
    """What one side of a leg described in rounds that were answered, holds left out."""
    return [
        each for each in leg.descriptions if each.by_caller == by_caller and each.other is not None and not each.is_held
    ]


def _passed(wanted: list[Description], told: list[Description], relay: Relay, call: Call) -> Verdict | None:
    """Whether what one side wants is in what the machine tells the other; None where there is nothing to pass on."""
    asked = next((each for each in wanted if each.wants_floor_control), None)
    pictures = [each for each in told if each.has_picture]
    if asked is None or not pictures:
        return None
    kept = next((each for each in told if each.wants_floor_control), None)
    if kept is not None:
        return clear(f"{relay.machine} passes floor control on (frame {kept.message.frame} of {kept.message.file})")
    dropped = next((each for each in pictures if _is_own_doing(each) and _follows(asked, each)), None)
    if dropped is None:
        return None
    if not (dropped.is_whole and asked.is_whole):
        frame = asked.message.frame if dropped.is_whole else dropped.message.frame
        return unknown(
            f"the description in frame {frame} is not whole, so that floor control may be in its missing end"
        )
    phone = _phone(dropped)
    if phone is not None:
        return unknown(f"the other side is a {phone}, to which floor control may have been left out for good reason")
    return _fault(asked, dropped, relay, call)


def _is_own_doing(told: Description) -> bool:
    """Whether the machine decided so itself: in an offer, or in an answer to an offer that has floor control."""
    return not told.is_answer or (told.other is not None and told.other.wants_floor_control)


def _follows(asked: Description, told: Description) -> bool:
    """Whether the machine knew what was asked; the clocks of two captures do not tell."""
    return asked.message.file != told.message.file or asked.message.time_epoch <= told.message.time_epoch


def _phone(told: Description) -> str | None:
    """The product of the other side, where it is a desk phone."""
    leg = told.leg.record
    agent = leg.callee_agent if told.by_caller else leg.caller_agent
    kind = product(agent) if agent else None
    return kind if kind in PHONES else None


def _fault(asked: Description, dropped: Description, relay: Relay, call: Call) -> Verdict:
    line = next(each for each in asked.lines if each.is_bfcp)
    verb = "answers" if dropped.is_answer else "offers"
    how = "has port 0" if dropped.floor_control else "is missing"
    behind = dropped.leg.record.callee if dropped.by_caller else dropped.leg.record.caller
    return fault(
        f"{asked.message.source} names port {asked.port(line)} for {line.record.protocol} to {relay.machine}, and in "
        f"what {relay.machine} {verb} to {behind} that m-line {how}, though pictures are passed on.{_relayed(relay)}",
        proof(dropped.message, f"{verb} pictures, and floor control {how}"),
        proof(asked.message, f"names port {asked.port(line)} for {line.record.protocol}"),
        confidence=Confidence.LIKELY if call.record.joined_by == GUESSED else Confidence.PROVED,
    )


def _relayed(relay: Relay) -> str:
    """What stands in the media path, where the caller is told another address than the called side wants sound at."""
    told, own = (_sound(_said(leg, by_caller=False)) for leg in (relay.before, relay.behind))
    if told is None or own is None or told == own:
        return ""
    return (
        f" Sound goes by way of {told}, as where an MTP, a transcoder or a border controller stands in its path; "
        "beside an MTP or a transcoder CUCM refuses floor control."
    )


def _sound(said: list[Description]) -> str | None:
    """Where the last of some descriptions wants sound."""
    lines = [line for each in said[-1:] for line in each.lines if line.record.kind == "audio" and each.port(line)]
    return next((each.address(line) for each in said[-1:] for line in lines), None)


def _between_hops(legs: Iterable[Leg]) -> Iterator[Verdict]:
    """The same message on several hops or in several captures, with floor control and without."""
    views: defaultdict[tuple[object, ...], list[Description]] = defaultdict(list)
    for leg in legs:
        for each in leg.descriptions:
            views[
                (each.is_answer, each.message.call_id, *(getattr(each.message, name) for name in SAME_ON_EVERY_HOP))
            ].append(each)
    for same in views.values():
        kept = next((each for each in same if each.wants_floor_control), None)
        dropped = next((each for each in same if each.has_picture and not each.wants_floor_control), None)
        if kept is None or dropped is None:
            continue
        if not dropped.is_whole:
            yield unknown(f"the description in frame {dropped.message.frame} of {dropped.message.file} is not whole")
            continue
        yield fault(
            f"The same message names a port for floor control in frame {kept.message.frame} of {kept.message.file}, "
            f"and none in frame {dropped.message.frame} of {dropped.message.file}: a proxy, a border controller or a "
            "firewall that inspects SIP took it out on the way.",
            proof(dropped.message, "pictures, and no port for floor control"),
            proof(kept.message, "the same message, with floor control"),
        )
