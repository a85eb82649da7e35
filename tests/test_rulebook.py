"""Every rule is found, and has its whole page."""

from importlib.metadata import EntryPoint
from types import ModuleType

import pytest

from collabtrace import findings, rulebook, samples
from collabtrace.rulebook import SECTIONS, Rule, find_rule, rules
from collabtrace.sessions.case import read_case
from collabtrace.severity import Severity


def test_a_rule_that_cannot_be_loaded_says_so_of_every_capture(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = EntryPoint("no-such-rule", "no_such_package.rule", rulebook.GROUP)
    monkeypatch.setattr(findings, "rules", lambda: (rulebook._installed(entry),))
    with read_case([samples.find("sipp-udp")]) as case:
        (told,) = findings.diagnose(case).judgements
    assert told.verdict == "unknown"
    assert "no_such_package.rule cannot be loaded: ModuleNotFoundError" in told.because


def test_a_rule_module_marks_exactly_one_function() -> None:
    with pytest.raises(TypeError, match="marks 0 functions"):
        rulebook._rule_of(ModuleType("empty_rule"))


def test_a_name_that_no_rule_has_is_answered_with_those_that_there_are() -> None:
    assert find_rule("bfcp-blocked").severity is Severity.MAJOR
    with pytest.raises(KeyError, match="there is no rule 'BFCP_blockt'; did you mean bfcp-blocked"):
        find_rule("BFCP_blockt")
    with pytest.raises(KeyError, match="there is no rule 'x'; the rules are: bfcp-blocked, bfcp-floor-refused"):
        find_rule("x")


@pytest.mark.parametrize("each", rules(), ids=lambda each: each.id)
def test_every_rule_has_its_whole_page(each: Rule) -> None:
    headings = [line.removeprefix("## ") for line in each.page.splitlines() if line.startswith("## ")]
    assert headings == list(SECTIONS)
    assert each.title
    assert each.points("What to do next")
    assert each.points("References")
    assert set(each.subjects) <= set(findings.SUBJECTS)
