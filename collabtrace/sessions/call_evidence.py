"""What shows that two legs are one call: one function for each kind of evidence, the surest first.

Each function names groups of legs; nothing is concluded here from what is missing. A wrong join tells an engineer a
call that never was, so what is not sure is left apart.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from urllib.parse import unquote

from collabtrace.columns import Table
from collabtrace.protocols import sip
from collabtrace.schema import MediaLine, Message
from collabtrace.sessions import softkeys
from collabtrace.sessions.call_legs import CallLegs, Pair, user
from collabtrace.sessions.correlation import GCI, NAMED

Evidence = tuple[str, list[int]]
"""What showed it, and legs that are one call by it."""

REFERRED_WITHIN = 32.0
"""Seconds after a REFER in which its receiver calls the new party: 64·T1, the life of the REFER's transaction."""

SHORTEST_TAG = 8
"""Characters of a tag that is taken for random: 32 bits in hexadecimal (RFC 3261 §19.3)."""

_SBC_PREFIX = re.compile(r"^SD[0-9a-z]{6,9}-")
_CUCM = re.compile(r"([0-9a-f]{8})-[0-9a-f]{8}-[0-9a-f]+-([0-9a-f]{1,8})@", re.IGNORECASE)
_REPLACES = re.compile(r"[?&]replaces=([^&>]+)", re.IGNORECASE)
_EVENT_CALL_ID = re.compile(r"(?:^|;)\s*call-id\s*=\s*\"?([^\";]+)", re.IGNORECASE)


def same_call_id(legs: CallLegs) -> Iterator[list[int]]:
    """Forks, hops and capture points of one leg."""
    return (found for found in legs.by_call_id.values() if len(found) > 1)


def same_session_id(legs: CallLegs) -> Iterator[Evidence]:
    """Both UUIDs the same (RFC 7989 §4).

    Where no answer told the second UUID of a leg, the first is enough if one leg goes on from where the other went. It
    is not by itself: a conference has the same UUID towards all who take part.
    """
    if not legs.has_session_ids:
        return
    whole: dict[Pair, list[int]] = {}
    half: dict[Pair, list[int]] = {}
    answered: set[int] = set()
    for leg in legs.invites:
        for pair in legs.session_ids(leg):
            (whole if len(pair) == 2 else half).setdefault(pair, []).append(leg)
            if len(pair) == 2:
                answered.add(leg)
    yield from (("Session-ID", found) for found in whole.values() if len(found) > 1)
    for found in half.values():
        for one, later in _overlapping(legs, found):
            if legs.callee[one] == legs.caller[later] and not {one, later} <= answered:
                yield "Session-ID", [one, later]


def same_mark(legs: CallLegs) -> Iterator[Evidence]:
    """The same identifier of the call in the headers of both, or in the Call-ID that CUCM made of it."""
    if not legs.has_marks:
        return
    shared: dict[tuple[str, str], list[int]] = {}
    for leg in legs.invites:
        for name, value in _identifiers(legs, leg):
            found = shared.setdefault((name, value), [])
            if not found or found[-1] != leg:
                found.append(leg)
    for (name, _), found in shared.items():
        if name == GCI:
            yield from ((name, pair) for pair in _overlapping(legs, found))
        elif len(found) > 1:
            yield name, found


def _identifiers(legs: CallLegs, leg: int) -> Iterator[tuple[str, str]]:
    for mark in legs.marks(leg):
        name, _, value = mark.partition(": ")
        if name == "Cisco-Guid":
            numbers = value.split("-")
            if len(numbers) == 4 and all(number.isdecimal() and len(number) < 12 for number in numbers):
                first, _, _, last = (int(number) for number in numbers)
                if first:
                    yield "Cisco-Guid", value
                    yield "Cisco-Guid", f"{first:08x} {last:08x}"
        elif name not in NAMED:
            yield name, value
    # CUCM builds its Call-IDs from the Cisco-Guid: the first group is its first number, the last group its fourth.
    match = _CUCM.match(legs.call_id[leg])
    if match is not None:
        yield "Cisco-Guid", f"{int(match[1], 16):08x} {int(match[2], 16):08x}"


def named_leg(legs: CallLegs) -> Iterator[Evidence]:
    """A header of one leg's INVITE names the Call-ID of the other."""
    if not legs.has_marks:
        return
    for leg in legs.invites:
        for mark in legs.marks(leg):
            name, _, value = mark.partition(": ")
            other = legs.by_call_id.get(value.partition(";")[0].strip()) if name in NAMED else None
            if other:
                yield name, [other[0], leg]


def same_tags(legs: CallLegs) -> Iterator[Evidence]:
    """Both tags the same though the Call-IDs differ, and the legs overlap.

    Some session border controllers pass the tags on; one writes ``SD``, a number and a hyphen before them.
    """
    tagged: dict[tuple[str, str], list[int]] = {}
    for leg in legs.invites:
        tags = tuple(_SBC_PREFIX.sub("", tag or "") for tag in (legs.from_tag[leg], legs.to_tag[leg]))
        if min(map(len, tags)) >= SHORTEST_TAG:
            tagged.setdefault((tags[0], tags[1]), []).append(leg)
    for found in tagged.values():
        yield from (("same tags", pair) for pair in _overlapping(legs, found))


def referred(
    messages: Table[Message], legs: CallLegs, sip_of: Callable[[int], sip.Message]
) -> Iterator[tuple[str, list[str | int]]]:
    """What REFERs bring together, as Call-IDs and legs.

    A transfer (RFC 3515, RFC 3891): the call in which it is asked for, the call that it replaces, and the call that
    its receiver then makes to the user it names. Cisco's remotecc: the calls that a softkey is about.
    """
    rows = [row for row, method in enumerate(messages.values("method")) if method == "REFER"]
    if not rows:
        return
    made = _by_caller_and_user(legs)
    call_ids, times, targets = messages.values("call_id"), messages.values("time_epoch"), messages.values("target")
    for row in rows:
        message = sip_of(row)
        concerned: list[str | int] = [call_ids[row] or ""]
        asked = softkeys.request_in(message)
        if asked is not None:
            yield "remotecc", concerned + [named.call_id for named in asked.named]
            continue
        wanted = message.header("Refer-To") or ""
        replaced = _REPLACES.search(wanted)
        if replaced is not None:
            concerned.append(unquote(replaced[1]).partition(";")[0])
        name = user(wanted.partition("<")[2].partition(">")[0].partition("?")[0] or wanted.partition("?")[0])
        calls = made.get((targets[row], name), [])
        after = bisect_left(calls, (times[row], -1))
        concerned += [leg for started, leg in calls[after : after + 1] if started - times[row] <= REFERRED_WITHIN]
        yield "REFER", concerned


def _by_caller_and_user(legs: CallLegs) -> dict[tuple[str, str | None], list[tuple[float, int]]]:
    """When each machine called each user."""
    made: dict[tuple[str, str | None], list[tuple[float, int]]] = {}
    for leg in legs.invites:
        called = user(legs.request_uri(leg)) or user(legs.to_uri[leg])
        if called is not None:
            made.setdefault((legs.caller[leg], called), []).append((legs.started[leg], leg))
    for calls in made.values():
        calls.sort()
    return made


def same_media(legs: CallLegs, media: Table[MediaLine]) -> Iterator[Evidence]:
    """The caller's media address went through unchanged.

    The first offers of both legs name the same address and port, the legs overlap, and either the later one was sent
    by the machine that the earlier one went to, or the answers are the same as well.
    """
    offers: dict[tuple[str, int], list[int]] = {}
    answers: dict[int, tuple[str, int]] = {}
    names = ("dialog_row", "round", "index", "offer_address", "offer_port", "answer_address", "answer_port")
    for leg, number, index, address, port, other, other_port in zip(*map(media.values, names), strict=True):
        if number == 1 and index == 0 and address and port and leg not in answers:
            offers.setdefault((address, port), []).append(leg)
            answers[leg] = (other, other_port)
    for found in offers.values():
        for one, later in _overlapping(legs, found):
            if legs.callee[one] == legs.caller[later] or (answers[one][1] and answers[one] == answers[later]):
                yield "same media", [one, later]


def _overlapping(legs: CallLegs, found: list[int]) -> Iterator[list[int]]:
    """Pairs of legs, one after the other by their start, of different Call-IDs and at some moment both there."""
    if len(found) < 2:
        return
    ordered = sorted(found, key=lambda leg: (legs.started[leg], leg))
    longest = ordered[0]
    for leg in ordered[1:]:
        if legs.call_id[leg] != legs.call_id[longest] and legs.overlap(longest, leg):
            yield [longest, leg]
        if legs.last(leg) > legs.last(longest):
            longest = leg


def subscribed(legs: CallLegs, sip_of: Callable[[int], sip.Message]) -> Iterator[tuple[int, str]]:
    """Subscriptions that name the Call-ID of a leg in their Event header, as those for key presses do (RFC 4730)."""
    for leg in legs.others:
        if legs.method[leg] == "SUBSCRIBE":
            match = _EVENT_CALL_ID.search(sip_of(legs.rows[leg][0]).header("Event") or "")
            if match is not None:
                yield leg, match[1].strip()
