"""Media paths as PNG: the same picture as ``path_svg``, on white."""

from collabtrace.views.canvas import fitted
from collabtrace.views.figure import Figure, Words
from collabtrace.views.path_frame import BOX, HEAD, MARGIN, Frame, captions, framed, machine_lines
from collabtrace.views.path_graph import FLOWED, UNSEEN, PathGraph
from collabtrace.views.path_tracks import Track, layout

COLOURS = {"audio": "rtp", "video": "sip", "application": "bfcp"}
"""The role of the colour of each kind of media; others have that of ``dtmf``."""

BROKEN, DOTTED = "8 6", "2 4"


def render(paths: PathGraph) -> bytes:
    """The picture as the bytes of a PNG file."""
    figure, plan = Figure(), layout(paths)
    said = captions(paths, plan)
    frame = framed(plan, MARGIN + HEAD + 17 * len(said))
    figure.words += [
        Words(MARGIN, 26 + 17 * place, line, "muted" if place else "ink", size=12 if place else 14, strong=not place)
        for place, line in enumerate(said)
    ]
    for first, last in plan.neighbours(paths.signalling):
        y = frame.top + BOX / 2
        figure.line([(frame.at(first, 1), y), (frame.at(last, 0), y)], "rail")
        figure.words.append(Words(frame.at(last, 0) - 75, y + 4, "SIP", "muted", "center", 11, halo=True))
    nodes = {node.address: node for node in paths.nodes}
    for place, address in enumerate(plan.addresses):
        figure.box(frame.left[place], frame.top, frame.wide, BOX)
        lines = machine_lines(nodes[address])
        first_line = frame.top + BOX / 2 + 4 - 8 * (len(lines) - 1)
        figure.words += [
            Words(
                frame.at(place, 0.5),
                first_line + 16 * line,
                fitted(text, frame.wide - 12),
                _role(class_),
                "center",
                strong=class_ == "strong",
            )
            for line, (text, class_) in enumerate(lines)
        ]
    for track in plan.tracks:
        _track(figure, frame, track)
    return figure.png(frame.width(said), frame.bottom + 24)


def _role(class_: str) -> str:
    return "muted" if class_ == "muted" else "ink"


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
