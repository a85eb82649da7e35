"""The conferences for which the capture shows nobody asking: by participant lists, and by media that moves together."""

from collections.abc import Iterable, Iterator

from collabtrace.sessions.conference_legs import ConferenceLegs, Draft
from collabtrace.sessions.places import Place, when

TOGETHER = 3.0
"""Seconds between the moves of two calls at most where only the media shows that they go to one conference."""
ROSTER = "application/conference-info+xml"
"""The participant list (RFC 4575), as CUCM sends it by INFO (RFC 6086, packages conference and x-cisco-conference)."""
LIST, MEDIA = "participant list", "media"
"""What shows these conferences."""


def listed(legs: ConferenceLegs, known: Iterable[Draft]) -> list[Draft]:
    """The conferences that a participant list shows, on a leg whose media its sender had moved.

    A leg that is whole, and whose media was never moved, was dialled to a conference that was there.
    """
    found: dict[tuple[str, str | None], Draft] = {}
    columns, taken = legs.messages.columns, _participants(known)
    for leg, row in _lists(legs):
        if leg not in taken:
            tag, focus = columns["from_tag"][row], columns["source"][row]
            before = [place for place in legs.places.of(leg) if place.tag == tag and place.time <= legs.time[row]]
            last = next((place for place in reversed(before) if place.moved and place.both_ways), None)
            if last is not None or not legs.begins(leg):
                mixer = last.address if last is not None else None
                draft = found.setdefault((focus, mixer), Draft(LIST, row, focus, focus, mixer=mixer))
                draft.participants.setdefault(leg, (tag, last and last.row))
    return list(found.values())


def _participants(drafts: Iterable[Draft]) -> set[int]:
    return {leg for draft in drafts for leg in draft.participants}


def _lists(legs: ConferenceLegs) -> Iterator[tuple[int, int]]:
    """Every leg of a call with the first participant list on it, a row of the messages."""
    columns = legs.messages.columns
    rows = [row for row, kind in enumerate(columns["content_type"]) if kind == ROSTER]
    rows = [row for row in rows if columns["method"][row] == "INFO"]
    wanted = set(rows)
    concerned = {leg for row in rows for leg in legs.by_call_id.get(columns["call_id"][row], ())}
    for leg in sorted(concerned):
        first = next((row for row in legs.rows[leg] if row in wanted), None)
        if first is not None and legs.method[leg] == "INVITE":
            yield leg, first


def moved_together(legs: ConferenceLegs, known: Iterable[Draft]) -> list[Draft]:
    """The conferences that only media shows: several calls of one server, at the address of a bridge that it called."""
    found: list[Draft] = []
    taken = _participants(known)
    for mixer, bridges in legs.bridges.items():
        reached = [*legs.places.moves_to.get(mixer, ()), *legs.found_there.get(mixer, ())]
        passed_over = taken | bridges.keys()
        places = [place for place in sorted(reached, key=when) if place.dialog not in passed_over]
        for server in sorted({legs.other_end(leg, tag) for leg, tag in bridges.items()}):
            found += _groups(legs, [place for place in places if legs.places.source[place.message] == server], server)
    return found


def _groups(legs: ConferenceLegs, places: Iterable[Place], server: str) -> Iterator[Draft]:
    """Conferences of at least two calls whose moves follow each other closely."""
    group: list[Place] = []
    for place in [*places, None]:
        if group and (place is None or place.time - group[-1].time > TOGETHER):
            if len({legs.call_id[each.dialog] for each in group}) > 1:
                draft = Draft(MEDIA, group[0].message, server, server, mixer=group[0].address)
                for each in group:
                    draft.participants.setdefault(each.dialog, (each.tag, each.row if each.moved else None))
                yield draft
            group = []
        if place is not None:
            group.append(place)
