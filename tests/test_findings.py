"""The engine runs rules that it does not know, and tells each finding once."""

from collections.abc import Iterator

import pytest

from collabtrace import findings, samples
from collabtrace.findings import diagnose
from collabtrace.rulebook import Rule
from collabtrace.schema import Capture, Evidence
from collabtrace.sessions.case import Case, read_case
from collabtrace.subjects import Call, Sight
from collabtrace.verdicts import Severity, Verdict, fault, proof, rule, unknown


@pytest.fixture(scope="module")
def case() -> Iterator[Case]:
    with read_case([samples.find("sipp-udp")]) as opened:
        yield opened


def use(monkeypatch: pytest.MonkeyPatch, *chosen: Rule) -> None:
    monkeypatch.setattr(findings, "rules", lambda: chosen)


@rule(Severity.MAJOR)
def always_there(capture: Capture) -> Iterator[Verdict]:
    for _ in range(2):
        yield fault("it is there", Evidence(capture.file, 1, "the first frame"))


@rule(Severity.CRITICAL)
def breaks_down(capture: Capture) -> Iterator[Verdict]:
    raise ZeroDivisionError(capture.file)


PAGE = "Something is wrong.\n\n## What to do next\n1. Look\n   closer.\n2. Mend it.\n\n## References\n- RFC 3261 §8"
ALWAYS = Rule("always-there", Severity.MAJOR, PAGE, always_there)
BREAKS = Rule("breaks-down", Severity.CRITICAL, PAGE, breaks_down)


def test_a_finding_carries_the_words_of_the_page(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, ALWAYS)
    (found,) = diagnose(case).findings
    assert (found.rule, found.severity, found.title) == ("always-there", "major", "Something is wrong")
    assert found.remedy == ("Look closer.", "Mend it.")
    assert found.references == ("RFC 3261 §8",)


def test_the_same_fault_at_the_same_frame_is_told_once(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, ALWAYS)
    diagnosis = diagnose(case)
    assert len(diagnosis.findings) == 1
    assert len(diagnosis.judgements) == 2


def test_a_rule_that_fails_is_reported_and_the_others_still_judge(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, BREAKS, ALWAYS)
    diagnosis = diagnose(case)
    assert len(diagnosis.findings) == 1
    assert diagnosis.judgements[0].verdict == "unknown"
    assert "ZeroDivisionError" in diagnosis.judgements[0].because


def test_a_diagnosis_is_narrowed_to_some_rules(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, ALWAYS, BREAKS)
    narrowed = diagnose(case).of(["breaks-down"])
    assert (len(narrowed.findings), narrowed.checked) == (0, ("breaks-down",))
    assert {each.rule for each in narrowed.judgements} == {"breaks-down"}
    with pytest.raises(KeyError, match="no rule bfcp looked; these did: always-there, breaks-down"):
        diagnose(case).of(["bfcp"])


@rule(Severity.MAJOR)
def names_no_call(call: Call) -> Iterator[Verdict]:
    yield fault("it is there", proof(call.messages[0], "the INVITE"))


def test_a_fault_concerns_the_call_that_was_judged_and_shows_its_frames(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, Rule("names-no-call", Severity.MAJOR, PAGE, names_no_call))
    found = diagnose(case).findings
    assert found.values("calls") == case.calls.values("call_ids")
    assert found.values("display_filter")[0] == "frame.number in {3}"


@rule(Severity.MAJOR)
def asks_what_could_be_seen(capture: Capture, sight: Sight) -> Iterator[Verdict]:
    yield unknown(sight.time(capture.file, 0.0, 1.0) or "nothing speaks against it")


def test_a_rule_may_ask_what_the_captures_could_show(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, Rule("asks", Severity.MAJOR, PAGE, asks_what_could_be_seen))
    assert "begins" in diagnose(case).judgements[0].because
