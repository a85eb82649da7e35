"""Media paths as PNG: the same picture as ``path_svg``, on white."""

from collabtrace.views.canvas import fitted
from collabtrace.views.figure import Figure, Words
from collabtrace.views.path_frame import BETWEEN, BOX, HEAD, MARGIN, Frame, captions, framed, machine_lines
from collabtrace.views.path_graph import FLOWED, UNSEEN, Node, PathGraph
from collabtrace.views.path_tracks import Track, layout

COLOURS = {"audio": "rtp", "video": "sip", "application": "bfcp"}
"""The role of the colour of each kind of media; others have that of ``dtmf``."""

BROKEN, DOTTED = "8 6", "2 4"


def render(paths: PathGraph) -> bytes:
    """The picture as the bytes of a PNG file."""
    figure, plan = Figure(), layout(paths)
    said = captions(paths, plan)
    frame = framed(plan, MARGIN + HEAD + 17 * len(said))
    for place, line in enumerate(said):
        role, size = ("muted", 12) if place else ("ink", 14)
        figure.words.append(Words(MARGIN, 26 + 17 * place, line, role, size=size, strong=not place))
    for first, last in plan.neighbours(paths.signalling):
        y = frame.top + BOX / 2
        figure.line([(frame.at(first, 1), y), (frame.at(last, 0), y)], "rail")
        figure.words.append(Words(frame.at(last, 0) - BETWEEN / 2, y + 4, "SIP", "muted", "center", 11, halo=True))
    nodes = {node.address: node for node in paths.nodes}
    for place, address in enumerate(plan.addresses):
        _machine(figure, frame, nodes[address], place)
    for track in plan.tracks:
        _track(figure, frame, track)
    return figure.png(frame.width(said), frame.bottom + 24)


def _machine(figure: Figure, frame: Frame, node: Node, place: int) -> None:
    """A box with the machine's name, its address and what it is in the call."""
    figure.box(frame.left[place], frame.top, frame.wide, BOX)
    lines = machine_lines(node)
    first = frame.top + BOX / 2 + 4 - 8 * (len(lines) - 1)
    for line, (text, class_) in enumerate(lines):
        role, said = "muted" if class_ == "muted" else "ink", fitted(text, frame.wide - 12)
        x, y = frame.at(place, 0.5), first + 16 * line
        figure.words.append(Words(x, y, said, role, "center", strong=class_ == "strong"))


def _track(figure: Figure, frame: Frame, track: Track) -> None:
    """One direction of media; what was agreed and not seen says so, is broken and has a hollow head."""
    edge, way = track.edge, frame.route(track)
    role = COLOURS.get(edge.kind, "dtmf")
    dash = None if edge.state == FLOWED else BROKEN if edge.state == UNSEEN else DOTTED
    corners = [(way.start, way.edge), (way.start, way.level), (way.end, way.level), (way.end, way.edge + 8 * way.side)]
    figure.line(corners, role, dash)
    figure.head(way.end, way.edge, "down" if track.above else "up", role, hollow=edge.state == UNSEEN)
    middle = (way.start + way.end) / 2
    figure.words.append(Words(middle, way.level - 6, fitted(edge.label, way.room), role, "center", strong=True))
    figure.words.append(Words(middle, way.level + 14, fitted(edge.observed, way.room, 11), "muted", "center", 11))
