"""Ladders as PNG."""

from collabtrace.views.ladder import plan
from collabtrace.views.ladder_png import render
from collabtrace.views.rows import Arrow, Gap, Ladder, Lane, Note, Section
from tests.views.cases import simple_case
from tests.views.test_figure import size


def ladder_of(rows: int) -> Ladder:
    arrows = tuple(Arrow(n, "a", "b", "INFO", (("x", n),)) for n in range(rows))
    return Ladder("t", (Section("call-1", "Call 1", (Lane("a", "alice"), Lane("b")), arrows),))


def test_a_call_is_one_column() -> None:
    wide, tall = size(render(plan(simple_case(), 1, hits={("a.pcapng", 5): "one way " * 20})))
    assert wide < 1200
    assert 500 < tall < 900


def test_a_long_ladder_stands_in_columns() -> None:
    short, long = size(render(ladder_of(20))), size(render(ladder_of(320)))
    assert round(long[0] / short[0]) == 3


def test_a_ladder_that_is_too_long_says_what_it_shows() -> None:
    whole, part = size(render(ladder_of(10))), size(render(ladder_of(50), 10))
    # The same picture, and a line that says what was left out.
    assert whole[0] == part[0]
    assert whole[1] < part[1] < whole[1] + 50


def test_every_kind_of_row() -> None:
    rows = (Arrow(0, "a", "a", "RTP", (("x", 1),), kind="rtp", info="9 packets"), Gap(3), Note(4, "hold", "a", "b"))
    ladder = Ladder("t", (Section("c", "C", (Lane("a"), Lane("b")), rows),), ("x", "y"), ("a remark",))
    assert size(render(ladder))[0] > 0


def test_a_section_without_lanes() -> None:
    rows = (Arrow(0, "a", "b", "x", (("f", 1),)), Gap(3), Note(4, "hold", "a", "b"))
    assert size(render(Ladder("t", (Section("c", "C", (), rows),))))[0] > 0


def test_many_lanes_leave_fewer_columns() -> None:
    arrows = tuple(Arrow(n, "0", "1", "INFO", (("x", n),)) for n in range(1500))
    wide, tall = size(render(Ladder("t", (Section("c", "C", tuple(Lane(str(n)) for n in range(24)), arrows),))))
    assert wide < 40_000
    assert wide * tall < 60_000_000


def test_an_empty_ladder_is_a_picture_too() -> None:
    assert size(render(Ladder("t", ())))[0] > 0
