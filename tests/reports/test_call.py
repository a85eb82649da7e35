"""One call whole."""

from collabtrace.findings import Diagnosis
from collabtrace.reports.anchors import Anchors
from collabtrace.reports.by_call import ByCall
from collabtrace.reports.call import MOST_CALL_IDS, OneCall, display_filter
from collabtrace.sessions.case import Case
from tests.reports.markup_reader import read


def test_a_call_has_its_facts_its_findings_and_its_sections(by_call: ByCall, case: Case) -> None:
    shown = read(OneCall(by_call, case.calls[0]).html())
    assert [heading.text for heading in shown.all("h4")] == [
        "✕ major Packets are lost on the way back",
        "Ladder",
        "Legs",
        "Media negotiated",
        "Streams (RTP)",
        "Media paths",
        "Messages",
    ]
    assert "✓ answered" in [value.text for value in shown.all("dd")]
    assert all(section.attributes["aria-labelledby"] for section in shown.all("section"))


def test_floor_control_is_shown_where_there_is_some(sharing: Case, nothing_found: Diagnosis) -> None:
    call = OneCall(ByCall(Anchors(sharing), nothing_found), sharing.calls[0])
    assert "Floor control (BFCP)" in [section.title for _, section in call.sections()]


def test_the_title_says_who_called_whom(by_call: ByCall, case: Case) -> None:
    assert OneCall(by_call, case.calls[0]).title == "Call 1: alice@example.com → bob@example.com"


def test_the_display_filter_names_every_leg_and_quotes_what_must_be_quoted() -> None:
    assert display_filter(("a@x", 'b"\\')) == 'sip.Call-ID == "a@x" || sip.Call-ID == "b\\"\\\\"'
    assert display_filter(("a",) * 99).count("||") == MOST_CALL_IDS - 1
