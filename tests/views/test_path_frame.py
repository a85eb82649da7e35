"""The measures of a media-path picture."""

from dataclasses import replace

from collabtrace.views.path_frame import BOX, NARROWEST, captions, framed, machine_lines
from collabtrace.views.path_graph import Node, PathGraph
from collabtrace.views.path_tracks import layout
from tests.views.test_path_graph import edge
from tests.views.test_path_tracks import graph


def test_routes_lie_above_and_below_the_machines() -> None:
    plan = layout(graph("ab", edge("a", "b"), edge("b", "a")))
    frame = framed(plan, 0)
    forth, back = (frame.route(track) for track in plan.tracks)
    assert forth.level < forth.edge == frame.top
    assert back.level > back.edge == frame.top + BOX
    assert forth.start < forth.end
    assert back.start > back.end
    assert frame.bottom > back.level


def test_a_machine_is_as_wide_as_its_lines_need() -> None:
    many = layout(graph("ab", *[edge("a", "b") for _ in range(20)]))
    assert framed(many, 0).wide > framed(layout(graph("ab")), 0).wide == NARROWEST


def test_a_picture_without_media_says_so() -> None:
    nothing = replace(graph("ab"), remarks=("no media",))
    assert captions(nothing, layout(nothing)) == ["t", "no media"]
    assert captions(PathGraph("t", nothing.nodes, (edge("a", "b"),)), layout(nothing)) == ["t"]


def test_a_machine_says_name_address_and_role() -> None:
    assert machine_lines(Node("192.0.2.1", "CUCM", "between", None)) == [
        ("CUCM", "strong"),
        ("192.0.2.1", ""),
        ("between", "muted"),
    ]
    assert machine_lines(Node("192.0.2.9", None, "media", "192.0.2.1")) == [
        ("192.0.2.9", "strong"),
        ("media of 192.0.2.1", "muted"),
    ]
