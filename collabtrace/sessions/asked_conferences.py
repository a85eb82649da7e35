"""The conferences that a softkey asks for: which mixer the calls went to, and who takes part.

The phone names its own dialogs. What became of them is looked for on these and on the other legs of the same calls,
shortly after the key; the mixer is where the focus moved most of them.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable

from collabtrace.protocols.remotecc import Named
from collabtrace.sessions.conference_legs import ConferenceLegs, Draft, Tag
from collabtrace.sessions.places import Place
from collabtrace.sessions.softkeys import Pressed

JOINING = frozenset({"conference", "join"})
"""Softkeys that make a conference of calls that are there, in lower case."""
DIALLING = frozenset({"meetme"})
"""Softkeys by which a call goes to a conference from its beginning."""
MOVED_WITHIN = 10.0
"""Seconds after the softkey in which calls are moved: a server takes one or two, an overloaded one some more."""
SOFTKEY = "softkey"
"""What shows these conferences."""


def asked_for(legs: ConferenceLegs, keys: Iterable[Pressed]) -> list[Draft]:
    """The conferences that were not refused; a key that adds a call to one that is there makes no other."""
    drafts: list[Draft] = []
    known: dict[object, Draft] = {}
    for key in sorted(keys, key=lambda key: legs.time[key.row]):
        event = (key.request.event or "").lower()
        if event in JOINING | DIALLING and (key.status is None or key.status < 300):
            draft = _Search(legs, key).draft(dialling=event in DIALLING)
            names = _names(draft)
            earlier = next((known[name] for name in names if name in known), None)
            if earlier is None:
                drafts.append(draft)
            else:
                earlier.participants = {**draft.participants, **earlier.participants}
                earlier.named = tuple(dict.fromkeys(earlier.named + draft.named))
            for name in names:
                known.setdefault(name, earlier or draft)
    return drafts


def _names(draft: Draft) -> list[object]:
    """What makes two drafts the same conference: any of these."""
    if draft.mixer is None:
        return [(draft.named, draft.focus)]
    return [(draft.mixer, leg) for leg in draft.participants]


def _time(place: Place) -> float:
    return place.time


class _Search:
    """What became of the calls that one softkey is about."""

    def __init__(self, legs: ConferenceLegs, key: Pressed) -> None:
        self._legs, self._places = legs, legs.places
        self._begin = legs.time[key.row]
        self._key = key
        self._source, self._focus = self._ends()
        self._own = {leg: self._focus_tag(leg, named) for named in key.request.named for leg in self._named(named)}
        """The legs that the phone names, in every capture, with the tag of the focus."""

    def draft(self, *, dialling: bool) -> Draft:
        """The conference, as far as it can be found."""
        key = self._key
        named = tuple(dict.fromkeys(each.call_id for each in key.request.named))
        draft = Draft(SOFTKEY, key.row, self._source, self._focus, key.request.event, key.status, key.answer_row, named)
        if dialling:
            firsts = {leg: self._places.first(leg, tag) for leg, tag in self._own.items()}
            draft.mixer = next((place.address for place in firsts.values() if place), None)
            draft.participants = {leg: (self._own[leg], place and place.row) for leg, place in firsts.items()}
            return draft
        pool = self._pool()
        draft.mixer = self._mixer(pool)
        if draft.mixer is None:
            draft.participants = {leg: (tag, None) for leg, tag in self._own.items()}
        else:
            taking = [place for place in self._soon(draft.mixer) if self._takes_part(place, pool)]
            for place in [*taking, *self._already_at(draft.mixer)]:
                draft.participants.setdefault(place.dialog, (place.tag, place.row))
        return draft

    def _ends(self) -> tuple[str, str]:
        """Who asked whom, the ends of the request where proxies pass it on."""
        legs, columns, row = self._legs, self._legs.messages.columns, self._key.row
        for leg in legs.by_call_id.get(columns["call_id"][row], ()):
            if row in legs.rows[leg]:
                ends = legs.caller[leg], legs.callee[leg]
                return ends if columns["from_tag"][row] == legs.tags[leg][0] else ends[::-1]
        return columns["source"][row], columns["target"][row]

    def _named(self, named: Named) -> list[int]:
        """The legs that a phone means; of several forks the one with its tags."""
        legs = self._legs
        found = [leg for leg in legs.by_call_id.get(named.call_id, ()) if legs.method[leg] == "INVITE"]
        tags = {named.local_tag, named.remote_tag} - {None}
        return [leg for leg in found if tags <= set(legs.tags[leg])] or found

    def _focus_tag(self, leg: int, named: Named) -> Tag:
        """The tag of the focus on a leg that a phone names."""
        calling, called = self._legs.tags[leg]
        if named.local_tag is not None and named.local_tag in (calling, called):
            return called if named.local_tag == calling else calling
        if named.remote_tag is not None and named.remote_tag in (calling, called):
            return named.remote_tag
        return calling if self._legs.callee[leg] == self._source else called

    def _pool(self) -> dict[int, Tag]:
        """The legs of the calls that the phone names, with the tag of the focus; None where it is at neither end."""
        legs, pool = self._legs, dict(self._own)
        for call in {legs.call[leg] for leg in self._own}:
            for leg in legs.by_call.get(call, ()):
                if legs.method[leg] == "INVITE":
                    pool.setdefault(leg, legs.tag_at(leg, self._focus))
        return pool

    def _soon(self, mixer: str) -> list[Place]:
        """The moves to the mixer within reach of the key, which are found in order of time, as there are many."""
        moves = self._places.moves_to[mixer]
        first = bisect_left(moves, self._begin, key=_time)
        return moves[first : bisect_right(moves, self._begin + MOVED_WITHIN, key=_time)]

    def _is_soon(self, place: Place) -> bool:
        return self._begin <= place.time <= self._begin + MOVED_WITHIN

    def _mixer(self, pool: dict[int, Tag]) -> str | None:
        """The address to which the focus moved most of the calls, those that the phone names before others."""
        phones: set[str] = set()
        votes: defaultdict[str, set[tuple[bool, str]]] = defaultdict(set)
        for leg, tag in pool.items():
            for place in self._places.of(leg) if tag is not None else ():
                if place.tag != tag:
                    phones.add(place.address)
                elif place.moved and place.both_ways and self._is_soon(place):
                    votes[place.address].add((leg in self._own, self._legs.call_id[leg]))
        ranked = sorted(votes.keys() - phones, key=lambda address: (len(votes[address]), max(votes[address]), address))
        return ranked[-1] if ranked else None

    def _takes_part(self, place: Place, pool: dict[int, Tag]) -> bool:
        """Whether a move to the mixer is the work of the focus, on a leg that has to do with the key."""
        if place.dialog in pool:
            return pool[place.dialog] in (place.tag, None)
        # Where the mixer is a part of the server, other calls may be moved to the same address for other reasons.
        return place.address != self._focus and self._legs.tag_at(place.dialog, self._focus) == place.tag

    def _already_at(self, mixer: str) -> list[Place]:
        """Where the named legs were already that are in the conference to which the others were added."""
        found = []
        for leg, tag in self._own.items():
            before = [place for place in self._places.of(leg) if place.tag == tag and place.time < self._begin]
            ended = self._legs.ended[leg]
            if before and before[-1].address == mixer and (ended is None or ended > self._begin + MOVED_WITHIN):
                found.append(before[-1])
        return found
