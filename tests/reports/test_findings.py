"""Findings in the report."""

from collabtrace.findings import Diagnosis
from collabtrace.reports.anchors import Anchors
from collabtrace.reports.findings import Findings
from tests.reports.markup_reader import Node, read


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
