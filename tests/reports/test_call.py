"""One call whole."""

from pathlib import Path

from collabtrace.columns import Table
from collabtrace.findings import Diagnosis
from collabtrace.reports.anchors import Anchors
from collabtrace.reports.by_call import ByCall
from collabtrace.reports.call import MOST_CALL_IDS, OneCall, display_filter
from collabtrace.schema import Finding
from collabtrace.sessions.case import Case, read_case
from collabtrace.testing import Scene, audio, files
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


def facts_of(scene: Scene, folder: Path, hidden: bytes | None = None) -> dict[str, str]:
    """The facts of the only call, of which the capture holds all but the messages with *hidden* in their text."""
    path = folder / "part.pcapng"
    path.write_bytes(files.pcapng([each for each in scene.packets() if hidden is None or hidden not in each[1]]))
    with read_case([path]) as case:
        by_call = ByCall(Anchors(case), Diagnosis(Table.empty(Finding), (), ()))
        shown = read(OneCall(by_call, case.calls[0]).html())
        names, values = (shown.all("dl")[0].all(name) for name in ("dt", "dd"))
        return {name.text: value.text for name, value in zip(names, values, strict=True)}


def answered_call() -> Scene:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    scene.call(alice, bob, media=[audio("PCMU")]).hang_up(alice)
    return scene


def refused_call() -> Scene:
    scene = Scene()
    scene.dial(scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")).reject(486)
    return scene


def test_a_call_whose_invite_was_refused_was_never_answered(tmp_path: Path) -> None:
    assert facts_of(refused_call(), tmp_path)["Answered"] == "never"


def test_a_refusal_without_its_invite_does_not_say_never(tmp_path: Path) -> None:
    told = facts_of(refused_call(), tmp_path, hidden=b"INVITE sip:")
    assert told["Answered"] == "not in the capture"
    assert told["Started"].startswith("not in the capture; first message 2026-")


def test_a_call_of_which_only_the_end_was_captured_was_answered_before(tmp_path: Path) -> None:
    told = facts_of(answered_call(), tmp_path, hidden=b"CSeq: 1 ")
    assert (told["Result"], told["Answered"]) == ("✓ answered", "not in the capture")


def test_an_answer_that_was_not_captured_is_not_denied(tmp_path: Path) -> None:
    told = facts_of(answered_call(), tmp_path, hidden=b"SIP/2.0 200 ")
    assert told["Answered"] == "not in the capture"
    assert told["Started"].startswith("2026-")


def test_the_display_filter_names_every_leg_and_quotes_what_must_be_quoted() -> None:
    assert display_filter(("a@x", 'b"\\')) == 'sip.Call-ID == "a@x" || sip.Call-ID == "b\\"\\\\"'
    assert display_filter(("a",) * 99).count("||") == MOST_CALL_IDS - 1
