"""Calls: the legs that belong together, one row each.

A back-to-back user agent (a call manager, a gateway, a session border controller) makes a leg of its own with its own
Call-ID towards the other side. ``call_evidence`` and ``call_chains`` tell what shows that legs are one call. The leg
that began first is the caller's: its URIs and answer are those of the call. ``outcomes`` tells how it went and ended.
"""

from collections.abc import Callable

from collabtrace.columns import MISSING, Table
from collabtrace.protocols import sip
from collabtrace.schema import CallRecord, Dialog, MediaLine, Message, Unreachable
from collabtrace.sessions import call_evidence
from collabtrace.sessions.call_chains import chained
from collabtrace.sessions.call_legs import CallLegs
from collabtrace.sessions.dialog_states import FAILED
from collabtrace.sessions.joining import Groups
from collabtrace.sessions.offer_answer import AGREED
from collabtrace.sessions.offer_answer import EARLY as EARLY_MEDIA
from collabtrace.sessions.outcomes import Outcomes
from collabtrace.sessions.rows import Rows

HEADERS = (
    call_evidence.same_session_id,
    call_evidence.same_mark,
    call_evidence.named_leg,
    call_evidence.same_tags,
)
"""Evidence in the headers of the legs, the surest first."""

CHAINED = "users and times"
"""What shows that legs are one call where no header does."""


def build(
    messages: Table[Message],
    dialogs: Table[Dialog],
    media: Table[MediaLine],
    unreachables: Table[Unreachable],
    sip_of: Callable[[int], sip.Message],
) -> Table[CallRecord]:
    """All calls in the order in which they began; *sip_of* gives a message of the table, parsed."""
    legs = CallLegs(messages, dialogs)
    groups = _joined(messages, legs, media, sip_of)
    members: dict[int, list[int]] = {}
    for leg in legs.invites:
        members.setdefault(groups.root(leg), []).append(leg)
    for leg in legs.others:
        root = groups.root(leg)
        if root in members:
            members[root].append(leg)
    found = [sorted(group, key=lambda leg: (legs.started[leg], leg)) for group in members.values()]
    found.sort(key=lambda group: (legs.started[group[0]], group[0]))
    fill = _Rows(legs, dialogs, media, Outcomes(legs, messages, dialogs, unreachables))
    for number, group in enumerate(found, 1):
        fill.add(number, group, groups.reasons(group[0]))
    return fill.rows.table()


def number(dialogs: Table[Dialog], calls: Table[CallRecord]) -> Table[Dialog]:
    """The dialogs with the number of the call that each is a leg of."""
    numbers = [MISSING] * len(dialogs)
    for call, rows in zip(calls.values("call"), calls.values("dialog_rows"), strict=True):
        for row in rows:
            numbers[row] = call
    return dialogs.replace(call=numbers)


def _joined(
    messages: Table[Message], legs: CallLegs, media: Table[MediaLine], sip_of: Callable[[int], sip.Message]
) -> Groups:
    """Groups of legs, by all evidence in turn."""
    groups = Groups(legs.size)
    for found in call_evidence.same_call_id(legs):
        groups.join_all(found)
    for evidence in HEADERS:
        for reason, found in evidence(legs):
            groups.join_all(found, reason)
    for reason, concerned in call_evidence.referred(messages, legs, sip_of):
        known = [legs.named(each) if isinstance(each, str) else each for each in concerned]
        groups.join_all((leg for leg in known if leg is not None), reason)
    for reason, found in call_evidence.same_media(legs, media):
        groups.join_all(found, reason)
    for earlier, leg in chained(legs, groups):
        groups.join(earlier, leg, CHAINED)
    for leg, call_id in call_evidence.subscribed(legs, sip_of):
        named = legs.named(call_id)
        if named is not None:
            groups.join(named, leg)
    return groups


class _Rows:
    """The columns of the table while they grow."""

    def __init__(self, legs: CallLegs, dialogs: Table[Dialog], media: Table[MediaLine], outcomes: Outcomes) -> None:
        self.rows = Rows(CallRecord)
        self._legs, self._outcomes = legs, outcomes
        self._frames = dialogs.values("frames")
        self._kinds = _kinds(media, dialogs)

    def add(self, number: int, group: list[int], reasons: tuple[str, ...]) -> None:
        """Fill one row: *group* are the legs by their start."""
        legs, first = self._legs, group[0]
        outcome = self._outcomes.of(group)
        self.rows.add(
            number,
            tuple(dict.fromkeys([legs.call_id[leg] for leg in group])),
            legs.from_uri[first],
            legs.to_uri[first],
            legs.started[first],
            *outcome,
            tuple(dict.fromkeys([legs.file[leg] for leg in group])),
            ", ".join(dict.fromkeys([kind for leg in group for kind in self._kinds.get(leg, ())])) or None,
            len(legs.rows[first]) if len(group) == 1 else len({row for leg in group for row in legs.rows[leg]}),
            self._frames[first][0],
            ", ".join(reasons) or None,
            tuple(group),
        )


def _kinds(media: Table[MediaLine], dialogs: Table[Dialog]) -> dict[int, list[str]]:
    """What each leg agreed to carry; application lines control other media and are not named.

    What was agreed for the time before an answer that never came is not what the call carried.
    """
    found: dict[int, list[str]] = {}
    names = ("dialog_row", "state", "kind", "content")
    states = dialogs.values("state")
    for leg, state, kind, content in zip(*map(media.values, names), strict=True):
        if kind != "application" and (state == AGREED or (state == EARLY_MEDIA and states[leg] != FAILED)):
            found.setdefault(leg, []).append("slides" if content == "slides" else kind)
    return found
