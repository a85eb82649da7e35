"""What may be the direction that seems to be missing."""

from collabtrace.sessions.case import Case
from collabtrace.subjects.call import Call
from collabtrace.subjects.related import Related
from collabtrace.subjects.sight import Sight
from collabtrace.subjects.silence import Silence
from collabtrace.testing import Machine, Nat, Quality, Scene
from tests.subjects.conftest import Opened
from tests.subjects.packets import send_rtp


def one_sided(nat: Nat | None = None) -> tuple[Scene, Machine, Machine]:
    scene = Scene()
    alice = scene.phone("alice", "192.0.2.10", nat=nat, advertises=nat.address if nat else "")
    bob = scene.phone("bob", "198.51.100.20")
    call = scene.call(alice, bob)
    with scene.meanwhile():
        call.talk(alice, seconds=6, quality=Quality(rtcp=False))
    return scene, alice, bob


def silence(case: Case) -> Silence:
    (flow,) = Call(Related(case), 0).lines[0].media_flows
    missing, spoken = sorted(flow.ways, key=lambda way: way.packets)
    return Silence(flow, spoken, missing, Sight(case))


def test_it_knows_who_speaks_and_who_is_silent(opened: Opened) -> None:
    scene, alice, bob = one_sided()
    found = silence(opened(scene))
    assert (found.speaker, found.silent, found.stream.packets) == (alice.address, bob.address, 300)
    assert (found.from_elsewhere, found.astray, found.sender_reports, found.refusals) == ((), (), (), [])
    assert found.unreadable == 0


def test_media_from_another_machine_to_the_port_that_was_sent_from(opened: Opened) -> None:
    scene, alice, _ = one_sided(Nat("203.0.113.9"))
    send_rtp(scene, scene.phone("relay", "203.0.113.5"), alice, (7000, 20000), 20)
    (stream,) = silence(opened(scene, alice)).from_elsewhere
    assert (stream.source, stream.target) == ("203.0.113.5", alice.address)


def test_media_to_a_port_that_nobody_named(opened: Opened) -> None:
    scene, alice, bob = one_sided()
    send_rtp(scene, bob, alice, (9000, 9002), 20)
    (stream,) = silence(opened(scene)).astray
    assert (stream.source, stream.target_port) == (bob.address, 9002)


def test_packets_that_are_no_rtp(opened: Opened) -> None:
    scene, alice, bob = one_sided()
    for _ in range(6):
        scene.datagram(bob, alice, (20000, 20000), b"\x17 not rtp at all")
        scene.wait(0.1)
    assert silence(opened(scene)).unreadable == 6


def test_sender_reports_of_the_silent_machine(opened: Opened) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    call = scene.call(alice, bob)
    scene.block(alice, 20000)
    call.talk(seconds=11)
    found = silence(opened(scene, alice))
    assert [report.packets_sent for report in found.sender_reports] == [251, 501]


def test_icmp_errors_about_the_port_of_the_silent_machine(opened: Opened) -> None:
    scene, _, bob = one_sided()
    scene.unreachable(bob)
    (error,) = silence(opened(scene)).refusals
    assert (error.source, error.quoted_target_port) == (bob.address, 20000)
