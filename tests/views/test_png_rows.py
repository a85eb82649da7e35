"""Rows of a ladder in a PNG picture."""

import pytest

from collabtrace.views.figure import Figure
from collabtrace.views.png_rows import Room, draw, height
from collabtrace.views.rows import Arrow, Gap, Ladder, Note, Row

ROOM = Room({"a": 240.0, "b": 460.0}, 0.0, 570.0, 0.0)


def arrow(target: str = "b", **values: object) -> Arrow:
    return Arrow(1.5, "a", target, "INVITE", (("x", 1),), **values)  # type: ignore[arg-type]


def said(row: Row) -> list[str]:
    figure = Figure()
    draw(figure, Ladder("t", ()), row, ROOM, 100)
    return [words.said for words in figure.words]


@pytest.mark.parametrize(
    ("row", "tall"),
    [(arrow(), 30), (arrow(info="x"), 42), (arrow(mark="x"), 48), (Note(0, "x", "a", "b"), 26), (Gap(2), 24)],
)
def test_heights(row: Row, tall: float) -> None:
    assert height(row, ROOM) == tall


def test_an_arrow_has_its_times_frame_and_label() -> None:
    assert said(arrow(delta=0.5, info="9 packets")) == ["INVITE", "9 packets", "1.500", "+0.500", "#1"]


def test_what_a_finding_says_is_wrapped_behind_a_sign() -> None:
    words = said(arrow(mark="no packet came back " * 6))
    assert "▲" in words
    assert sum("packet" in line for line in words) >= 2


def test_where_there_are_no_lanes_a_row_names_its_machines() -> None:
    figure = Figure()
    draw(figure, Ladder("t", ()), arrow(), Room({}, 0.0, 790.0, 0.0), 100)
    assert figure.words[0].said == "a → b"


def test_an_arrow_to_itself_a_note_and_a_gap() -> None:
    assert said(arrow("a"))[0].strip() == "INVITE"
    assert said(Note(0, "hold", "a", "b")) == ["hold"]
    assert said(Gap(12)) == ["12.0 s without a message"]
