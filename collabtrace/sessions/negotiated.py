"""Which m-line a packet belongs to: the addresses and ports that SDP named, each in the time it was in force.

An endpoint is in force from the offer that opened its round until its call ends. Ports are used again by later
calls, so of several claims on one endpoint the latest that had begun counts; and a pair of endpoints, of which
the offer names one and the answer the other, comes before a single one.
"""

import functools
import ipaddress
import math
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from collabtrace.columns import Table
from collabtrace.schema import Dialog, MediaLine

EARLY = 0.5
"""Seconds by which media may be captured before the SDP that names its port: the two take different ways."""
LATE = 32.0
"""Seconds after the end of a call in which its media still counts as its own: 64 T1 (RFC 3261 §17.1.1.2)."""
MATES = 32
"""Claims on one endpoint that are looked through: the lines of a bundle (RFC 9143), rounds, calls that have ended."""
UNSPECIFIED = {"0.0.0.0", "::"}  # noqa: S104
"""Addresses that name no endpoint: the hold of RFC 2543, and the default of trickled ICE (RFC 8840 §4.1.1)."""
WORKING = {"agreed", "early", "answer-only"}
"""States of an m-line in which media may flow; a refused re-INVITE leaves what was agreed before."""

Endpoint: TypeAlias = tuple[str, int]
Fits: TypeAlias = Callable[[int], bool]


class Claim(NamedTuple):
    """One m-line that names an endpoint."""

    begin: float
    row: int
    """In the table of media lines."""
    end: float
    """When its call ended; infinite where nothing tells."""
    call_id: str
    working: bool


@dataclass(slots=True)
class Negotiated:
    """The endpoints that the m-lines of one file name."""

    pairs: dict[tuple[Endpoint, Endpoint], list[Claim]] = field(default_factory=dict)
    single: dict[Endpoint, list[Claim]] = field(default_factory=dict)
    elsewhere: "Negotiated | None" = None
    """What other capture points of the case show; asked where this file has no answer."""

    def find(
        self, source: Endpoint, target: Endpoint, span: tuple[float, float], fits: Fits | None = None
    ) -> int | None:
        """The row of the m-line for what went from *source* to *target* from the first to the last time of *span*.

        *fits* tells between m-lines of one round that share the endpoint. The source alone names the line too,
        as media leaves the port on which it is expected (RFC 4961), whatever a NAT does to the other side.
        """
        told = self._claims(source, target)
        for choose in (_in_force, _begun_later):
            for claims in told:
                if candidates := choose(claims, span):
                    return _best(candidates, fits)
        return self.elsewhere.find(source, target, span, fits) if self.elsewhere else None

    def takeovers(self, source: Endpoint, target: Endpoint, span: tuple[float, float]) -> list[float]:
        """The times within *span* at which another call took over the endpoints, the one before having ended.

        A sender that uses one SSRC for all its calls shows by nothing else where one ends and the next begins.
        """
        cuts: list[float] = []
        for claims in self._claims(source, target)[:1]:
            begun = bisect_right(claims, span[0] + EARLY, key=_begin)
            holder = claims[begun - 1] if begun else None
            for claim in claims[begun : bisect_right(claims, span[1], key=_begin)]:
                if holder and claim.call_id != holder.call_id and holder.end <= claim.begin + EARLY:
                    cuts.append(claim.begin)
                holder = claim
        return cuts

    def _claims(self, source: Endpoint, target: Endpoint) -> list[list[Claim]]:
        """Those on both endpoints, on the target and on the source, as far as there are any."""
        found = (self.pairs.get((source, target)), self.single.get(target), self.single.get(source))
        return [claims for claims in found if claims]


def negotiated(
    media: Table[MediaLine],
    file: str,
    *,
    protocol: str,
    ports: tuple[str, str] = ("offer_port", "answer_port"),
    dialogs: Table[Dialog] | None = None,
) -> Negotiated:
    """The endpoints of the m-lines whose transport contains *protocol*, as seen in *file*.

    *ports* are the columns of the ports; *dialogs* tell when each call ended.
    """
    ends = [None] * len(media) if dialogs is None else _ends(media, dialogs)
    own, others = Negotiated(), Negotiated()
    names = ("offer_address", ports[0], "answer_address", ports[1], "offer_time", "answer_time")
    sides = zip(*(media.values(name) for name in names), strict=True)
    marks = zip(*(media.values(name) for name in ("file", "protocol", "call_id", "state")), ends, strict=True)
    for row, (side, (seen_in, transport, call_id, state, end)) in enumerate(zip(sides, marks, strict=True)):
        begin = side[4] if side[4] is not None else side[5]
        if protocol in transport.upper() and begin is not None:
            claim = Claim(begin, row, math.inf if end is None else end, call_id, state in WORKING)
            _add(own if seen_in == file else others, _endpoint(side[0], side[1]), _endpoint(side[2], side[3]), claim)
    if others.single:
        own.elsewhere = others
    for each in (own, others):
        for claims in (*each.pairs.values(), *each.single.values()):
            claims.sort()
    return own


def _ends(media: Table[MediaLine], dialogs: Table[Dialog]) -> list[float | None]:
    ended = dialogs.values("ended")
    return [ended[row] if 0 <= row < len(ended) else None for row in media.values("dialog_row")]


def _add(found: Negotiated, one: Endpoint | None, other: Endpoint | None, claim: Claim) -> None:
    for endpoint in {one, other}:
        if endpoint:
            found.single.setdefault(endpoint, []).append(claim)
    if one and other:
        for pair in {(one, other), (other, one)}:
            found.pairs.setdefault(pair, []).append(claim)


def _endpoint(address: str | None, port: int | None) -> Endpoint | None:
    return (canonical(address), port) if address and port and address not in UNSPECIFIED else None


@functools.lru_cache(maxsize=4096)
def canonical(address: str) -> str:
    """*address* as Wireshark prints it; a host name stays as it is."""
    if ":" not in address:
        return address
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return address


def _in_force(claims: list[Claim], span: tuple[float, float]) -> list[Claim]:
    """The claims that had begun when the media did, the latest first, those of ended calls left out."""
    begun = bisect_right(claims, span[0] + EARLY, key=_begin)
    return [claim for claim in reversed(claims[max(begun - MATES, 0) : begun]) if span[0] <= claim.end + LATE]


def _begun_later(claims: list[Claim], span: tuple[float, float]) -> list[Claim]:
    """The first claims that began while the media flowed: a capture that starts in the middle of a call."""
    begun = bisect_right(claims, span[0] + EARLY, key=_begin)
    first = claims[begun : begun + MATES]
    return [claim for claim in first if claim.begin == first[0].begin and claim.begin <= span[1]]


def _begin(claim: Claim) -> float:
    return claim.begin


def _best(candidates: list[Claim], fits: Fits | None) -> int:
    """Of the call that claimed last: a line in which media may flow, of the latest round, that fits."""
    call_id = candidates[0].call_id
    mates = [claim for claim in candidates if claim.call_id == call_id]
    return max(mates, key=lambda claim: (claim.working, claim.begin, fits is None or fits(claim.row), -claim.row)).row
