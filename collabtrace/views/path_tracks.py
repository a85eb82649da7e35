"""Where a media-path picture puts things: machines in a row, each direction of media on a track of its own.

What goes to the right runs above the machines, what goes to the left below them, so that no two labels meet. Short
ways are on the inner tracks; ends are spread over a machine's edge so that a line crosses others as rarely as it can.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from collabtrace.views.path_graph import Edge, PathGraph

MOST_NODES, MOST_EDGES = 12, 80
"""What one picture can show; GraphML and JSON have everything."""


@dataclass(frozen=True, slots=True)
class Track:
    """One edge in its place."""

    edge: Edge
    above: bool
    level: int
    """Number of the track, from 0 next to the machines."""
    first: int
    """Place of the leftmost machine that it touches."""
    last: int
    """Place of the rightmost one; the same for media that a machine sends to itself."""
    leaves: float = 0.5
    """Where on the edge of its source's box it begins: 0 is left, 1 is right."""
    arrives: float = 0.5
    """Where on the edge of its target's box it ends."""


@dataclass(frozen=True, slots=True)
class Layout:
    """What is drawn, and what was left out."""

    addresses: tuple[str, ...]
    """Machines from left to right."""
    tracks: tuple[Track, ...]
    remarks: tuple[str, ...]

    def levels(self, *, above: bool) -> int:
        """Tracks above or below the machines."""
        return max((track.level + 1 for track in self.tracks if track.above is above), default=0)

    def neighbours(self, pairs: Iterable[tuple[str, str]]) -> list[tuple[int, int]]:
        """Places of machines that are a pair, with no machine of another pair between them."""
        known = [frozenset(pair) for pair in pairs]
        paired = frozenset().union(*known)
        places = [place for place, address in enumerate(self.addresses) if address in paired]
        return [ends for ends in pairwise(places) if {self.addresses[place] for place in ends} in known]


def layout(paths: PathGraph) -> Layout:
    """The places of the machines and edges of *paths*."""
    addresses = _busiest(paths)
    places = {address: place for place, address in enumerate(addresses)}
    drawn = [edge for edge in paths.edges if edge.source in places and edge.target in places]
    remarks = []
    if len(addresses) < len(paths.nodes):
        remarks.append(f"the {len(addresses)} busiest of {len(paths.nodes)} machines; GraphML and JSON have all")
    if len(drawn) > MOST_EDGES:
        remarks.append(f"the {MOST_EDGES} busiest of {len(drawn)} ways of media; GraphML and JSON have all")
        drawn = sorted(drawn, key=lambda edge: -edge.packets)[:MOST_EDGES]
    forth = _levelled([edge for edge in drawn if places[edge.source] <= places[edge.target]], places, above=True)
    back = _levelled([edge for edge in drawn if places[edge.source] > places[edge.target]], places, above=False)
    return Layout(addresses, (*_spread(forth), *_spread(back)), tuple(remarks))


def _busiest(paths: PathGraph) -> tuple[str, ...]:
    """The machines to draw, in their order."""
    order = [node.address for node in paths.nodes]
    if len(order) <= MOST_NODES:
        return tuple(order)
    share = dict.fromkeys(order, 0)
    for edge in paths.edges:
        for address in (edge.source, edge.target):
            share[address] += edge.packets + 1
    kept = set(sorted(order, key=lambda address: -share[address])[:MOST_NODES])
    return tuple(address for address in order if address in kept)


def _levelled(edges: Iterable[Edge], places: dict[str, int], *, above: bool) -> list[Track]:
    """Each edge on the innermost track that is free along its way, the short ways first."""
    taken: list[list[tuple[int, int]]] = []
    tracks = []
    for edge in sorted(edges, key=lambda edge: abs(places[edge.source] - places[edge.target])):
        first, last = sorted((places[edge.source], places[edge.target]))
        free = (level for level, ways in enumerate(taken) if not any(_meet(first, last, *way) for way in ways))
        level = next(free, len(taken))
        if level == len(taken):
            taken.append([])
        taken[level].append((first, last))
        tracks.append(Track(edge, above, level, first, last))
    return tracks


def _meet(first: int, last: int, other_first: int, other_last: int) -> bool:
    """Whether two ways on one track overlap; they may share the machine where one ends and the other begins."""
    if first == last or other_first == other_last:
        return first <= other_last and other_first <= last
    return first < other_last and other_first < last


def _spread(tracks: Sequence[Track]) -> list[Track]:
    """The tracks with their ends side by side on each machine: inner tracks outside, so that lines nest."""
    ends: dict[int, list[tuple[float, int, bool]]] = {}
    for number, track in enumerate(tracks):
        ends.setdefault(track.first, []).append((1.0 - track.level / 1000, number, track.above))
        ends.setdefault(track.last, []).append((-1.0 + track.level / 1000, number, not track.above))
    at: dict[tuple[int, bool], float] = {}
    for found in ends.values():
        for place, (_, number, leaves) in enumerate(sorted(found)):
            at[number, leaves] = (place + 1) / (len(found) + 1)
    return [replace(track, leaves=at[number, True], arrives=at[number, False]) for number, track in enumerate(tracks)]
