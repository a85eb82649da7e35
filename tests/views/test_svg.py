"""Ladders as SVG: well-formed, with a row for every arrow, and nothing that runs."""

from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring
from hypothesis import given, settings
from hypothesis import strategies as st

from collabtrace.views.ladder import plan
from collabtrace.views.rows import Arrow, Gap, Ladder, Lane, Note, Section
from collabtrace.views.svg import HEADS_EVERY, render
from tests.views.cases import ALICE, BOB, case, message, simple_call, simple_case

SVG = "{http://www.w3.org/2000/svg}"


def drawn(ladder: Ladder) -> Element:
    return fromstring(render(ladder))


def arrows(root: Element) -> list[Element]:
    return [group for group in root.iter(f"{SVG}g") if "row" in (group.get("class") or "").split()]


def texts(root: Element) -> list[str]:
    return [element.text or "" for element in root.iter(f"{SVG}text")]


def ladder_of(*rows: Arrow | Note | Gap, lanes: tuple[Lane, ...] = (Lane("a"), Lane("b"))) -> Ladder:
    return Ladder("t", (Section("call-1", "Call 1", lanes, rows),))


def test_every_arrow_is_a_row_that_can_be_opened() -> None:
    rows = arrows(drawn(plan(simple_case(), 1)))
    assert [row.get("data-frame") for row in rows] == ["1", "2", "3", "4", "5", "6", "900", "901"]
    assert [row.get("data-table") for row in rows] == [*["messages"] * 4, "streams", "streams", "messages", "messages"]
    assert all(row.get("tabindex") == "0" for row in rows)
    assert (rows[0].get("data-row"), rows[0].get("data-file")) == ("0", "a.pcapng")


def test_an_arrow_says_what_it_is_to_who_cannot_see_it() -> None:
    title = arrows(drawn(plan(simple_case(), 1)))[1].find(f"{SVG}title")
    assert title is not None
    assert title.text == (
        "180 Ringing, 203.0.113.20 → 192.0.2.10, 203.0.113.20:5060 → 192.0.2.10:5060 UDP, 400 bytes, "
        "CSeq 1 INVITE, frame #2, at 0.100 s"
    )


def test_kinds_answers_and_marks_are_classes() -> None:
    rows = arrows(drawn(plan(simple_case(), 1, hits={("a.pcapng", 5): "one way"})))
    assert [row.get("class") for row in rows[:2]] == ["row sip", "row sip answer"]
    assert rows[4].get("class") == "row rtp marked"


def test_what_a_finding_says_stands_at_its_arrow() -> None:
    assert "nobody hears it" in texts(drawn(plan(simple_case(), 1, hits={("a.pcapng", 5): "nobody hears it"})))


def test_a_header_with_a_script_stays_text() -> None:
    nasty = "<script>alert(1)</script>"
    busy = message(2, 0.1, BOB, ALICE, "486 Busy INVITE", reason=nasty)
    svg = render(plan(case([simple_call()[0], busy]), 1))
    assert "<script" not in svg
    assert f"486 {nasty}" in texts(fromstring(svg))


def test_in_a_page_a_drawing_has_no_style_and_its_rows_are_what_the_page_makes_of_them() -> None:
    svg = render(plan(simple_case(), 1), standalone=False, role="button")
    assert "<style" not in svg
    assert 'role="button"' in svg


def test_a_drawing_by_itself_has_an_anchor_for_every_call() -> None:
    assert 'id="call-1"' in render(plan(simple_case(), 1))
    assert 'id="call-1"' not in render(plan(simple_case(), 1), standalone=False)


def test_a_section_without_lanes_is_a_list() -> None:
    root = drawn(ladder_of(Arrow(0, "a", "b", "INVITE", (("x", 1),)), lanes=()))
    assert len(arrows(root)) == 1
    assert "a → b" in texts(root)


def test_machines_are_named_again_in_a_long_ladder() -> None:
    rows = [Arrow(at, "a", "b", "INFO", (("x", at),)) for at in range(2 * HEADS_EVERY + 1)]
    assert texts(drawn(ladder_of(*rows))).count("a") == 3


def test_notes_gaps_and_arrows_from_a_machine_to_itself() -> None:
    loops = Arrow(0, "a", "a", "RTP", (("x", 1),)), Arrow(1, "b", "b", "BYE", (("x", 1),))
    rows = (loops[0], Gap(12.0), Note(1, "talking", "a", "a"), loops[1])
    said = texts(drawn(ladder_of(*rows)))
    assert {"RTP", "12.0 s without a message", "talking", "BYE"} <= set(said)


def test_capture_points_and_remarks_come_first() -> None:
    ladder = Ladder("t", (), ("x.pcap", "y.pcap"), ("a remark",))
    assert texts(drawn(ladder)) == ["A = x.pcap, B = y.pcap", "a remark"]


def test_sections_with_the_same_machines_have_their_lanes_in_line() -> None:
    lanes = (Lane("a"), Lane("b"))
    wide = Section("2", "", lanes, (Arrow(0, "a", "b", "a label that wants much room", (("x", 1),)),))
    root = drawn(Ladder("t", (Section("1", "", lanes, ()), wide)))
    rails = [path.get("d", "").partition(" ")[0] for path in root.iter(f"{SVG}path") if path.get("class") == "rail"]
    assert rails[:2] == rails[2:]


@settings(max_examples=60)
@given(st.text(alphabet=st.characters(codec=None)), st.text(alphabet=st.characters(codec=None)))
def test_any_text_gives_well_formed_xml(label: str, name: str) -> None:
    arrow = Arrow(0, "a", "b", label, (("x", 1),), info=label, detail=name, mark=name)
    root = drawn(ladder_of(arrow, Note(1, label, "a", "b"), lanes=(Lane("a", name), Lane("b"))))
    assert len(arrows(root)) == 1
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert tags <= {"svg", "style", "g", "rect", "path", "text", "title"}
