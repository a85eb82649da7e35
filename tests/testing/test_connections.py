"""TCP connections of a scene."""

from collabtrace.capture.packets import FIN, SYN
from collabtrace.capture.tcp import TcpStreams
from collabtrace.testing import Machine, Scene
from collabtrace.testing.connections import SEGMENT


def streamed(scene: Scene, source: Machine) -> bytes:
    """The bytes that *source* sent, put together by the package's own streams."""
    streams = TcpStreams()
    out = b""
    for frame, sent in enumerate(scene.sent):
        if sent.source is source:
            packet = bytes(sent.packet)
            sequence, flags, data = int.from_bytes(packet[24:28], "big"), packet[33], packet[40:]
            out += b"".join(piece.data for piece in streams.feed(0, frame, 0, sequence, flags, data, len(data)))
    return out


def test_both_directions_are_streams_of_one_connection() -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    text = bytes(range(256)) * 20
    scene.stream(alice, bob, 5060, text)
    scene.stream(bob, alice, 5060, b"answer")
    assert len(text) > 3 * SEGMENT
    assert streamed(scene, alice) == text
    assert streamed(scene, bob) == b"answer"
    assert sum(bool(sent.packet[33] & SYN) for sent in scene.sent) == 2


def test_after_the_end_a_new_connection_is_opened() -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    for _ in range(2):
        scene.stream(alice, bob, 5060, b"x")
        scene.disconnect(bob, alice)
    assert sum(bool(sent.packet[33] & SYN) for sent in scene.sent) == 4
    assert sum(bool(sent.packet[33] & FIN) for sent in scene.sent) == 4
    assert len({bytes(sent.packet[20:22]) for sent in scene.sent if sent.source is alice}) == 2


def test_each_purpose_has_a_connection_of_its_own() -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    scene.stream(alice, bob, 5060, b"x")
    scene.stream(alice, bob, 4000, b"x", purpose="bfcp")
    assert {bytes(sent.packet[22:24]) for sent in scene.sent if sent.source is alice} == {b"\x13\xc4", b"\x0f\xa0"}
