"""The wire of a scene and the captures made of it."""

from pathlib import Path

import pytest

from collabtrace.testing import Machine, Nat, Scene
from collabtrace.testing.network import MTU, START, Network
from collabtrace.testing.wire import ACK, RST, SYN

Ends = tuple[Network, Machine, Machine]


@pytest.fixture
def ends() -> Ends:
    scene = Scene()
    return scene, scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")


def test_the_clock_stamps_what_is_sent(ends: Ends) -> None:
    scene, alice, bob = ends
    scene.datagram(alice, bob, (1, 2), b"first")
    scene.wait(0.25)
    scene.datagram(bob, alice, (2, 1), b"second")
    assert [time - START for time, _ in scene.packets()] == [0, 250_000_000]
    assert scene.clock == 0.25


def test_meanwhile_overlaps_with_what_follows(ends: Ends) -> None:
    scene, alice, bob = ends
    with scene.meanwhile(after=2):
        scene.datagram(alice, bob, (1, 2), b"later")
        scene.wait(10)
    scene.datagram(bob, alice, (2, 1), b"now")
    assert [time - START for time, _ in scene.packets()] == [0, 2_000_000_000]
    assert scene.packets()[0][1].endswith(b"now")


@pytest.mark.parametrize("address", ["192.0.2.10", "2001:db8::10"])
def test_what_is_too_long_for_ethernet_goes_in_fragments(address: str) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", address), scene.phone("bob", address[:-1] + "1")
    scene.datagram(alice, bob, (1, 2), bytes(3000))
    assert len(scene.sent) == 3
    assert max(len(sent.packet) for sent in scene.sent) <= MTU


def test_a_span_port_shows_everything_twice(ends: Ends) -> None:
    scene, alice, bob = ends
    scene.span()
    scene.datagram(alice, bob, (1, 2), b"twice")
    (first, frame), (second, copy) = scene.packets()
    assert (second - first, copy) == (50_000, frame)


def test_a_routed_copy_has_a_lower_ttl_and_the_same_identification(ends: Ends) -> None:
    scene, alice, bob = ends
    alice.hops = 2
    scene.span(routed=True)
    scene.datagram(alice, bob, (1, 2), b"twice")
    first, second = (sent.packet for sent in scene.sent)
    assert (first[8], second[8]) == (62, 61)
    assert first[4:6] == second[4:6]
    assert first[20:] == second[20:]


def test_what_a_firewall_drops_is_seen_near_its_sender_alone(ends: Ends) -> None:
    scene, alice, bob = ends
    scene.block(bob, 5904)
    for port in (5904, 5906):
        scene.datagram(alice, bob, (1, port), b"x")
    assert [len(scene.packets(near)) for near in (None, alice, bob)] == [2, 2, 1]


def test_a_firewall_may_drop_all_fragments_but_the_first(ends: Ends) -> None:
    scene, alice, bob = ends
    scene.block_fragments(bob)
    scene.datagram(alice, bob, (5060, 5060), bytes(4000))
    scene.datagram(bob, alice, (5060, 5060), bytes(4000))
    assert (len(scene.packets(near=alice)), len(scene.packets(near=bob))) == (6, 4)


def test_an_icmp_error_quotes_the_packet_sent_last(ends: Ends) -> None:
    scene, alice, bob = ends
    scene.datagram(alice, bob, (1, 5904), b"x")
    scene.unreachable(bob)
    sent, error = scene.sent
    assert error.target is alice
    assert error.packet[20:22] == b"\x03\x03"
    assert error.packet.endswith(sent.packet)


def test_a_share_of_the_packets_may_be_missing(ends: Ends) -> None:
    scene, alice, bob = ends
    for _ in range(200):
        scene.datagram(alice, bob, (1, 2), b"x")
    assert 0 < len(scene.packets(missing=0.1)) < 200
    assert scene.packets(missing=0.1) == scene.packets(missing=0.1)


def test_the_suffix_chooses_the_format(ends: Ends, tmp_path: Path) -> None:
    scene, alice, bob = ends
    scene.datagram(alice, bob, (1, 2), b"x")
    for name, content in (("a.pcap", scene.pcap()), ("a.pcapng", scene.pcapng())):
        scene.write(tmp_path / name)
        assert (tmp_path / name).read_bytes() == content


def behind_nat(*, rewrite: bool = False) -> Ends:
    scene = Scene()
    alg = (lambda data: data.replace(b"192.168.1.10", b"203.0.113.9")) if rewrite else bytes
    alice = scene.phone("alice", "192.168.1.10", nat=Nat("203.0.113.9", alg))
    return scene, alice, scene.phone("bob", "198.51.100.20")


def test_a_nat_shows_each_side_the_addresses_that_it_knows() -> None:
    scene, alice, bob = behind_nat()
    scene.datagram(alice, bob, (1, 2), b"out")
    scene.wait(1)
    scene.datagram(bob, alice, (2, 1), b"in")
    ends = {near.name: [frame[26:34] for _, frame in scene.packets(near)] for near in (alice, bob)}
    inner, outer, far = (bytes(map(int, text.split("."))) for text in ("192.168.1.10", "203.0.113.9", "198.51.100.20"))
    assert ends == {"alice": [inner + far, far + inner], "bob": [outer + far, far + outer]}
    assert scene.packets() == scene.packets(bob)


def test_a_nat_takes_one_from_the_ttl_and_some_time() -> None:
    scene, alice, bob = behind_nat()
    scene.datagram(alice, bob, (1, 2), b"out")
    (before, inside), (after, outside) = scene.packets(alice) + scene.packets(bob)
    assert (inside[22], outside[22]) == (64, 63)
    assert after - before == 200_000


def test_what_a_nat_rewrites_on_the_way_out_is_undone_on_the_way_in() -> None:
    scene, alice, bob = behind_nat(rewrite=True)
    for source, target in ((alice, bob), (bob, alice)):
        scene.datagram(source, target, (1, 2), b"call 192.168.1.10")
    assert {frame[42:] for _, frame in scene.packets(alice)} == {b"call 192.168.1.10"}
    assert {frame[42:] for _, frame in scene.packets(bob)} == {b"call 203.0.113.9"}


def test_a_connection_that_is_not_let_in(ends: Ends) -> None:
    scene, alice, bob = ends
    scene.knock(alice, bob, (40000, 5070), repeats=2)
    assert [each.packet[33] for each in scene.sent] == [SYN] * 3
    assert [round((each.time - scene.sent[0].time) / 10**9) for each in scene.sent] == [0, 1, 3]
    scene.knock(alice, bob, (40001, 5070), refused=True)
    assert [(each.source, each.packet[33]) for each in scene.sent[3:]] == [(alice, SYN), (bob, RST | ACK)]
