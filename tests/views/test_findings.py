"""Findings for a person, and as the JSON that scripts read."""

import json
import struct
from collections.abc import Iterator
from pathlib import Path

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
    ("bfcp-blocked", "capture-drops", "rtp-loss"),
)


@pytest.fixture
def case() -> Iterator[Case]:
    with read_case([samples.find("sipp-udp")]) as opened:
        yield opened


def test_text_names_the_fault_its_frames_and_what_to_do(case: Case) -> None:
    assert as_text(case, DIAGNOSIS).replace("\N{REPLACEMENT CHARACTER}", "?").splitlines() == [
        "sipp_udp.pcapng: 167 packets, 2026-11-23 00:51:00.391 UTC, 3.4 s",
        "15 SIP messages, 3 calls, 2 RTP streams",
        "  sipp_udp.pcapng does not record whether the capture dropped packets.",
        "",
        "major  bfcp-blocked  (likely)",
        "  3 Hellos to 192.0.2.1:5904 went unanswered",
        "  x.pcapng frame 12: the first Hello ?[31m",
        "  calls: 1@192.0.2.1",
        "  Wireshark: udp.port == 5904",
        "  1. Open UDP 5904.",
        "",
        "1 finding; 2 of 3 rules had something to judge: bfcp-blocked, capture-drops",
        "  cannot tell  capture-drops: the file does not say",
    ]


def test_text_says_what_a_capture_without_packets_cannot_show(tmp_path: Path) -> None:
    empty = tmp_path / "empty.pcap"
    empty.write_bytes(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
    with read_case([empty]) as case:
        text = as_text(case, Diagnosis(Table.empty(Finding), (), ("bfcp-blocked",)))

    assert text.startswith("empty.pcap: 0 packets\n0 SIP messages, 0 calls, 0 RTP streams\n  No SIP message was seen: ")
    assert text.endswith("\nNo rule found a fault; 0 of 1 rule had something to judge\n")


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
