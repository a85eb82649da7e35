"""A client and a TLS port of a server, with their handshakes."""

from collabtrace.protocols.tls import numbers
from collabtrace.protocols.tls.hello import ClientHello
from collabtrace.protocols.tls.messages import Handshake
from collabtrace.protocols.tls.records import Record
from collabtrace.subjects.gathering import tls_peers
from collabtrace.subjects.related import Related
from collabtrace.testing import Scene
from tests.subjects.conftest import Opened

HELLO = Handshake(numbers.CLIENT_HELLO, bytes(ClientHello(numbers.TLS_1_2, bytes(32), (0xC02F,))))
RECORD = bytes(Record(numbers.HANDSHAKE, numbers.TLS_1_0, bytes(HELLO)))


def test_handshakes_with_one_port_belong_together(opened: Opened) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    for port in (5061, 5061, 7001):
        scene.stream(alice, bob, port, RECORD, purpose="tls")
        scene.disconnect(alice, bob, purpose="tls")
    scene.request(alice, bob, "OPTIONS")
    first, second = tls_peers(Related(opened(scene)))
    assert (first.client, first.server, first.port, len(first.handshakes)) == ("192.0.2.10", "198.51.100.20", 5061, 2)
    connection = second.connection(second.handshakes[0])
    assert connection is not None
    assert (connection.server_port, connection.closed_by) == (7001, "client")
    assert first.is_sip("198.51.100.20")
    assert not first.is_sip("203.0.113.1")
    assert repr(second) == "<TlsPeers 192.0.2.10 to 198.51.100.20:7001 in x.pcapng, 1 handshakes>"


def test_twins_are_the_same_handshake_in_other_captures(opened: Opened) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    scene.stream(alice, bob, 5061, RECORD, purpose="tls")
    near, far = tls_peers(Related(opened(scene, alice, bob)))
    (twin,) = near.twins(near.handshakes[0])
    assert twin == far.handshakes[0]
