"""Lanes of a text ladder."""

import pytest

from collabtrace.views.rails import Rails
from collabtrace.views.rows import Arrow, Lane, Section

SECTION = Section("call-1", "", (Lane("a", "alice"), Lane("p"), Lane("b")), ())


def rails(section: Section = SECTION, width: int = 60) -> Rails:
    fitting = Rails.fitting(section, width)
    assert fitting
    return fitting


def arrow(source: str, target: str, label: str = "INVITE", **values: object) -> str:
    return rails().arrow(Arrow(0, source, target, label, (("x", 1),), **values))  # type: ignore[arg-type]


def test_lanes_have_their_names_above_them() -> None:
    names, addresses = rails().heading()
    assert names.split() == ["alice", "p", "b"]
    assert addresses.strip() == "a"
    assert names.index("p") == rails().rest().index("│", 10)


@pytest.mark.parametrize(
    ("drawn", "expected"),
    [
        (arrow("a", "p"), "       │── INVITE ───>│              │"),
        (arrow("p", "a", "200 OK", answer=True), "       │<╌╌ 200 OK ╌╌╌│              │"),
        (arrow("a", "b", "RTP", kind="rtp"), "       │═══════════ RTP ════════════>│"),
        (arrow("b", "p", "BYE"), "       │              │<──── BYE ────│"),
        (arrow("a", "a"), "       │<─ INVITE     │              │"),
        (arrow("b", "b"), "       │              │     INVITE ─>│"),
        (arrow("a", "p", "NOT AT ALL SHORT"), "       │ NOT AT AL… ─>│              │"),
    ],
)
def test_arrows(drawn: str, expected: str) -> None:
    assert drawn.rstrip() == expected


def test_a_note_spans_its_lanes_or_does_not_fit() -> None:
    assert (rails().note("a", "b", "talking") or "").rstrip() == "       │~~~~~~~~~~ talking ~~~~~~~~~~│"
    assert rails().note("a", "p", "media: audio PCMU") is None
    assert rails().note("a", "a", "hold") is None


def test_lanes_are_as_far_apart_as_their_labels_want() -> None:
    wide = Section("call-1", "", (Lane("a"), Lane("b")), (Arrow(0, "a", "b", "re-INVITE (SDP)", (("x", 1),)),))
    assert rails(wide, 100).spacing == 21


def test_too_many_lanes_do_not_fit() -> None:
    assert Rails.fitting(SECTION, 40) is None


def test_no_lanes_do_not_fit() -> None:
    assert Rails.fitting(Section("call-1", "", (), ()), 100) is None
