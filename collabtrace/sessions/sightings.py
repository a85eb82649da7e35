"""The same SIP message seen at two places: at two capture points, or on both sides of a NAT in one capture.

From one end of a hop to the other a request carries the same top Via with its branch (RFC 3261 §17.2.3), and a response
carries it back; every proxy adds a Via with a branch of its own (§16.6). So two messages with the same branch are on
the same hop: whatever passed the message on between the two places, added no Via.

Some devices rewrite the host of a Call-ID too: then the part before the @ must be the same, and the host private at one
place and public at the other.

In one capture a client may send a request anew to another server, or from another interface, under the same branch.
There two sightings count only if they look like a NAT: one of the two addresses changed, the TTL fell, and the second
came within a moment.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import NamedTuple, TypeAlias

import numpy as np

from collabtrace.columns import MISSING, Table
from collabtrace.protocols.scope import is_inside, is_public
from collabtrace.schema import Flow, Message

MAGIC_COOKIE = "z9hG4bK"
"""What begins a branch that is like no other (RFC 3261 §8.1.1.7)."""
FORWARDED_WITHIN = 0.5
"""Seconds in which a NAT in the capture sends a packet on."""
MOST_ROUTERS = 8
"""By how much the TTL may fall from one side of a NAT in the capture to the other."""

MOST_PLACES = 16
"""Flows of one file that carry the same message. A branch that more of them carry is not unique, whatever it says: a
scanner sends one message to thousands of machines."""

Place: TypeAlias = tuple[str, str, int, str, int, str]
"""File, and the ends and the transport of the flow."""


class Sighting(NamedTuple):
    """Rows of one message in ``messages``, nearer to its sender and farther."""

    before: int
    after: int


def build(messages: Table[Message], flows: Table[Flow]) -> list[Sighting]:
    """All of them, in the order of the messages; second copies (SPAN) and retransmissions of one place are one."""
    local_ids = _candidates(messages)
    if not local_ids:
        return []
    columns = _Columns(messages, flows)
    found: list[Sighting] = []
    for rows in columns.alike(local_ids):
        places = _places(columns, rows)
        if max(Counter(columns.place(each[0])[0] for each in places).values()) > MOST_PLACES:
            continue
        for one, other in combinations(places, 2):
            pairs = zip(one, other, strict=True) if len(one) == len(other) else _firsts(columns, one, other)
            found += [Sighting(*ordered) for pair in pairs if (ordered := columns.ordered(*pair))]
    return sorted(found)


def _candidates(messages: Table[Message]) -> set[str]:
    """The local parts of Call-IDs that two files have, or of which one shows a branch between other machines too."""
    files_of: defaultdict[str, set[str]] = defaultdict(set)
    ends_of: dict[tuple[str, str], tuple[str, str]] = {}
    found = set()
    names = ("file", "call_id", "branch", "method", "source", "target")
    several = len(set(messages.columns["file"])) > 1
    for file, call_id, branch, method, source, target in zip(*map(messages.values, names), strict=True):
        if call_id is None or branch is None:
            continue
        if several:
            files_of[_local(call_id)].add(file)
        if method is not None and ends_of.setdefault((file, branch), (source, target)) != (source, target):
            found.add(_local(call_id))
    return found.union(local_id for local_id, files in files_of.items() if len(files) > 1)


def _local(call_id: str | None) -> str:
    return (call_id or "").partition("@")[0]


def _places(columns: "_Columns", rows: Sequence[int]) -> list[list[int]]:
    """The rows of one message by the flow that they are of."""
    places: defaultdict[Place, list[int]] = defaultdict(list)
    for row in rows:
        places[columns.place(row)].append(row)
    return list(places.values())


def _firsts(columns: "_Columns", one: Sequence[int], other: Sequence[int]) -> Iterable[tuple[int, int]]:
    """The first of each, where a different number of repetitions was seen; of provisional responses none is sure."""
    status = columns.status[one[0]]
    return () if status is not None and 100 < status < 200 else ((one[0], other[0]),)


class _Columns:
    """What is asked of messages again and again."""

    def __init__(self, messages: Table[Message], flows: Table[Flow]) -> None:
        column = messages.values
        self.status, self._branch, self._call_id = column("status"), column("branch"), column("call_id")
        same = ("branch", "cseq", "cseq_method", "method", "status", "vias", "rseq", "from_tag")
        self._same = [column(name) for name in same]
        ends = ("file", "source", "source_port", "target", "target_port", "transport")
        self._place: list[Place] = list(zip(*map(column, ends), strict=True))
        self._time = messages.numbers("time_epoch")
        self._copies = messages.numbers("duplicate_of") != MISSING
        self._ttl = dict(zip(zip(*map(flows.values, ends), strict=True), flows.values("ttl"), strict=True))

    def alike(self, local_ids: set[str]) -> Iterator[list[int]]:
        """The rows of each message of these calls that has a branch of its own, second copies left out."""
        groups: defaultdict[tuple[object, ...], list[int]] = defaultdict(list)
        for row in np.flatnonzero(~self._copies).tolist():
            local_id = _local(self._call_id[row])
            if local_id in local_ids and (self._branch[row] or "").startswith(MAGIC_COOKIE):
                groups[local_id, *(column[row] for column in self._same)].append(row)
        return (rows for rows in groups.values() if len(rows) > 1)

    def place(self, row: int) -> Place:
        """Where the message was seen."""
        return self._place[row]

    def ordered(self, one: int, other: int) -> tuple[int, int] | None:
        """The two rows, the one nearer to the sender first; None where they may be no sightings of one message."""
        hosts = [(self._call_id[row] or "").partition("@")[2] for row in (one, other)]
        if hosts[0] != hosts[1] and is_inside(hosts[0]) is is_inside(hosts[1]):
            return None
        if self._place[one][0] == self._place[other][0]:
            before, after = sorted((one, other), key=lambda row: float(self._time[row]))
            return (before, after) if self._is_nat(before, after) else None
        inner, outer = self._place[one], self._place[other]
        if inner[1] == outer[1] and inner[3] != outer[3] and is_inside(inner[3]) is is_inside(outer[3]):
            return None
        return (one, other) if self._is_nearer(one, other) else (other, one)

    def _is_nat(self, before: int, after: int) -> bool:
        """Whether the second sighting in a capture is what a NAT made of the first."""
        one, other = self._place[before], self._place[after]
        changed = (one[1] != other[1]) + (one[3] != other[3])
        routers = self._ttl.get(one, 0) - self._ttl.get(other, 0)
        soon = self._time[after] - self._time[before] <= FORWARDED_WITHIN
        return bool(changed == 1 and 0 < routers <= MOST_ROUTERS and soon)

    def _is_nearer(self, one: int, other: int) -> bool:
        """Whether the first of two sightings in different captures is nearer to the sender."""
        inner, outer = self._place[one], self._place[other]
        if inner[1] != outer[1] and is_inside(inner[1]) is not is_inside(outer[1]):
            return is_inside(inner[1])
        if inner[3] != outer[3] and is_public(inner[3]) is not is_public(outer[3]):
            return is_public(inner[3])
        ttls = self._ttl.get(inner, 0), self._ttl.get(outer, 0)
        return ttls[0] > ttls[1] if ttls[0] != ttls[1] else one < other
