"""Findings for a person, and as the JSON that scripts read."""

import json
from collections.abc import Iterator

import pytest

from collabtrace import samples
from collabtrace.columns import Table
from collabtrace.findings import Diagnosis, Judgement
from collabtrace.schema import Evidence, Finding
from collabtrace.sessions.case import Case, read_case
from collabtrace.views.findings import as_json, as_text

BLOCKED = Finding(
    rule="bfcp-blocked",
    severity="major",
    confidence="likely",
    title="Presentation sharing was agreed, but its control channel never came up",
    message="3 Hellos to 192.0.2.1:5904 went unanswered",
    calls=("1@192.0.2.1",),
    evidence=(Evidence("x.pcapng", 12, "the first Hello \x1b[31m"),),
    display_filter="udp.port == 5904",
    remedy=("Open UDP 5904.",),
    references=("RFC 8855 §8.3",),
)
DIAGNOSIS = Diagnosis(
    Table.of(Finding, [BLOCKED]),
    (
        Judgement("bfcp-blocked", ("1@192.0.2.1",), "fault", BLOCKED.message),
        Judgement("capture-drops", (), "unknown", "the file does not say"),
    ),
    ("bfcp-blocked", "capture-drops"),
)


@pytest.fixture
def case() -> Iterator[Case]:
    with read_case([samples.find("sipp-udp")]) as opened:
        yield opened


def test_text_names_the_fault_its_frames_and_what_to_do() -> None:
    assert as_text(DIAGNOSIS).replace("\N{REPLACEMENT CHARACTER}", "?").splitlines() == [
        "major  bfcp-blocked  (likely)",
        "  3 Hellos to 192.0.2.1:5904 went unanswered",
        "  x.pcapng frame 12: the first Hello ?[31m",
        "  calls: 1@192.0.2.1",
        "  Wireshark: udp.port == 5904",
        "  1. Open UDP 5904.",
        "",
        "1 finding; 2 rules looked: bfcp-blocked, capture-drops",
        "  cannot tell  capture-drops: the file does not say",
    ]


def test_json_has_the_fields_of_the_contract(case: Case) -> None:
    document = json.loads(as_json(case, DIAGNOSIS))
    (found,) = document["findings"]
    assert found["evidence"] == [{"file": "x.pcapng", "frame": 12, "shows": "the first Hello \x1b[31m"}]
    assert found["calls"] == ["1@192.0.2.1"]
    assert found["remedy"] == ["Open UDP 5904."]
    assert [capture["packets"] for capture in document["captures"]] == case.captures.values("packets")
    assert document["judgements"][1] == {
        "rule": "capture-drops",
        "calls": [],
        "verdict": "unknown",
        "because": "the file does not say",
    }
