"""Media paths as SVG: machines in a row, what goes to the right above them, what goes to the left below.

A full line flowed; a broken one was agreed and not seen; a dotted one was seen though not agreed. The words on the
line say the same, with what was counted.
"""

from collections.abc import Iterable

from markupsafe import Markup

from collabtrace.views.canvas import box, document, fitted, group, length, number, words
from collabtrace.views.markup import element
from collabtrace.views.path_frame import BEND, BETWEEN, BOX, HEAD, MARGIN, Frame, captions, framed, machine_lines
from collabtrace.views.path_graph import FLOWED, NEVER_NEGOTIATED, UNAGREED, UNSEEN, Edge, Node, PathGraph
from collabtrace.views.path_tracks import Layout, Track, layout

STATES = {FLOWED: "flowed", UNSEEN: "unseen", UNAGREED: "unagreed", NEVER_NEGOTIATED: "unagreed"}
"""The class of an edge by its state."""

KINDS = frozenset(["audio", "video", "application"])
"""Kinds of media that have a colour of their own."""


def render(paths: PathGraph, *, standalone: bool = True) -> Markup:
    """The picture as an ``svg`` element."""
    plan = layout(paths)
    said = captions(paths, plan)
    frame = framed(plan, MARGIN + HEAD + 17 * len(said))
    bottom = frame.bottom
    legend, legend_width = _legend(paths, bottom + 24)
    width = max(frame.width(said), legend_width + MARGIN)
    nodes = {node.address: node for node in paths.nodes}
    content = [words(line, MARGIN, 26 + 17 * place, "muted" if place else "title") for place, line in enumerate(said)]
    content += _signalling(paths, plan, frame)
    content += [_track(track, frame) for track in plan.tracks]
    content += [_machine(nodes[address], frame, place) for place, address in enumerate(plan.addresses)]
    tall = bottom + 24 + (24 if legend else 0)
    return document(width, tall, paths.title, *content, *legend, standalone=standalone, class_="ct-paths")


def _machine(node: Node, frame: Frame, place: int) -> Markup:
    """A box with the machine's name, its address and what it is in the call."""
    lines = machine_lines(node)
    first = frame.top + BOX / 2 + 4 - 8 * (len(lines) - 1)
    told = [
        words(fitted(text, frame.wide - 12), frame.at(place, 0.5), first + 16 * line, f"mid {class_}".rstrip())
        for line, (text, class_) in enumerate(lines)
    ]
    return group(box(frame.left[place], frame.top, frame.wide, BOX, "panel", 6), *told)


def _track(track: Track, frame: Frame) -> Markup:
    """One direction of media: up or down from its source, along its track, and back to its target."""
    edge, way = track.edge, frame.route(track)
    side, bend = BEND * way.side, BEND if way.start <= way.end else -BEND
    line = (
        f"M{number(way.start)} {number(way.edge)}V{number(way.level - side)}q0 {side} {bend} {side}"
        f"H{number(way.end - bend)}q{bend} 0 {bend} {-side}V{number(way.edge + 8 * way.side)}"
    )
    head = f"M{number(way.end)} {number(way.edge)}l-4.5 {9 * way.side}h9z"
    middle = (way.start + way.end) / 2
    return element(
        "g",
        element("title", _told(edge)),
        element("path", d=line, class_="line"),
        element("path", d=head, class_="head"),
        words(fitted(edge.label, way.room), middle, way.level - 6, "label halo mid strong"),
        words(fitted(edge.observed, way.room, 11), middle, way.level + 14, "muted halo mid"),
        class_=f"way {edge.kind if edge.kind in KINDS else 'other'} {STATES[edge.state]}",
        data_frame=edge.first_frame,
        tabindex=0,
        role="img",
    )


def _told(edge: Edge) -> str:
    ports = f"ports {edge.ports}" if edge.ports else ""
    said = (edge.label, f"{edge.source} → {edge.target}", edge.observed, edge.protocol, ports)
    return ", ".join(filter(None, said))


def _signalling(paths: PathGraph, plan: Layout, frame: Frame) -> Iterable[Markup]:
    """A thin line between machines that exchange SIP, if there are only media addresses between them."""
    for first, last in plan.neighbours(paths.signalling):
        x1, x2, y = frame.at(first, 1), frame.at(last, 0), frame.top + BOX / 2
        line = element("path", d=f"M{number(x1)} {number(y)}H{number(x2)}", class_="rail")
        yield group(line, words("SIP", x2 - BETWEEN / 2, y + 4, "muted halo mid"))


def _legend(paths: PathGraph, y: float) -> tuple[list[Markup], float]:
    """A sample of every kind of line in the picture, if there are several."""
    states = [state for state in STATES if any(edge.state == state for edge in paths.edges)]
    if states in ([], [FLOWED]):
        return [], 0
    x, drawn = float(MARGIN), []
    for state in states:
        sample = element("path", d=f"M{number(x)} {number(y)}h34", class_="line")
        drawn.append(group(sample, words(state, x + 42, y + 4, "muted"), class_=STATES[state]))
        x += 64 + length(state, 11)
    return drawn, x
