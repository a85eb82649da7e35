"""What nobody may read in a shared report is nowhere in it."""

from dataclasses import replace
from pathlib import Path

import pytest

from collabtrace.findings import Diagnosis
from collabtrace.reports.page import render
from collabtrace.testing import Scene, audio
from tests.reports.conftest import read_scene
from tests.reports.test_packing import unpacked

SECRETS = ("7391", "8264", "5150", "c2VjcmV0a2V5", "hunter2", "0badc0de", "f00dcafe", "icepassword")


@pytest.fixture
def scene() -> Scene:
    """A call in which every kind of secret is said."""
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    keys = ("crypto:1 AES_CM_128_HMAC_SHA1_80 inline:c2VjcmV0a2V5|2^20", "ice-ufrag:x", "ice-pwd:icepassword")
    line = replace(audio("PCMU"), attributes=keys, protocol="RTP/SAVP")
    login = 'Digest username="alice", realm="x", nonce="f00dcafe", uri="sip:x", response="0badc0de"'
    call = scene.call(
        alice, bob, media=[line], headers={"Authorization": login, "X-Also": "<sip:a:hunter2@example.com>"}
    )
    digits = {
        "application/dtmf-relay": b"Signal=7391\r\nDuration=160\r\n",
        "application/kpml-response+xml": b'<kpml-response code="200" digits="8264" tag="dtmf"/>',
        "application/dtmf": b"5150",
    }
    for kind, body in digits.items():
        call.request(alice, "INFO", headers={"Content-Type": kind}, body=body)
    call.hang_up(alice)
    return scene


def test_no_secret_is_in_the_page_nor_in_its_blocks(scene: Scene, nothing_found: Diagnosis, tmp_path: Path) -> None:
    with read_scene(scene, tmp_path) as case:
        said = b"".join(case.text(row) for row in range(len(case.messages))).decode()
        plain = "".join(render(case, nothing_found))
        _, blocks = unpacked("".join(render(case, nothing_found, plain_size=0)))
    assert all(secret in said for secret in SECRETS)
    assert not [secret for secret in SECRETS if secret in plain or secret in "".join(blocks)]
