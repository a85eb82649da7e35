"""Two places saw the same message only if nobody between them added a Via."""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

from collabtrace.columns import Table
from collabtrace.schema import Flow, Message
from collabtrace.sessions import sightings
from collabtrace.sessions.case import Case, read_case
from collabtrace.testing import Machine, Nat, Scene, files
from collabtrace.testing.conversation import conversation

INSIDE, OUTSIDE, BOB = "192.168.1.10", "203.0.113.9", "198.51.100.20"
Names = list[tuple[str | int | None, str, str]]


class Opened(Protocol):
    def __call__(self, **captures: bytes) -> Case: ...


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    cases: list[Case] = []

    def open_captures(**captures: bytes) -> Case:
        paths = [tmp_path / f"{name}.pcapng" for name in captures]
        for path, data in zip(paths, captures.values(), strict=True):
            path.write_bytes(data)
        cases.append(read_case(paths))
        return cases[-1]

    yield open_captures
    for case in cases:
        case.close()


def behind_nat() -> tuple[Scene, Machine, Machine]:
    scene = Scene()
    alice, bob = scene.phone("alice", INSIDE, nat=Nat(OUTSIDE)), scene.phone("bob", BOB)
    scene.request(alice, bob, "OPTIONS")
    scene.wait(1)
    scene.request(bob, alice, "OPTIONS")
    return scene, alice, bob


def shown(case: Case) -> Names:
    messages = [(case.messages[before], case.messages[after]) for before, after in case.sightings]
    return [
        (one.method or one.status, f"{one.file}#{one.frame}", f"{other.file}#{other.frame}") for one, other in messages
    ]


IN_TWO = [
    ("OPTIONS", "alice.pcapng#1", "bob.pcapng#1"),
    (200, "bob.pcapng#2", "alice.pcapng#2"),
    ("OPTIONS", "bob.pcapng#3", "alice.pcapng#3"),
    (200, "alice.pcapng#4", "bob.pcapng#4"),
]


@pytest.mark.parametrize("order", [("alice", "bob"), ("bob", "alice")])
def test_both_directions_are_told_from_the_sender_on(opened: Opened, order: tuple[str, str]) -> None:
    scene, alice, bob = behind_nat()
    captures = {"alice": scene.pcapng(alice), "bob": scene.pcapng(bob)}
    assert sorted(shown(opened(**{name: captures[name] for name in order})), key=str) == sorted(IN_TWO, key=str)


def test_one_capture_of_both_sides_of_a_nat(opened: Opened) -> None:
    scene, alice, _ = behind_nat()
    case = opened(x=files.pcapng(sorted(scene.packets() + scene.packets(alice))))
    assert shown(case) == [
        ("OPTIONS", "x.pcapng#1", "x.pcapng#2"),
        (200, "x.pcapng#3", "x.pcapng#4"),
        ("OPTIONS", "x.pcapng#5", "x.pcapng#6"),
        (200, "x.pcapng#7", "x.pcapng#8"),
    ]


def test_one_place_sees_nothing_twice(opened: Opened) -> None:
    scene, _, bob = behind_nat()
    scene.span()
    scene.request(bob, scene.phone("carol", "203.0.113.30"), "OPTIONS", repeats=2)
    assert shown(opened(x=scene.pcapng())) == []


def test_what_a_proxy_passed_on_is_another_message(opened: Opened) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", BOB)
    scene.request(alice, bob, "OPTIONS", via=[scene.proxy("proxy", "203.0.113.5")])
    assert shown(opened(alice=scene.pcapng(alice), bob=scene.pcapng(bob))) == []


def test_retransmissions_are_paired_in_order_if_none_is_missing(opened: Opened) -> None:
    scene, alice, bob = behind_nat()
    scene.sent.clear()
    scene.request(alice, bob, "OPTIONS", repeats=2, status=None)
    whole = opened(alice=scene.pcapng(alice), bob=scene.pcapng(bob))
    assert [place for _, *place in shown(whole)] == [[f"alice.pcapng#{at}", f"bob.pcapng#{at}"] for at in (1, 2, 3)]
    fewer = opened(alice=scene.pcapng(alice), bob=files.pcapng(scene.packets(bob)[1:]))
    assert [place for _, *place in shown(fewer)] == [["alice.pcapng#1", "bob.pcapng#1"]]


def test_a_call_id_may_be_rewritten_with_the_rest(opened: Opened) -> None:
    scene, alice, bob = behind_nat()
    far = [(time, frame.replace(INSIDE.encode(), OUTSIDE.encode())) for time, frame in scene.packets(bob)]
    assert len(shown(opened(alice=scene.pcapng(alice), bob=files.pcapng(far)))) == 4
    other = [(time, frame.replace(INSIDE.encode(), b"192.168.7.77")) for time, frame in scene.packets(bob)]
    # Bob's own OPTIONS and its answer are left: their Call-ID names him.
    assert [name for name, *_ in shown(opened(alice=scene.pcapng(alice), bob=files.pcapng(other)))] == [200, "OPTIONS"]


def test_without_a_unique_branch_nothing_is_sure(opened: Opened) -> None:
    scene, alice, bob = behind_nat()
    old = [(time, frame.replace(b"z9hG4bK", b"1234567")) for time, frame in scene.packets(alice)]
    assert shown(opened(alice=files.pcapng(old), bob=scene.pcapng(bob))) == []


def test_a_message_to_a_whole_network_is_not_compared() -> None:
    """Each of so many places beside each other one would take hours."""
    (message,) = conversation("0.0 alice bob OPTIONS 1 a").messages
    count = 50_000
    scan = Table.of(Message, [message] * count).replace(
        branch=["z9hG4bK1"] * count, target=[f"10.0.{number >> 8}.{number & 255}" for number in range(count)]
    )
    assert sightings.build(scan, Table.of(Flow, [])) == []
