"""Findings in the report."""

from dataclasses import replace

from collabtrace import samples
from collabtrace.findings import Diagnosis
from collabtrace.reports.anchors import Anchors
from collabtrace.reports.findings import Findings, finding_card
from collabtrace.schema import Evidence, Finding
from collabtrace.sessions.case import read_case
from tests.reports.markup_reader import Node, read

FOUND = Finding(
    rule="rtp-loss", severity="major", confidence="proved", title="Loss", message="10 % are lost", calls=(),
    evidence=(), display_filter="frame.number in {9}", remedy=(), references=(),
)  # fmt: skip


def facts(card: Node) -> dict[str, str]:
    return {entry.one("dt").text: entry.one("dd").text for entry in card.one("dl").all("div")}


def test_a_finding_says_what_was_found_and_what_to_do(diagnosis: Diagnosis, anchors: Anchors) -> None:
    card = read(Findings(diagnosis, anchors).html()).one("article")
    assert card.one("h3").text == "✕ major Packets are lost on the way back"
    assert facts(card) == {
        "Confidence": "proved",
        "Rule": "lossy-way-back",
        "Calls": "call 1",
        "Wireshark display filter": "rtp",
    }
    assert [heading.text for heading in card.all("h4")] == ["What to do next", "References"]
    assert [step.text for step in card.one("ol").all("li")] == ["Look at the router.", "Look again."]


def test_its_frames_lead_to_the_messages_in_them(diagnosis: Diagnosis, anchors: Anchors) -> None:
    card = read(Findings(diagnosis, anchors).html()).one("article")
    first = anchors.case.calls[0].first_frame
    assert card.one("table").rows() == [[str(first), "the INVITE"], ["9999", "a gap"]]
    assert card.one("table").one("a").attributes == {"href": f"#{anchors.frame('scene.pcapng', first)}"}


def test_what_was_checked_is_told_with_why_a_rule_could_not_tell(diagnosis: Diagnosis, anchors: Anchors) -> None:
    checked = read(Findings(diagnosis, anchors).html()).one("details")
    assert "open" not in checked.attributes
    assert checked.one("table").rows() == [
        ["lossy-way-back", "1", "0", "0", "–"],
        ["one-way-audio", "0", "1", "1", "the capture starts after the offer"],
    ]
    assert checked.one("p").text == "The capture holds nothing to judge for never-asked."


def test_where_nothing_was_found_what_was_checked_is_open(diagnosis: Diagnosis, anchors: Anchors) -> None:
    none = Diagnosis(diagnosis.findings.take([]), diagnosis.judgements, diagnosis.checked)
    shown = read(Findings(none, anchors).html())
    assert shown.all("p")[0].text == "No rule found a fault."
    assert "open" in shown.one("details").attributes


def test_without_rules_the_section_says_that_nothing_was_judged(nothing_found: Diagnosis, anchors: Anchors) -> None:
    assert "nothing was judged" in Findings(nothing_found, anchors).html()


def test_folded_what_to_do_waits_to_be_opened(diagnosis: Diagnosis, anchors: Anchors) -> None:
    card = read(finding_card(diagnosis.findings[0], anchors, folded=True)).one("article")
    assert card.one("details").one("summary").text == "What to do next"
    assert [step.text for step in card.one("details").one("ol").all("li")] == ["Look at the router.", "Look again."]


def test_of_several_captures_the_filter_of_frames_names_its_file() -> None:
    with read_case([samples.find("sipp-tcp-caller"), samples.find("sipp-tcp-callee")]) as case:
        found = replace(FOUND, evidence=(Evidence("sipp_tcp_caller.pcapng", 9, "b"), Evidence("a.pcapng", 4, "a")))
        card = read(finding_card(found, Anchors(case, (), conversations=0))).one("article")

    assert card.one("table").rows() == [["4", "a.pcapng", "a"], ["9", "sipp_tcp_caller.pcapng", "b"]]
    assert facts(card)["Wireshark display filter for sipp_tcp_caller.pcapng"] == "frame.number in {9}"
