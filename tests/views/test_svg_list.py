"""Sections without lanes as SVG."""

from dataclasses import replace

from defusedxml.ElementTree import fromstring

from collabtrace.views.rows import Arrow, Gap, Ladder, Note, Section
from collabtrace.views.svg_list import draw

ARROWS = (
    Arrow(10.0, "192.0.2.1", "192.0.2.9", "call 1: INVITE", (("x", 1),), info="terminated", table="dialogs", row=0),
    Gap(3.0),
    Arrow(12.5, "192.0.2.2", "192.0.2.9", "call 2: INVITE", (("x", 7),), mark="refused"),
)
SECTION = Section("legs-1", "Legs", (), ARROWS, start=10.0)


def test_every_arrow_is_a_line_that_names_its_machines() -> None:
    drawn, width, height = draw(Ladder("t", (SECTION,)), SECTION, 0, "listitem")
    texts = [element.text for element in fromstring(drawn).iter("text")]
    assert texts[2:7] == ["0.000", "#1", "192.0.2.1 → 192.0.2.9", "call 1: INVITE", "terminated"]
    assert texts[7:] == ["2.500", "#7", "192.0.2.2 → 192.0.2.9", "call 2: INVITE"]
    assert width > 400
    assert 60 < height < 120


def test_notes_stand_between_the_lines() -> None:
    noted = replace(SECTION, rows=(*ARROWS, Note(13, "talking", "a", "b")))
    drawn, _, height = draw(Ladder("t", ()), noted, 0, "listitem")
    assert [element.text for element in fromstring(drawn).iter("text")][-1] == "talking"
    assert height == draw(Ladder("t", ()), SECTION, 0, "listitem")[2] + 20


def test_its_rows_can_be_opened_like_those_of_a_ladder() -> None:
    drawn, _, _ = draw(Ladder("t", (SECTION,)), SECTION, 0, "button")
    rows = [group for group in fromstring(drawn).iter("g") if group.get("data-frame")]
    assert [(row.get("data-table"), row.get("data-row"), row.get("role")) for row in rows] == [
        ("dialogs", "0", "button"),
        ("messages", None, "button"),
    ]
    assert rows[1].get("class") == "row sip marked"
