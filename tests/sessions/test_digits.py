"""The table of key presses."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from collabtrace.schema import Digit
from collabtrace.sessions import digits
from collabtrace.sessions.case import read_case
from collabtrace.testing import Scene

PRESS = Digit(
    "b.pcap", 9, 15, 1.0, "192.0.2.1", 4000, "192.0.2.2", 5000, "rtp-event", "5", 100.0, True, 7, 101, (101,), (101,),
    "0x00000007", 1000, None, "call-1", 0, None,
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


def pressed(keys: str, **different: Any) -> list[Digit]:
    """Keys of which each comes a second after the one before; a space is a pause of six more."""
    made, at = [], 0.0
    for key in keys:
        at += 6.0 if key == " " else 1.0
        made.append(replace(PRESS, digit=key, time_epoch=at, frame=round(at), **different))
    return [each for each in made if each.digit != " "]


def test_an_entry_ends_with_a_hash_or_a_pause() -> None:
    found = digits.entries(pressed("12#34 5"))
    assert ["".join(key.digit or "?" for key in entry.keys) for entry in found] == ["12#", "34", "5"]
    assert [entry.is_terminated for entry in found] == [True, False, False]


@pytest.mark.parametrize("different", [{"method": "kpml"}, {"source": "192.0.2.9"}, {"file": "a.pcap"}])
def test_what_another_method_or_hop_tells_is_another_entry(different: dict[str, str]) -> None:
    assert len(digits.entries([*pressed("12"), *pressed("12", **different)])) == 2
