"""Rows of a ladder as SVG."""

import pytest

from collabtrace.views.rows import Arrow, Gap, Ladder, Note, Row
from collabtrace.views.svg_rows import Lanes, draw, height

LANES = Lanes({"a": 200.0, "b": 400.0}, 500.0, 640.0, 0.0)


def arrow(**values: object) -> Arrow:
    return Arrow(1.5, "a", "b", "INVITE", (("x", 1),), **values)  # type: ignore[arg-type]


def svg(row: Row) -> str:
    return draw(row, LANES, Ladder("t", ()), 30.0, "listitem")


@pytest.mark.parametrize(
    ("row", "tall"),
    [
        (arrow(), 30),
        (arrow(info="500 packets"), 42),
        (arrow(mark="one line"), 54),
        (arrow(mark="two lines " * 12), 70),
        (Note(0, "hold", "a", "b"), 28),
        (Gap(3), 28),
    ],
)
def test_a_row_is_as_high_as_what_it_says(row: Row, tall: int) -> None:
    assert height(row, LANES) == tall


def test_a_refusal_has_a_class_of_its_own() -> None:
    assert 'class="row sip answer refused"' in svg(arrow(answer=True, status=488))
    assert 'class="row sip answer"' in svg(arrow(answer=True, status=399))


def test_the_times_stand_on_the_left() -> None:
    assert ">1.500</text>" in svg(arrow())
    assert ">+0.250</text>" in svg(arrow(delta=0.25))


def test_a_long_note_stays_within_the_lanes() -> None:
    assert "…" in svg(Note(0, "media: " + "video H264, " * 20, "a", "b"))


def test_an_arrow_for_what_lasts_says_until_when() -> None:
    assert "at 1.500 s, until 9.000 s" in svg(arrow(until=9.0))
