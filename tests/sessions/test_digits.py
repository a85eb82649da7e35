"""The table of key presses."""

from dataclasses import replace
from pathlib import Path

import pytest

from collabtrace.schema import Digit
from collabtrace.sessions import digits
from collabtrace.sessions.case import read_case
from collabtrace.testing import Scene

PRESS = Digit(
    "b.pcap", 9, 15, 1.0, "192.0.2.1", 4000, "192.0.2.2", 5000, "rtp-event", "5", 100.0, True, 7, 101, (101,), (101,),
    "0x00000007", None, "call-1", 0, None,
)  # fmt: skip


def test_presses_stand_file_by_file_in_the_order_of_frames() -> None:
    presses = [PRESS, replace(PRESS, frame=3), replace(PRESS, file="a.pcap", frame=5)]
    assert [(each.file, each.frame) for each in digits.table(["b.pcap", "a.pcap"], presses)] == [
        ("b.pcap", 3),
        ("b.pcap", 9),
        ("a.pcap", 5),
    ]


@pytest.mark.parametrize("method", ["rtp-event", "kpml", "info", "plain-info", "notify"])
def test_every_method_tells_the_same_keys(tmp_path: Path, method: str) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "2001:db8::10"), scene.phone("bob", "2001:db8::20")
    call = scene.call(alice, bob)
    call.press(alice, "15*#D55", method=method)
    scene.write(tmp_path / "x.pcapng")
    with read_case([tmp_path / "x.pcapng"]) as case:
        told = list(case.digits)
        call_id = case.calls[0].call_ids[0]
    assert "".join(each.digit or "?" for each in told) == "15*#D55"
    assert {(each.method, each.source, each.target, each.ended, each.flaws, each.call_id) for each in told} == {
        ("info" if method == "plain-info" else method, alice.address, bob.address, True, None, call_id)
    }
    assert {each.duration_ms for each in told} == {None if method in ("kpml", "plain-info") else 100.0}
