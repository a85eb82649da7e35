"""A recording is one file of the case."""

from collabtrace.subjects import gathering
from collabtrace.subjects.recording import Recording
from collabtrace.subjects.related import Related
from collabtrace.testing import Machine, Scene
from tests.subjects.conftest import Opened


def test_each_capture_point_is_a_recording_with_its_own_interfaces(opened: Opened) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    scene.call(alice, bob)
    inside, outside = gathering.recordings(Related(opened(scene, alice, bob)))
    assert (inside.file, outside.file) == ("alice.pcapng", "bob.pcapng")
    assert [interface.file for interface in outside.interfaces] == ["bob.pcapng"]


def recordings_of(opened: Opened, scene: Scene, *near: Machine) -> list[Recording]:
    return list(gathering.recordings(Related(opened(scene, *near))))


def test_what_a_capture_names(opened: Opened) -> None:
    scene = Scene()
    alice = scene.phone("alice", "192.0.2.10", user_agent="Cisco-CP8841/12.6.1")
    scene.call(alice, scene.phone("bob", "198.51.100.20"))
    (only,) = recordings_of(opened, scene)
    frames = {agent: message.frame for agent, message in only.agents.items()}
    assert frames == {"Cisco-CP8841/12.6.1": 1, "Phone/1.0": 3}


def test_connections_to_a_port_of_some_machines(opened: Opened) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    for port in (443, 80):
        scene.connect(alice, bob, port, purpose=str(port))
    (only,) = recordings_of(opened, scene)
    assert [each.server_port for each in only.connections_to({bob.address}, 443)] == [443]
    assert only.connections_to({alice.address}, 443) == ()


def test_packets_that_lack_fragments(opened: Opened) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    scene.block_fragments(bob)
    scene.datagram(alice, bob, (5060, 5060), bytes(4000))
    near_alice, near_bob = recordings_of(opened, scene, alice, bob)
    assert (near_alice.partials, near_alice.record.fragmented) == ((), 1)
    assert [each.missing for each in near_bob.partials] == [("last",)]


def test_requests_that_nobody_answered(opened: Opened) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    scene.request(alice, bob, "OPTIONS")
    scene.request(alice, bob, "REGISTER", status=None)
    (only,) = recordings_of(opened, scene)
    assert [each.method for each in only.unanswered] == ["REGISTER"]


def test_the_first_short_request_that_was_answered_is_looked_for_once(opened: Opened) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    scene.request(alice, bob, "REGISTER", status=None)
    scene.request(alice, bob, "OPTIONS")
    (only,) = recordings_of(opened, scene)
    found = only.answered(alice.address, bob.address, 1472)
    assert found is not None
    assert found.method == "OPTIONS"
    assert only.answered(alice.address, bob.address, 1472) is found
    assert only.answered(alice.address, bob.address, 10) is None


def test_the_other_legs_of_a_call(opened: Opened) -> None:
    scene = Scene()
    server = scene.b2bua("server", "203.0.113.5")
    call = scene.call(scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20"), via=[server])
    (only,) = recordings_of(opened, scene)
    first, second = (leg.call_id for leg in call.legs)
    assert only.legs_of(second) == (first, second)
    assert only.legs_of("unknown") == ("unknown",)
