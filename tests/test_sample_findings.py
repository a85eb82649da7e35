"""Each faulty sample names its fault, and its healthy twin says nothing of the kind."""

from pathlib import Path

import pytest

from collabtrace import samples
from collabtrace.findings import Diagnosis, diagnose
from collabtrace.sessions.case import read_case
from collabtrace.severity import Severity

FAULTY = [
    ("bfcp-blocked", "bfcp-blocked"),
    ("bfcp-blocked-icmp", "bfcp-blocked"),
    ("bfcp-blocked-server", "bfcp-blocked"),
    ("isfocus-missing", "isfocus-missing"),
    ("isfocus-missing-phone", "isfocus-missing"),
    ("kpml-to-conductor", "kpml-to-conductor"),
    ("nat-sdp-rewritten", "nat-sdp-rewritten"),
    ("nat-one-way-media", "nat-one-way-media"),
    ("nat-one-way-media-inside", "nat-one-way-media"),
    ("nat-one-way-media-outside", "nat-sdp-unroutable"),
    ("proximity-cursor", "proximity-cursor"),
    ("sipp-fragments", "sip-no-reply"),
]
HEALTHY = [
    "bfcp-healthy",
    "isfocus-healthy",
    "isfocus-healthy-phone",
    "kpml-healthy",
    "kpml-healthy-phone",
    "nat-sdp-healthy",
    "nat-sdp-healthy-inside",
    "nat-sdp-healthy-outside",
    "nat-one-way-healthy",
    "nat-one-way-healthy-inside",
    "nat-one-way-healthy-outside",
    "proximity-healthy",
    "sipp-udp",
    "sipp-ipv6",
    "sipp-tcp",
    "kamailio-register-auth",
]


def diagnosed(name: str) -> Diagnosis:
    with read_case(samples.case(name)) as case:
        return diagnose(case)


@pytest.mark.parametrize(("name", "rule"), FAULTY)
def test_the_fault_is_named_and_likely_or_better(name: str, rule: str) -> None:
    found = [each for each in diagnosed(name).findings if each.rule == rule]
    assert len(found) == 1
    assert found[0].confidence in ("proved", "likely")


@pytest.mark.parametrize("name", HEALTHY)
def test_the_healthy_twin_is_silent(name: str) -> None:
    assert [each.rule for each in diagnosed(name).findings if each.severity != Severity.INFO] == []


def test_two_capture_points_prove_where_floor_control_is_lost() -> None:
    with read_case([samples.find("bfcp-blocked"), samples.find("bfcp-blocked-server")]) as case:
        (found,) = [each for each in diagnose(case).findings if each.rule == "bfcp-blocked"]
    assert found.confidence == "proved"
    assert {each.file for each in found.evidence} >= {"bfcp_blocked.pcapng"}


EXPLAINED = {
    "baresip_video_callee": {"rtp-dscp-wrong"},  # baresip marks all its media EF, pictures too.
    "baresip_video_caller": {"rtp-dscp-wrong"},
    "bfcp_blocked": {"bfcp-blocked"},
    "bfcp_blocked_icmp": {"bfcp-blocked"},
    "bfcp_blocked_server": {"bfcp-blocked"},
    "isfocus_missing": {"isfocus-missing"},
    "isfocus_missing_phone": {"isfocus-missing"},
    # The SUBSCRIBE that Conductor does not survive is one that it does not answer.
    "kpml_to_conductor": {"kpml-to-conductor", "dtmf-subscription-refused"},
    "nat_one_way_media_inside": {"nat-one-way-media"},
    "nat_one_way_media_outside": {"nat-one-way-media", "nat-sdp-unroutable"},
    # The kernel's gateway moves the phone's port, and refuses what comes to the one that it wrote into the SDP.
    "nat_sdp_rewritten_inside": {"nat-one-way-media"},
    "nat_sdp_rewritten_outside": {"nat-one-way-media"},
    "sipp_fragments": {"sip-no-reply"},
}
"""The rules that find something above info in a sample by itself, and where it is not its own fault, why."""


@pytest.mark.parametrize("capture", samples.files(), ids=lambda path: path.stem)
def test_every_finding_above_info_in_a_sample_is_explained(capture: Path) -> None:
    with read_case([capture]) as case:
        told = {found.rule for found in diagnose(case).findings if found.severity != Severity.INFO}
    assert told == EXPLAINED.get(capture.stem, set())
