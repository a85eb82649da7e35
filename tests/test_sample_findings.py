"""Each faulty sample names its fault, and its healthy twin says nothing of the kind."""

import pytest

from collabtrace import samples
from collabtrace.findings import Diagnosis, Severity, diagnose
from collabtrace.sessions.case import read_case

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
