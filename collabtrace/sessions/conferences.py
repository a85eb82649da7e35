"""Ad hoc conferences: calls of one server whose media it moved to one mixer, while they went on (RFC 4579).

What shows one, the surest first:

* ``softkey``: a phone asks for it by REFER (remotecc) and is not refused (``asked_conferences``).
* ``participant list``: the server tells a phone by INFO who takes part (``seen_conferences``).
* ``media``: the server moves several calls to the address of a conference bridge at nearly the same time.

Who dials into a conference makes an ordinary call: none is listed for it, but for Meet-Me, where a softkey says so.
"""

from collections.abc import Callable

from collabtrace.columns import Table
from collabtrace.protocols import sip
from collabtrace.schema import ConferenceRecord, Dialog, MediaLine, Message, Transaction
from collabtrace.sessions.asked_conferences import asked_for
from collabtrace.sessions.conference_legs import ConferenceLegs, Draft
from collabtrace.sessions.products import BRIDGES, product
from collabtrace.sessions.rows import Rows
from collabtrace.sessions.seen_conferences import ROSTER, listed, moved_together
from collabtrace.sessions.softkeys import pressed


def build(
    messages: Table[Message],
    transactions: Table[Transaction],
    dialogs: Table[Dialog],
    media: Table[MediaLine],
    sip_of: Callable[[int], sip.Message],
) -> Table[ConferenceRecord]:
    """All conferences in the order in which they show; the *dialogs* know their calls."""
    if not _may_hold_any(messages):
        return Table.empty(ConferenceRecord)
    legs = ConferenceLegs(messages, dialogs, media)
    drafts = asked_for(legs, pressed(messages, transactions, sip_of))
    drafts += listed(legs, drafts)
    drafts += moved_together(legs, drafts)
    rows = Rows(ConferenceRecord)
    for number, draft in enumerate(sorted(drafts, key=lambda draft: (legs.time[draft.row], draft.row)), 1):
        _add(rows, number, draft, legs)
    return rows.table()


def _may_hold_any(messages: Table[Message]) -> bool:
    """Whether anything in the messages could show a conference, by columns alone: most captures hold none."""
    seen = {name: set(messages.columns[name]) for name in ("method", "content_type", "user_agent")}
    shows = "REFER" in seen["method"] or ROSTER in seen["content_type"] or bool(messages.numbers("focus").any())
    return shows or any(agent is not None and product(agent) in BRIDGES for agent in seen["user_agent"])


def _add(rows: Rows[ConferenceRecord], number: int, draft: Draft, legs: ConferenceLegs) -> None:
    files, frames = (legs.messages.values(name) for name in ("file", "frame"))
    taking = sorted(draft.participants)
    rows.add(
        number,
        draft.shown_by,
        files[draft.row],
        frames[draft.row],
        legs.time[draft.row],
        draft.source,
        draft.focus,
        draft.softkey,
        draft.status,
        None if draft.answer_row is None else frames[draft.answer_row],
        draft.named,
        draft.mixer,
        tuple(taking),
        tuple(draft.participants[leg][0] for leg in taking),
        tuple(draft.participants[leg][1] for leg in taking),
        tuple(_bridge_legs(draft, legs)),
        draft.row,
        draft.answer_row,
    )


def _bridge_legs(draft: Draft, legs: ConferenceLegs) -> list[int]:
    """The legs by which the focus reaches the bridge."""
    found = legs.bridges.get(draft.mixer, {}) if draft.mixer is not None else {}
    return [
        leg for leg, tag in found.items() if leg not in draft.participants and legs.other_end(leg, tag) == draft.focus
    ]
