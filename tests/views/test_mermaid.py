"""Ladders as Mermaid: every line is a statement of a sequence diagram, whatever the text in it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabtrace.views.ladder import plan
from collabtrace.views.mermaid import LONGEST, escape, render
from collabtrace.views.rows import Arrow, Gap, Ladder, Lane, Note, Section
from tests.views.cases import simple_case

TEXT = r"(?:[^#;:<>{}\[\]\"`\\\n\r]|#\d+;)*"
STATEMENT = re.compile(
    rf"    (?:participant m\d+ as (?:{TEXT}<br/>)?{TEXT}"
    rf"|Note over m\d+(?:,m\d+)?: {TEXT}"
    rf"|m\d+(?:->>|-->>|-\)|--\)|-x)m\d+: {TEXT})"
)


def assert_is_a_diagram(text: str) -> None:
    first, *statements, last = text.split("\n")
    assert (first, last) == ("sequenceDiagram", "")
    for statement in statements:
        assert STATEMENT.fullmatch(statement), statement


def test_a_call() -> None:
    text = render(plan(simple_case(), 1, hits={("a.pcapng", 5): "one way"}))
    assert_is_a_diagram(text)
    assert "    participant m0 as Softphone 1.2<br/>192.0.2.10\n" in text
    assert "    m0->>m1: INVITE (SDP) (0.000 s #35;1)\n" in text
    assert "    m1-->>m0: 180 Ringing (0.100 s #35;2)\n" in text
    assert "    m0-)m1: RTP audio PCMU 500 packets, no loss, 10.0 s (1.700 s #35;5)\n" in text
    assert "    Note over m0,m1: !! one way\n" in text


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("a; b", "a#59; b"),
        ("#1", "#35;1"),
        ("a\nb: c", "a#10;b#58; c"),
        ("<b>", "#60;b#62;"),
        ("the end", "the #101;nd"),
        ("bend", "bend"),
        ("%%{init}", "%%#123;init#125;"),
    ],
)
def test_escaping(text: str, escaped: str) -> None:
    assert escape(text) == escaped


def test_a_machine_alone_and_a_silence() -> None:
    rows = (Gap(9), Arrow(0, "a", "a", "x", (("f", 1),), kind="event"), Note(0, "n", "a", "a"))
    section = Section("s", "t", (Lane("a"),), rows)
    assert_is_a_diagram(render(Ladder("t", (section,))))


def test_a_section_without_lanes_is_a_comment() -> None:
    text = render(Ladder("t", (Section("s", "Legs", (), ()),)))
    assert text == "sequenceDiagram\n    %% Legs has too many machines for a diagram\n"


def test_a_long_diagram_asks_for_the_room_it_takes() -> None:
    rows = tuple(Arrow(n, "a", "b", "INFO", (("f", n),)) for n in range(2000))
    text = render(Ladder("t", (Section("s", "t", (Lane("a"), Lane("b")), rows),)))
    first, second, *_ = text.split("\n")
    asked = re.fullmatch(r"%%\{init: \{'maxTextSize': (\d+)\} \}%%", first)
    assert asked
    assert int(asked[1]) >= len(text) > LONGEST
    assert second == "sequenceDiagram"


@given(st.text())
def test_any_text_stays_within_its_statement(said: str) -> None:
    arrow = Arrow(0, "a", "b", said, (("f", 1),), mark=said)
    lanes = (Lane("a", said), Lane("b"))
    assert_is_a_diagram(render(Ladder("t", (Section("s", said, lanes, (arrow, Note(0, said, "a", "b"))),))))
