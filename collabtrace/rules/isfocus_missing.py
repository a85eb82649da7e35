"""A conference whose focus never says isfocus to a participant.

## What it finds
An ad hoc conference: somebody pressed Conference (or Join), the server moved the media of the calls to a mixer, and to
at least one participant it never said in its Contact that this call is a conference now. Four kinds:

- F1: no message of the server on that leg says `isfocus`.
- F2: the conference bridge says it to the server, and the server does not pass it on; or a second capture shows that
  it is lost between server and phone.
- F3: the request that says it was refused by the participant, so it does not count.
- F4: it was said, and a later re-INVITE or UPDATE without it took it back while the conference went on.

## Why it matters
The phone believes that it is in an ordinary call: no list of participants, no conference keys, no conference name
after a transfer or a return from hold. People hear each other, so nobody sees it in the call log.

## How it decides
1. A REFER with a remotecc body asks for the conference and names the calls; it must not be refused. Within 10 s the
   server moves them to a new media address (`c=`) by re-INVITE, UPDATE or their answers: a server takes one or two
   seconds, a loaded one some more. Without a REFER it is a conference only where the server sends a participant list
   (INFO, `application/conference-info+xml`) on a call that it has moved, or where it moves two calls within 3 s to the
   media address of a bridge that it calls itself; if only media shows it, a finding is no more than `likely`. So it is
   after Meet-Me, where the call goes to the conference from its beginning.
2. For each participant it reads the Contact of every INVITE and UPDATE of the server and of its 2xx answers, in any
   case and in compact form. A request counts when it was answered with 2xx (RFC 3261 §12.2.1.2). Said once, it is
   said, also where only the UPDATE or only the 200 has it, and the INVITE that moves the media does not.
3. F4 needs the media to stay at the mixer, and to have stayed there for 5 s after the message without it: a conference
   that becomes an ordinary call again is moved away within that time.
4. What was not seen is held to be missing only if the capture reaches from the REFER to 2 s after the move, has no
   holes, and has every request of the server (CSeq numbers without a gap).

## When it is wrong
The presence of `isfocus` tells nothing: recording legs (built-in bridge) and some services have it on calls of two.
Its absence counts only with the signs above. So it is silent on calls that dial into a conference by its number, on
transfers, music on hold, media termination points, and on legs to gateways and to other call servers, behind which
no phone reads it. A focus may hide itself on purpose (RFC 4579 §4.2). Where a session border controller anchors all
media, no move can be seen, and the rule says `unknown`; so it does for legs in TLS and for a capture that begins after
the move.

## What to do next
1. Compare the Contact headers in the frames of the finding with those that the bridge sent to the server.
2. F1: CUCM › Media Resources › Conference Bridge: the type must be the one of the bridge (Cisco TelePresence Conductor,
   Cisco Meeting Server …); Media Resource Group List of the device: which bridge was taken.
3. F2, F4: CUCM › Device › Device Settings › SIP Normalization Script, and the script of the trunk: none may rewrite or
   drop the parameters of Contact. Between server and phone: no SIP inspection (ALG), no proxy that rewrites Contact.
4. F3: the phone must take UPDATE (`Allow`); upgrade its firmware. CUCM › Device › Device Settings › SIP Profile ›
   Require SDP Inactive Exchange for Mid-Call Media Change: it changes the order in which CUCM asks.
5. If the settings are right: note the releases of CUCM and of the bridge for the case; upgrade the older one.

## References
- RFC 4579 §4.2 (the focus says isfocus in its Contact), RFC 3840 §9, §10.18 (feature parameters)
- RFC 3261 §12.2.1.2, RFC 3311 §5.1 (only accepted requests replace the remote target)
- RFC 4575 (participant lists), RFC 6086 (INFO packages)
- Cisco Unified Communications Manager, Feature Configuration Guide: Ad Hoc Conferencing
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from collabtrace.schema import Evidence
from collabtrace.sessions.asked_conferences import DIALLING, MOVED_WITHIN
from collabtrace.sessions.products import product
from collabtrace.sessions.seen_conferences import MEDIA
from collabtrace.subjects import Conference, Sight, SipMessage
from collabtrace.subjects.conference import Member, Refresh
from collabtrace.verdicts import Confidence, Severity, Verdict, clear, fault, proof, rule, unknown

AFTER_MOVE_SECONDS = 2.0
"""How long after the move the focus may still say it: it does so before the move, or with it."""
STAYS_SECONDS = 5.0
"""How long the media must stay at the mixer after isfocus was taken back: a conference that ends is moved at once."""
TRIES = 3
"""Retransmissions of a request after which its silence is no accident of the capture (RFC 3261 §17.1.2.1: 3.5 s)."""
MOMENT = 1e-6
"""Seconds: just after."""
BEHIND = frozenset({"CUCM", "Cisco IOS gateway", "AudioCodes", "Oracle SBC"})
"""Products that are no participant themselves: what they do with the Contact is not seen."""
NEVER = ("F1", "F2")
"""Kinds in which the participant gets no isfocus at all."""


class Told(NamedTuple):
    """What one participant was told."""

    member: Member
    kind: str
    """``told``, ``unknown``, or the kind of the fault: ``F1`` …"""
    text: str
    proofs: tuple[Refresh, ...] = ()
    """What proves it, the first one most."""


@rule(Severity.MAJOR)
def isfocus_missing(conference: Conference, sight: Sight) -> Iterator[Verdict]:
    """Judge one ad hoc conference."""
    members = [member for member in conference.members if not _is_behind(member)]
    told = [_told(member, conference, sight) for member in members]
    faults = [each for each in told if each.kind.startswith("F")]
    doubts = [each.text for each in told if each.kind == "unknown"]
    if faults:
        yield _fault(conference, faults, len(members))
    elif doubts:
        yield unknown(doubts[0])
    elif told:
        yield clear("; ".join(each.text for each in told))
    else:
        yield unknown(_nobody(conference, sight))


def _is_behind(member: Member) -> bool:
    return member.agent is not None and product(member.agent) in BEHIND


def _nobody(conference: Conference, sight: Sight) -> str:
    asked = conference.record
    if conference.members:
        return f"only servers and gateways take part in the conference of {asked.focus} as far as the captures show"
    sealed = sight.sealed(asked.file, asked.source) or sight.sealed(asked.file, asked.focus)
    more = f"; {sealed}" if sealed else ""
    return f"{asked.source} asks for a conference in frame {asked.frame}, of calls that are not in the captures{more}"


def _told(member: Member, conference: Conference, sight: Sight) -> Told:
    said = [each for each in member.refreshes if each.says_focus]
    counting = [each for each in said if each.counts]
    if counting:
        return _taken_back(member, counting[0], conference) or _clear(member, counting[0])
    elsewhere = next((each for each in member.elsewhere if each.says_focus and each.counts), None)
    doubt = _doubt(member, conference, sight)
    if doubt:
        return _clear(member, elsewhere) if elsewhere else Told(member, "unknown", doubt)
    if said:
        return _not_accepted(member, said[-1])
    lacking = _lacking(member, conference)
    if elsewhere:
        text = (
            f"{_name(elsewhere)} of {elsewhere.message.file} says isfocus to {member.address}, and loses it on the way"
        )
        return Told(member, "F2", text, (*lacking[:1], elsewhere))
    return Told(member, "F1", "", lacking)


def _clear(member: Member, said: Refresh) -> Told:
    return Told(member, "told", f"{_name(said)} says isfocus to {member.address}")


def _taken_back(member: Member, first: Refresh, conference: Conference) -> Told | None:
    """F4: the last of what counted, after the move, says nothing of it, though the media stays where it is."""
    moved = member.move.begin if member.move is not None else None
    since = max(first.message.time, moved or 0.0) + MOMENT
    later = [each for each in member.refreshes if each.counts and each.message.time >= since]
    if not later or later[-1].says_focus or not _stays(member, later[-1], conference):
        return None
    last_said = max((n for n, each in enumerate(later) if each.says_focus), default=-1)
    lost, mixer = later[last_said + 1], conference.record.mixer
    text = f"{_name(lost)} to {member.address} takes back what frame {first.message.frame} said, though the media stays"
    return Told(member, "F4", f"{text} at {mixer}", (lost, first))


def _stays(member: Member, last: Refresh, conference: Conference) -> bool:
    """Whether the media is at the mixer and not on hold, long after the message *last* and to the end."""
    settled = [line.record for line in member.leg.settled if line.is_rtp]
    addresses = {line.offer_address for line in settled} | {line.answer_address for line in settled}
    flows = any(line.direction == "sendrecv" for line in settled)
    return flows and conference.record.mixer in addresses and member.leg.until - last.message.time >= STAYS_SECONDS


def _doubt(member: Member, conference: Conference, sight: Sight) -> str | None:
    """Why the captures may not show what the participant was told."""
    asked = conference.record
    if member.move is None or member.move.begin is None:
        if asked.softkey is None:
            return f"the capture begins after {asked.focus} moved the media of {member.address}"
        soon = f"was not seen to move the media of {member.address} within {MOVED_WITHIN:.0f} s"
        return f"{asked.source} asks for a conference in frame {asked.frame}, but {asked.focus} {soon}"
    begin, end = asked.time_epoch, member.move.begin + AFTER_MOVE_SECONDS
    if member.leg.record.ended is not None:
        end = min(end, member.leg.record.ended)
    reason = sight.time(member.leg.file, min(begin, member.move.begin), end)
    if reason:
        return reason
    for message in (each.message for each in member.refreshes):
        if message.record.contact is None and message.record.flaws:
            return f"the Contact in frame {message.frame} to {member.address} cannot be read: {message.record.flaws[0]}"
    unseen = member.unseen_request(begin, end)
    return (
        unseen
        and f"a request to {member.address} is missing from the capture, between CSeq {unseen[0]} and {unseen[1]}"
    )


def _not_accepted(member: Member, said: Refresh) -> Told:
    """F3: the request that says it was refused, or never answered."""
    what = f"{_name(said)} that says isfocus to {member.address}"
    if said.status is not None:
        text = f"{what} is refused with {said.status}{_without_update(member)}"
        return Told(member, "F3", text, (said,))
    if said.repeated >= TRIES:
        return Told(member, "F3", f"{what} gets no answer, though it is sent {said.repeated + 1} times", (said,))
    return Told(member, "unknown", f"no answer to {what} was captured")


def _without_update(member: Member) -> str:
    """What the participant says of UPDATE in its Allow headers."""
    for message in member.leg.messages:
        allow = message.header("Allow") if message.record.source == member.address else None
        if allow is not None:
            return "" if "UPDATE" in allow.upper() else f"; its Allow header in frame {message.frame} has no UPDATE"
    return ""


def _lacking(member: Member, conference: Conference) -> tuple[Refresh, ...]:
    """Where it should have been said since the conference was asked for: in the UPDATE, in what moved the media."""
    since = [each for each in member.refreshes if each.message.time >= conference.record.time_epoch]
    since = since or list(member.refreshes)
    moved = None if member.moved_by is None else member.moved_by.message
    updates = [each for each in since if each.message.method == "UPDATE"]
    moving = [each for each in since if moved is not None and each.message.record.cseq == moved.cseq]
    return tuple(dict.fromkeys((*updates[:1], *moving, *since[-1:])))[:2]


def _name(refresh: Refresh) -> str:
    message = refresh.message
    return f"the {message.method or f'{message.status} to {message.answers}'} in frame {message.frame}"


def _fault(conference: Conference, faults: Sequence[Told], members: int) -> Verdict:
    asked = conference.record
    never = [each for each in faults if each.kind == "F1"]
    bridge = _bridge_says(conference) if never else None
    if asked.softkey:
        how = f"{asked.source} asks for a conference ({asked.softkey}), "
        how += f"and {asked.focus} moves the media to {asked.mixer}"
    else:
        how = f"{asked.focus} moves the media of {len(conference.members)} calls to {asked.mixer} ({asked.shown_by})"
    said = [f"{each.text} ({each.kind})" for each in faults if each.kind != "F1"]
    if never:
        said.insert(0, _never(never, asked.focus, bridge))
    if len(faults) < members:
        said.append(f"of {members} participants {members - len(faults)} are told")
    evidence = [_proof(faults[0], faults[0].proofs[0]), *_asked(conference)]
    for each in faults:
        evidence += [*(_proof(each, refresh) for refresh in each.proofs), *_move(each.member, asked.mixer)]
    if bridge is not None:
        evidence.append(proof(bridge, "the bridge says isfocus to the server"))
    return fault(f"{how}, but {'; '.join(said)}.", *dict.fromkeys(evidence), confidence=_confidence(conference, faults))


def _never(never: Sequence[Told], focus: str, bridge: SipMessage | None) -> str:
    addresses = [each.member.address for each in never]
    listed = " and ".join(filter(None, (", ".join(addresses[:-1]), addresses[-1])))
    said = f"no Contact that it sends to {listed} says isfocus"
    if bridge is None:
        return f"{said} (F1)"
    return f"{said}, though the bridge at {bridge.record.source} says it to {focus} in frame {bridge.frame} (F2)"


def _confidence(conference: Conference, faults: Sequence[Told]) -> Confidence:
    unanswered = any(refresh.status is None for each in faults if each.kind == "F3" for refresh in each.proofs)
    dialled = (conference.record.softkey or "").lower() in DIALLING
    is_weak = unanswered or dialled or conference.record.shown_by == MEDIA
    return Confidence.LIKELY if is_weak else Confidence.PROVED


def _bridge_says(conference: Conference) -> SipMessage | None:
    """Where the bridge says to the server that it is a focus."""
    for leg in conference.bridges:
        for message in leg.messages:
            if message.record.focus and message.record.source != conference.record.focus:
                return message
    return None


def _asked(conference: Conference) -> list[Evidence]:
    asked = conference.record
    shows = f"the REFER by which {asked.source} asks for the conference ({asked.softkey})"
    return [] if asked.softkey is None else [proof(conference.shown_in, shows)]


def _proof(told: Told, refresh: Refresh) -> Evidence:
    refused = f"; refused with {refresh.status}" if told.kind == "F3" and refresh.status is not None else ""
    said = "with" if refresh.says_focus else "without"
    return proof(refresh.message, f"Contact to {told.member.address} {said} isfocus{refused}")


def _move(member: Member, mixer: str | None) -> list[Evidence]:
    moved = member.moved_by
    return [] if moved is None else [proof(moved.message, f"moves the media of {member.address} to {mixer}")]
