"""What a capture could show of each machine."""

from pathlib import Path

from collabtrace.columns import Table
from collabtrace.schema import Flow, Vantage
from collabtrace.sessions import vantages
from collabtrace.sessions.case import read_case
from collabtrace.testing import Scene


def seen(scene: Scene, folder: Path, *flows: Flow) -> dict[str, Vantage]:
    (folder / "x.pcapng").write_bytes(scene.pcapng())
    with read_case([folder / "x.pcapng"]) as case:
        found = vantages.build(case.captures, Table.of(Flow, flows) if flows else case.flows)
    return {vantage.address: vantage for vantage in found}


def test_it_counts_what_each_machine_sent_and_received(tmp_path: Path) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    bob.hops = 1
    scene.call(alice, bob)
    found = seen(scene, tmp_path)
    assert (found["192.0.2.10"].sent, found["192.0.2.10"].received) == (2, 3)
    assert (found["192.0.2.10"].hops, found["198.51.100.20"].hops) == (0, 1)
    assert found["192.0.2.10"].began is not None


def test_a_machine_that_sent_nothing_has_no_place(tmp_path: Path) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    scene.request(alice, bob, "OPTIONS", status=None)
    silent = seen(scene, tmp_path)["198.51.100.20"]
    assert (silent.sent, silent.received, silent.hops) == (0, 1, None)


def test_tls_is_noted_by_the_port_of_its_server(tmp_path: Path) -> None:
    scene = Scene()
    scene.request(scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20"), "OPTIONS")
    flow = Flow("x.pcapng", "192.0.2.10", 49152, "198.51.100.20", 5061, "tcp", 9, 900, 1, 9, 0.0, 1.0, "tls", 64, 0)
    found = seen(scene, tmp_path, flow)
    assert found["192.0.2.10"].sealed == found["198.51.100.20"].sealed == (5061,)
