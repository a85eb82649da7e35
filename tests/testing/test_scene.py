"""Scenes become captures that tshark reads as they were meant."""

from collections.abc import Callable
from pathlib import Path

import pytest

from collabtrace.capture import dissect
from collabtrace.testing import Quality, Scene, audio, bfcp, slides, video

Told = Callable[[Scene], list[str]]
CHECKS = [f"-o{layer}.check_checksum:TRUE" for layer in ("ip", "udp", "tcp")]
needs_tshark = pytest.mark.skipif(dissect.find("tshark") is None, reason="tshark is not installed")


def one_way() -> Scene:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    call = scene.call(alice, bob, answer_after=1.9)
    call.talk(alice, seconds=8)
    call.hang_up(alice)
    return scene


def presentation() -> Scene:
    scene = Scene()
    alice = scene.phone("alice", "192.0.2.10", transport="tcp", user_agent="Jabber/14")
    bob = scene.phone("bob", "198.51.100.20")
    proxy = scene.proxy("proxy", "203.0.113.5")
    cucm = scene.b2bua("cucm", "203.0.113.9", user_agent="Cisco-CUCM14.0")
    call = scene.call(alice, bob, via=[proxy, cucm], media=[audio(), video(), slides(), bfcp()])
    with scene.meanwhile():
        call.talk(seconds=6, only="main", quality=Quality(loss=0.05, jitter_ms=5))
    call.talk(seconds=1, only="audio")
    call.hello(bob)
    call.share(alice, seconds=1)
    call.press(alice, "12#")
    scene.wait(5)
    call.hold(alice)
    call.resume(alice)
    call.hang_up(bob)
    return scene


def ipv6_over_tcp() -> Scene:
    scene = Scene()
    alice = scene.phone("alice", "2001:db8::10", transport="tcp")
    bob = scene.phone("bob", "2001:db8::20", transport="tcp")
    call = scene.dial(alice, bob, delayed_offer=True, headers={"Subject": "a long one " + "x" * 2000})
    call.ring(reliable=True)
    scene.wait(1)
    call.answer([audio(), bfcp("TCP/BFCP", setup="passive")])
    call.hello(alice)
    call.talk(seconds=1)
    call.offer(bob, [audio("PCMA"), video()], method="UPDATE")
    call.hang_up(alice)
    scene.disconnect(alice, bob)
    return scene


def refusals() -> Scene:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    proxy = scene.proxy("proxy", "203.0.113.5")
    scene.request(alice, proxy, "REGISTER", headers={"Expires": "3600"}, status=401)
    scene.request(alice, proxy, "OPTIONS", status=None, repeats=3)
    scene.dial(alice, bob, via=[proxy]).reject(488)
    cancelled = scene.dial(alice, bob, via=[proxy])
    cancelled.ring(183, early_media=True)
    cancelled.cancel()
    call = scene.call(alice, bob, media=[audio(), bfcp()], headers={"Subject": "x" * 3000})
    call.hello(alice, answered=False, repeats=1)
    scene.unreachable(proxy, code=13)
    scene.span(routed=True)
    call.hang_up(alice)
    return scene


@needs_tshark
@pytest.mark.parametrize("make", [one_way, presentation, ipv6_over_tcp, refusals])
def test_tshark_finds_nothing_wrong(tmp_path: Path, make: Callable[[], Scene]) -> None:
    path = tmp_path / "x.pcapng"
    make().write(path)
    warnings = dissect.fields(path, "_ws.expert.severity >= 6291456", ["frame.number", "_ws.expert.message"])
    assert warnings == []
    bad = "ip.checksum.status == 0 || udp.checksum.status == 0 || tcp.checksum.status == 0"
    assert dissect.fields(path, bad, ["frame.number"], options=CHECKS) == []


@needs_tshark
@pytest.mark.parametrize("make", [one_way, presentation, ipv6_over_tcp, refusals])
def test_tshark_shows_the_messages_in_their_order(tmp_path: Path, make: Callable[[], Scene], told: Told) -> None:
    scene = make()
    path = tmp_path / "x.pcap"
    scene.write(path)
    shown = dissect.fields(path, "sip && !icmp", ["sip.Method", "sip.Status-Code", "sip.CSeq.method"])
    found = [method or f"{status} {of}" for method, status, of in shown]
    assert found == [line.rstrip("+").split(" ", 2)[2] for line in told(scene)]


@needs_tshark
def test_tshark_counts_the_media_as_it_was_sent(tmp_path: Path) -> None:
    path = tmp_path / "x.pcapng"
    one_way().write(path)
    packets = dissect.fields(path, "rtp", ["ip.src", "rtp.seq", "rtp.timestamp", "rtp.p_type", "rtp.setup-frame"])
    assert len(packets) == 400
    sequences = [int(sequence) for _, sequence, *_ in packets]
    assert sequences == list(range(sequences[0], sequences[0] + 400))
    assert {(source, kind, setup) for source, _, _, kind, setup in packets} == {("192.0.2.10", "0", "1")}
    reports = dissect.fields(path, "rtcp.pt == 200", ["rtcp.sender.packetcount", "rtcp.sdes.text"])
    assert reports == [("251", "alice@example.com")]


def test_a_scene_always_makes_the_same_bytes() -> None:
    assert presentation().pcapng() == presentation().pcapng()


def test_another_seed_makes_other_bytes() -> None:
    scenes = [Scene(seed=seed) for seed in (1, 2)]
    for scene in scenes:
        scene.request(scene.phone("alice", "192.0.2.10"), scene.phone("bob", "192.0.2.11"), "OPTIONS")
    assert scenes[0].pcap() != scenes[1].pcap()


def test_a_call_is_answered_when_it_should_be(told: Told) -> None:
    scene = Scene()
    scene.call(scene.phone("alice", "192.0.2.10"), scene.phone("bob", "192.0.2.11"), answer_after=1.9)
    assert told(scene) == [
        "alice bob INVITE+",
        "bob alice 100 INVITE",
        "bob alice 180 INVITE",
        "bob alice 200 INVITE+",
        "alice bob ACK",
    ]
    assert scene.sent[3].time - scene.sent[0].time == 1_900_000_000


def test_requests_outside_of_calls(told: Told) -> None:
    scene = Scene()
    alice, bob, proxy = (scene.phone(name, f"192.0.2.{last}") for last, name in enumerate(("alice", "bob", "proxy"), 1))
    scene.request(alice, bob, "MESSAGE", via=[proxy], body=b"hello")
    scene.request(alice, bob, "INVITE", status=None, repeats=1)
    assert told(scene) == [
        "alice proxy MESSAGE+",
        "proxy bob MESSAGE+",
        "bob proxy 200 MESSAGE",
        "proxy alice 200 MESSAGE",
        "alice bob INVITE",
        "alice bob INVITE",
    ]
