"""Ladders as text: what a terminal shows."""

import re

from hypothesis import given
from hypothesis import strategies as st

from collabtrace.views.ladder import plan
from collabtrace.views.rows import Arrow, Gap, Ladder, Lane, Section
from collabtrace.views.text import render
from collabtrace.views.widths import columns
from tests.views.cases import ALICE, BOB, case, message, simple_case

LADDER = """\
Call 1: alice@example.com → bob@example.com, answered
  begins 2023-11-14 22:13:20.000 UTC
     Softphone 1.2          203.0.113.20
      192.0.2.10
           │─── INVITE (SDP) ────>│             0.000            #1    1 INVITE
           │<╌╌╌╌ 180 Ringing ╌╌╌╌│             0.100    +0.100  #2    1 INVITE
           │<╌╌╌ 200 OK (SDP) ╌╌╌╌│             1.500    +1.400  #3    1 INVITE
           │~ media: audio PCMU ~~│
           │──────── ACK ────────>│             1.600    +0.100  #4    1 ACK
           │══ RTP audio PCMU ═══>│             1.700    +0.100  #5  500 packets, no loss, 10.0 s
           │                      │                  !! nobody hears it
           │<══ RTP audio PCMU ═══│             1.800    +0.100  #6  495 packets, 5 lost (1 %), 10.0 s
           │~~~ talking 11.0 s ~~~│
           │<──────── BYE ────────│            12.500   +10.700  #900  2 BYE
           │╌╌╌╌╌╌ 200 OK ╌╌╌╌╌╌╌>│            12.600    +0.100  #901  2 BYE
"""


def test_a_ladder() -> None:
    assert render(plan(simple_case(), 1, hits={("a.pcapng", 5): "nobody hears it"})) == LADDER


def test_ascii_only() -> None:
    lines = render(plan(simple_case(), 1), ascii_only=True).splitlines()
    assert lines[0] == "Call 1: alice@example.com > bob@example.com, answered"
    assert lines[4] == "           |--- INVITE (SDP) ---->|             0.000            #1    1 INVITE"


def test_a_silence_breaks_the_lanes() -> None:
    text = render(plan(case([message(1, 0, ALICE, BOB, "INVITE"), message(2, 9, BOB, ALICE, "180 Ringing INVITE")]), 1))
    assert "┊" in next(line for line in text.splitlines() if "(9.0 s without a message)" in line)


def test_where_lanes_do_not_fit_each_row_says_its_machines() -> None:
    text = render(plan(simple_case(), 1), width=50)
    assert "#1    1 INVITE  192.0.2.10 → 203.0.113.20  INVITE (SDP)\n" in text
    assert "│" not in text


def test_several_capture_points_are_named() -> None:
    there = message(70, 0.0, ALICE, BOB, "INVITE", file="b.pcapng")
    text = render(plan(case([message(1, 0, ALICE, BOB, "INVITE"), there]), 1))
    assert text.startswith("A = a.pcapng, B = b.pcapng\n")
    assert "A#1 B#70" in text


def test_what_findings_say_is_never_cut() -> None:
    said = " ".join(f"word{number}" for number in range(20))
    text = render(plan(simple_case(), 1, hits={("a.pcapng", 5): said}), width=90)
    assert re.findall(r"word\d+", text) == said.split()


def test_legs_and_sections_have_their_headings() -> None:
    sections = (Section("a", "Call 1", (), ()), Section("b", "Call 2", (), ()))
    text = render(Ladder("All calls", sections, remarks=("one",)))
    assert text.splitlines()[:4] == ["All calls", "one", "", "Call 1"]


@given(st.text(min_size=1), st.integers(60, 140))
def test_no_row_is_wider_than_the_terminal(label: str, width: int) -> None:
    lanes = (Lane("a", label), Lane("b"))
    rows = (Arrow(0, "a", "b", label, (("x", 1),), info=label, mark=label), Gap(3.0))
    lines = render(Ladder("", (Section("s", "", lanes, rows),)), width=width).split("\n")
    assert all(columns(line) <= width for line in lines)


def test_what_is_said_of_an_arrow_gets_a_line_of_its_own_where_it_does_not_fit() -> None:
    arrow = Arrow(0, "a", "b", "REGISTER", (("x", 1),), cseq="1 REGISTER", info="until 4846.123 s, 3 retransmissions")
    ladder = Ladder("t", (Section("s", "t", (Lane("a"), Lane("b")), (arrow,)),))
    assert render(ladder, width=200).splitlines()[-1].endswith("1 REGISTER  until 4846.123 s, 3 retransmissions")
    drawn, said = render(ladder, width=90).splitlines()[-2:]
    assert "REGISTER" in drawn
    assert said.endswith("until 4846.123 s, 3 retransmissions")
