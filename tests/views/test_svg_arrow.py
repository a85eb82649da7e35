"""One arrow as SVG."""

from collabtrace.views.rows import Arrow
from collabtrace.views.svg_arrow import draw

PLACES = {"a": 200.0, "b": 400.0}


def svg(source: str, target: str, **values: object) -> str:
    arrow = Arrow(0, source, target, "INVITE (SDP)", (("x", 1),), **values)  # type: ignore[arg-type]
    return "".join(draw(arrow, PLACES, 500.0))


def test_an_arrow_ends_with_its_head_at_the_other_lane() -> None:
    assert '<path d="M200 21H393" class="line"/><path d="M400 21l-9-4.5v9z" class="head"/>' in svg("a", "b")


def test_an_arrow_to_the_left_points_left() -> None:
    assert '<path d="M400 21H207" class="line"/><path d="M200 21l9-4.5v9z" class="head"/>' in svg("b", "a")


def test_media_has_two_lines() -> None:
    assert 'd="M200 19.5H393M200 22.5H393"' in svg("a", "b", kind="rtp")


def test_a_label_that_does_not_fit_is_cut() -> None:
    assert ">INV…</text>" in "".join(draw(Arrow(0, "a", "b", "INVITE", (("x", 1),)), {"a": 0.0, "b": 42.0}, 500.0))


def test_an_arrow_to_itself_is_a_loop_on_the_side_where_there_is_room() -> None:
    assert "h20v12h-13" in svg("a", "a")
    assert "h-20v12h13" in svg("b", "b")
