"""Machines: every address that sent or received SIP, media or floor control.

name, kind
    From the User-Agent and Server headers of messages that the machine wrote itself. A proxy passes on what others
    wrote; a request with more than one Via has passed one (RFC 3261 §16.6), and a machine that sends such requests
    is believed only where it answers on its own account (100, 401, 407 …). A header that arrived at the machine just
    before, in the same message between the same users, is not its own either: so a relay without Via shows.
hops
    Systems send with a TTL of 64, 128 or 255, and every router takes one away.
"""

import itertools
from collections import Counter
from collections.abc import Iterable
from math import inf
from typing import Any

import numpy as np

from collabtrace.columns import Table
from collabtrace.schema import Flow, Host, Message, Stream
from collabtrace.sessions.call_legs import user
from collabtrace.sessions.products import product, short_name
from collabtrace.sessions.rows import Rows

INITIAL_TTLS = (64, 128, 255)
"""What systems send with."""

MOST_HOPS = 32
"""Routers that a packet passes at most; a TTL further from every initial value tells nothing."""

COUNTED = frozenset({"rtcp", "bfcp"})
"""Protocols whose machines only their flows show; those of SIP and RTP have tables of their own."""

OWN_ACCOUNT = frozenset({100, 401, 403, 404, 407, 408, 420, 421, 423, 478, 479, 481, 482, 483, 500, 502, 503, 504, 513})
"""Responses that a proxy makes itself."""

RELAYED_WITHIN = 1.0
"""Seconds in which a machine passes on at most what came to it."""

LOOKED_AT = 20_000
"""Messages by which it is told whether a machine passes headers on."""

Place = tuple[str, str]
"""File and address."""

Written = tuple[str, str, str]
"""File, address, and the User-Agent or Server in what it sent."""


def build(messages: Table[Message], flows: Table[Flow], streams: Table[Stream]) -> Table[Host]:
    """All machines of every file, in the order in which they appear."""
    first = _first_frames(messages, flows, streams)
    agents = _agents(messages)
    ttls = _ttls(flows)
    rows = Rows(Host)
    for place, frame in sorted(first.items(), key=lambda item: (item[0][0], item[1], item[0][1])):
        agent, ttl = agents.get(place), ttls.get(place)
        rows.add(
            *place,
            short_name(agent) if agent else None,
            product(agent) if agent else None,
            ttl,
            None if ttl is None else hops(ttl),
            frame,
        )
    return rows.table()


def hops(ttl: int) -> int | None:
    """Routers that a packet with that TTL has passed; None where no usual initial value is near."""
    passed = min((initial - ttl for initial in INITIAL_TTLS if initial >= ttl), default=None)
    return passed if passed is not None and passed <= MOST_HOPS else None


def _first_frames(messages: Table[Message], flows: Table[Flow], streams: Table[Stream]) -> dict[Place, int]:
    """The first frame that each machine sent or received."""
    first: dict[Place, int] = {}
    wanted = [protocol in COUNTED for protocol in flows.values("protocol")]
    _note(first, messages, "frame", itertools.repeat(True))
    _note(first, flows, "first_frame", wanted)
    _note(first, streams, "first_frame", itertools.repeat(True))
    return first


def _note(first: dict[Place, int], table: Table[Any], frames: str, wanted: Iterable[bool]) -> None:
    ends = map(table.values, ("file", "source", "target", frames))
    for file, source, target, frame in itertools.compress(zip(*ends, strict=True), wanted):
        for place in ((file, source), (file, target)):
            if frame < first.get(place, frame + 1):
                first[place] = frame


def _agents(messages: Table[Message]) -> dict[Place, str]:
    """The User-Agent or Server that each machine wrote most often."""
    file, source, agent = (messages.values(name) for name in ("file", "source", "user_agent"))
    method, status = messages.values("method"), messages.values("status")
    forwarded = np.flatnonzero(messages.numbers("vias") > 1).tolist()
    proxies = {(file[row], source[row]) for row in forwarded if method[row] is not None}
    relayed = _relayed(messages)
    rows: Iterable[tuple[str, str, str | None]] = zip(file, source, agent, strict=True)
    if proxies:
        rows = (
            (file[row], source[row], agent[row])
            for row in range(len(messages))
            if status[row] in OWN_ACCOUNT or (file[row], source[row]) not in proxies
        )
    best: dict[Place, tuple[int, str]] = {}
    for (where, address, name), count in Counter(rows).items():
        if name is None or (where, address, name) in relayed:
            continue
        if count > best.get((where, address), (0, ""))[0]:
            best[where, address] = (count, name)
    return {place: name for place, (_, name) in best.items()}


def _relayed(messages: Table[Message]) -> set[Written]:
    """Headers that for the most part had just come to the machine that sent them, in a message of the same users."""
    names = ("file", "source", "target", "user_agent", "time_epoch", "from_uri", "to_uri")
    kinds = zip(*map(messages.values, ("method", "status", "cseq_method")), strict=True)
    rows = itertools.islice(zip(zip(*map(messages.values, names), strict=True), kinds, strict=True), LOOKED_AT)
    arrived: dict[tuple[object, ...], tuple[float, str]] = {}
    sent: Counter[Written] = Counter()
    passed: Counter[Written] = Counter()
    for (file, source, target, agent, time, caller, called), kind in rows:
        if agent is not None:
            like = (file, agent, kind, user(caller), user(called))
            before, peer = arrived.get((source, *like), (-inf, target))
            sent[file, source, agent] += 1
            passed[file, source, agent] += peer != target and time - before <= RELAYED_WITHIN
            arrived[target, *like] = (time, source)
    return {written for written, count in passed.items() if count * 2 > sent[written]}


def _ttls(flows: Table[Flow]) -> dict[Place, int]:
    """The TTL that most packets of each machine had."""
    names = ("file", "source", "ttl", "packets")
    packets: Counter[tuple[str, str, int]] = Counter()
    for file, source, ttl, count in zip(*map(flows.values, names), strict=True):
        if ttl:
            packets[file, source, ttl] += count
    best: dict[Place, tuple[int, int]] = {}
    for (file, source, ttl), count in packets.items():
        if count > best.get((file, source), (0, 0))[0]:
            best[file, source] = (count, ttl)
    return {place: ttl for place, (_, ttl) in best.items()}
