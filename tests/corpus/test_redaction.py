"""Redaction of the corpus: the proof holds, and tshark finds no fault that was not there."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from collabtrace.capture.dissect import fields, find
from collabtrace.redaction.redact import redact

CHECKSUMS = ("ip", "udp", "tcp", "icmp", "icmpv6", "sctp")
WRITTEN = {
    "eth",
    "ip",
    "ipv6",
    "arp",
    "icmp",
    "icmpv6",
    "udp",
    "tcp",
    "sctp",
    "sip",
    "sdp",
    "rtp",
    "rtcp",
    "stun",
    "dns",
}
"""Protocols whose form is kept. Of others nothing is left to dissect, which tshark may call malformed."""
OPTIONS = [f"-o{protocol}.check_checksum:TRUE" for protocol in ("ip", "udp", "tcp")]


def said(path: Path) -> Iterator[tuple[str, str, bool]]:
    """Number and protocols of each frame, with the states of its checksums, and whether tshark calls it malformed."""
    wanted = ["frame.number", "frame.protocols", "_ws.malformed", *(f"{name}.checksum.status" for name in CHECKSUMS)]
    for number, protocols, malformed, *checksums in fields(path, "frame", wanted, options=OPTIONS):
        yield f"{number} {' '.join(checksums)}", protocols.rpartition(":")[2], bool(malformed)


def test_every_capture_passes_the_proof_and_stays_sound(truth: Any, tmp_path: Path) -> None:
    target = tmp_path / "out.pcapng"
    redact([truth.path], [target], b"key")
    if find("tshark") is None:
        pytest.skip("tshark is not installed")
    before, after = list(said(truth.path)), list(said(target))
    assert [frame for frame, _, _ in after] == [frame for frame, _, _ in before]
    broken = [new for old, new in zip(before, after, strict=True) if new[2] and not old[2] and new[1] in WRITTEN]
    assert not broken
