"""The measures of a media-path picture in pixels, the same for SVG and PNG; y grows downwards."""

from collections.abc import Iterable
from typing import NamedTuple

from collabtrace.views.canvas import length
from collabtrace.views.path_graph import Node, PathGraph
from collabtrace.views.path_tracks import Layout, Track

MARGIN, HEAD, BOX, TRACK, FIRST_TRACK, BEND = 16, 30, 58, 46, 40, 10
"""Pixels: around everything, for the title, a machine's height, one track, from a machine to its first track, a
corner's radius."""

NARROWEST, BETWEEN, END = 190, 150, 22
"""Pixels: a machine's least width, from one to the next, for each line that ends at it."""

CAPTION = 16
"""The size of type that takes as much room as a title does, which is bold."""


class Route(NamedTuple):
    """The way of one direction of media."""

    start: float
    """Where it leaves its source."""
    end: float
    """Where it reaches its target."""
    edge: float
    """The upper or lower edge of the machines, from top."""
    level: float
    """Its track, from top."""
    side: int
    """-1 above the machines, 1 below them."""

    @property
    def room(self) -> float:
        """For its words."""
        return abs(self.end - self.start) - 2 * BEND


class Frame(NamedTuple):
    """Where the machines are."""

    left: tuple[float, ...]
    """Of each machine's box."""
    wide: float
    """Of every box."""
    top: float
    """Of all boxes."""
    bottom: float
    """Of everything."""

    def width(self, captions: Iterable[str]) -> float:
        """Of the whole picture, with these lines above it."""
        ends = (left + self.wide for left in self.left)
        return max([*ends, *(length(line, CAPTION) for line in captions), 320]) + MARGIN

    def at(self, place: int, share: float) -> float:
        """The point at *share* of the width of a machine's box."""
        return self.left[place] + self.wide * share

    def route(self, track: Track) -> Route:
        """The way of a track: what goes to the right runs above, what goes to the left below."""
        first, last = (track.first, track.last) if track.above else (track.last, track.first)
        side, edge = (-1, self.top) if track.above else (1, self.top + BOX)
        level = edge + side * (FIRST_TRACK + TRACK * track.level)
        return Route(self.at(first, track.leaves), self.at(last, track.arrives), edge, level, side)


def framed(plan: Layout, top: float) -> Frame:
    """A picture that begins at *top*, with boxes wide enough for the lines that end at them."""
    ends: dict[tuple[int, bool], int] = {}
    for track in plan.tracks:
        for place in (track.first, track.last):
            ends[place, track.above] = ends.get((place, track.above), 0) + 1
    wide = max(NARROWEST, END * (max(ends.values(), default=0) + 1))
    above, below = plan.levels(above=True), plan.levels(above=False)
    left = tuple(float(MARGIN + place * (wide + BETWEEN)) for place in range(len(plan.addresses)))
    boxes = top + (FIRST_TRACK + TRACK * above - 16 if above else 8)
    return Frame(left, wide, boxes, boxes + BOX + (FIRST_TRACK + TRACK * below - 20 if below else 8))


def captions(paths: PathGraph, plan: Layout) -> list[str]:
    """The title, and what the picture or the capture does not show."""
    return [paths.title, *plan.remarks, *paths.remarks]


def machine_lines(node: Node) -> list[tuple[str, str]]:
    """What stands in a machine's box, each line with its class."""
    role = f"media of {node.owner}" if node.owner else node.role
    lines = [(node.name, "strong"), (node.address, "" if node.name else "strong"), (role, "muted")]
    return [(text, class_) for text, class_ in lines if text]
