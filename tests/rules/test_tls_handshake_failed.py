"""tls-handshake-failed, on handshakes of real peers."""

import ssl
from collections.abc import Sequence

import pytest

from collabtrace.protocols.tls import numbers
from collabtrace.protocols.tls.messages import Alert
from collabtrace.protocols.tls.records import Record
from collabtrace.testing import Machine, Scene
from collabtrace.testing.wire import ACK, FIN, Layer, tcp
from tests.rules.conftest import Tell
from tests.tls_peers import Flight, Identity, client, identity, needs_openssl, play, server, talk

RULE = "tls-handshake-failed"
HOST = "cucm.example.com"
OLD, NEW = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3
BOTH = pytest.mark.parametrize("version", [OLD, NEW])
REQUEST, ANSWER = b"OPTIONS sip:cucm.example.com SIP/2.0\r\n" * 9, b"SIP/2.0 200 OK\r\n" * 9

pytestmark = needs_openssl


@pytest.fixture(scope="module")
def phone(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    return identity(tmp_path_factory.mktemp("phone"), "SEP001122334455")


@pytest.fixture(scope="module")
def cucm(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    return identity(tmp_path_factory.mktemp("cucm"), HOST, HOST, "cucm-pub.example.com")


def machines(scene: Scene) -> tuple[Machine, Machine]:
    return scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")


def scene_of(
    flights: Sequence[Flight], *, port: int = 5061, closes: str | None = None, after: float = 0.0, goes_on: float = 0.0
) -> Scene:
    """A capture of one connection; *goes_on* is how long after it the capture ends."""
    scene = Scene()
    alice, bob = machines(scene)
    play(scene, alice, bob, flights, port=port, closes=closes, after=after)
    if goes_on:
        scene.wait(goes_on)
        scene.datagram(alice, bob, (9, 9), b"the end")
    return scene


@BOTH
def test_a_client_that_does_not_know_the_authority(tell: Tell, cucm: Identity, version: ssl.TLSVersion) -> None:
    flights = talk(client(None, newest=version), server(cucm, version=version), HOST)
    told = tell(RULE, scene_of(flights, closes="client"))
    assert (told.finding.severity, told.finding.confidence) == ("critical", "proved")
    assert told.frames[:3] == (8, 4, 6)
    assert "the client sends the alert unknown_ca: it does not know the authority" in told.finding.message


def test_what_the_certificate_says_is_told(tell: Tell, cucm: Identity) -> None:
    flights = talk(client(cucm, newest=OLD), server(cucm, version=OLD), "other.example.com")
    message = tell(RULE, scene_of(flights)).finding.message
    assert f"names {HOST}, cucm-pub.example.com, issued by {HOST}" in message
    assert "It does not name other.example.com, which the client asked for" in message


def test_a_client_without_a_certificate(tell: Tell, cucm: Identity, phone: Identity) -> None:
    flights = talk(client(cucm, newest=OLD), server(cucm, version=OLD, trusts=phone), HOST)
    told = tell(RULE, scene_of(flights, closes="server"))
    assert told.finding.confidence == "proved"
    assert "asked the client for a certificate, and the client has none to show" in told.finding.message


def test_the_same_in_tls_1_3_is_encrypted(tell: Tell, cucm: Identity, phone: Identity) -> None:
    flights = talk(client(cucm, newest=NEW), server(cucm, version=NEW, trusts=phone), HOST)
    told = tell(RULE, scene_of(flights, closes="server"))
    assert (told.finding.confidence, told.frames[0]) == ("likely", 10)
    assert "the server sends an encrypted alert before the handshake is through" in told.finding.message


def test_a_certificate_that_the_server_does_not_trust(tell: Tell, cucm: Identity, phone: Identity) -> None:
    flights = talk(client(cucm, newest=OLD, own=cucm), server(cucm, version=OLD, trusts=phone), HOST)
    told = tell(RULE, scene_of(flights))
    assert "the server sends the alert unknown_ca" in told.finding.message
    assert f"The client's certificate names {HOST}" in told.finding.message


def test_versions_that_do_not_meet(tell: Tell, cucm: Identity) -> None:
    flights = talk(client(cucm, newest=OLD), server(cucm, version=NEW), HOST)
    told = tell(RULE, scene_of(flights, port=5071))
    assert "the alert protocol_version: it does not speak the TLS version offered" in told.finding.message
    assert "The client offers TLS 1.2 at most" in told.finding.message


@BOTH
@pytest.mark.parametrize(
    ("count", "closes", "said"),
    [
        (1, "server", "the server hangs up instead of answering the ClientHello"),
        (2, "client", "the client hangs up when it has seen the server's certificate"),
        (3, "server", "the server hangs up when it has the client's Finished"),
    ],
)
def test_a_side_that_hangs_up_in_its_turn(
    tell: Tell, cucm: Identity, version: ssl.TLSVersion, count: int, closes: str, said: str
) -> None:
    flights = talk(client(cucm, newest=version), server(cucm, version=version), HOST)[:count]
    told = tell(RULE, scene_of(flights, closes=closes))
    assert told.finding.confidence == "likely"
    assert said in told.finding.message


def test_a_client_that_waited_in_vain(tell: Tell, cucm: Identity) -> None:
    flights = talk(client(cucm, newest=NEW), server(cucm, version=NEW), HOST)[:1]
    told = tell(RULE, scene_of(flights, closes="client", after=8))
    assert "the client hangs up after waiting 8.0 s for the server" in told.finding.message
    assert tell(RULE, scene_of(flights, closes="client", after=1)).verdicts == ("unknown",)


def test_a_handshake_that_stops(tell: Tell, cucm: Identity) -> None:
    flights = talk(client(cucm, newest=OLD), server(cucm, version=OLD), HOST)[:2]
    told = tell(RULE, scene_of(flights, goes_on=15))
    assert (told.finding.confidence, told.frames[0]) == ("possible", 6)
    assert "the client says nothing more for 10 s and longer" in told.finding.message
    told = tell(RULE, scene_of(flights, goes_on=4))
    assert "is not seen whole: x.pcapng ends 6.0 s too early" in told.reasons[0]


@BOTH
def test_a_server_that_hangs_up_at_the_first_request(tell: Tell, cucm: Identity, version: ssl.TLSVersion) -> None:
    flights = talk(client(cucm, newest=version), server(cucm, version=version), HOST, request=REQUEST)
    told = tell(RULE, scene_of(flights, closes="server", after=0.5))
    assert told.finding.confidence == "possible"
    assert "hangs up at the client's first request, without an answer" in told.finding.message
    assert tell(RULE, scene_of(flights, closes="server", after=20)).verdicts == ("clear",)


def test_many_failures_are_one_finding(tell: Tell, cucm: Identity) -> None:
    scene = Scene()
    alice, bob = machines(scene)
    for _ in range(3):
        play(scene, alice, bob, talk(client(None, newest=OLD), server(cucm, version=OLD), HOST), closes="client")
        scene.wait(30)
    assert "fails (3 of 3 handshakes)" in tell(RULE, scene).finding.message
    assert len(tell(RULE, scene, alice, bob).findings) == 1


@BOTH
def test_a_handshake_that_is_through(tell: Tell, cucm: Identity, phone: Identity, version: ssl.TLSVersion) -> None:
    asking, answering = client(cucm, newest=version, own=phone), server(cucm, version=version, trusts=phone)
    flights = talk(asking, answering, HOST, request=REQUEST, answer=ANSWER)
    assert tell(RULE, scene_of(flights, closes="server")).verdicts == ("clear",)


@BOTH
@pytest.mark.parametrize("closes", ["client", None])
def test_a_client_that_only_looks_whether_the_server_is_there(
    tell: Tell, cucm: Identity, version: ssl.TLSVersion, closes: str | None
) -> None:
    flights = talk(client(cucm, newest=version), server(cucm, version=version), HOST)
    assert tell(RULE, scene_of(flights, closes=closes, goes_on=20)).verdicts == ("clear",)


def test_tls_1_3_without_tickets_shows_no_more_than_the_clients_finished(tell: Tell, cucm: Identity) -> None:
    flights = talk(client(cucm, newest=NEW), server(cucm, version=NEW), HOST)[:3]
    assert tell(RULE, scene_of(flights, closes="client")).verdicts == ("clear",)
    told = tell(RULE, scene_of(flights, closes="server", after=60))
    assert "nothing shows whether the server took the client's Finished" in told.reasons[0]


def test_a_second_try_that_works_makes_good(tell: Tell, cucm: Identity) -> None:
    scene = Scene()
    alice, bob = machines(scene)
    play(scene, alice, bob, talk(client(cucm, newest=OLD), server(cucm, version=NEW), HOST), closes="client")
    play(scene, alice, bob, talk(client(cucm, newest=NEW), server(cucm, version=NEW), HOST), closes="client")
    assert tell(RULE, scene).verdicts == ("clear",)


def test_other_ports_are_none_of_its_business(tell: Tell, cucm: Identity) -> None:
    flights = talk(client(None, newest=OLD), server(cucm, version=OLD), HOST)
    assert tell(RULE, scene_of(flights, port=993)).verdicts == ()
    assert tell(RULE, scene_of(flights, port=443)).verdicts == ("fault",)
    assert tell(RULE, scene_of(flights[:1], port=443, closes="server")).verdicts == ()


def test_any_port_of_a_machine_that_speaks_sip(tell: Tell, cucm: Identity) -> None:
    scene = scene_of(talk(client(cucm, newest=OLD), server(cucm, version=OLD), HOST)[:1], port=9443, closes="server")
    scene.request(*machines(scene), "OPTIONS")
    assert tell(RULE, scene).verdicts == ("fault",)


def test_one_direction_cannot_tell(tell: Tell, cucm: Identity) -> None:
    scene = scene_of(talk(client(cucm, newest=OLD), server(cucm, version=OLD), HOST)[:1], goes_on=20)
    scene.sent = [sent for sent in scene.sent if sent.source.name == "alice"]
    assert "the capture holds one direction only" in tell(RULE, scene).reasons[0]


def test_a_capture_that_begins_within_a_handshake_cannot_tell(tell: Tell, cucm: Identity) -> None:
    scene = scene_of(talk(client(cucm, newest=OLD), server(cucm, version=OLD), HOST)[:2], closes="client")
    scene.sent = scene.sent[5:]
    assert "the capture lacks its beginning" in tell(RULE, scene).reasons[0]


def test_a_capture_with_a_hole_cannot_tell(tell: Tell, cucm: Identity) -> None:
    flights = talk(client(cucm, newest=OLD), server(cucm, version=OLD), HOST)
    parts = [flights[1].data[at : at + 200] for at in range(0, 600, 200)]
    scene = scene_of([flights[0], *(Flight("server", part) for part in parts)], closes="client")
    del scene.sent[7]
    assert "the capture lacks bytes of it" in tell(RULE, scene).reasons[0]


def test_a_warning_counts_where_the_connection_ends_with_it(tell: Tell, cucm: Identity) -> None:
    flights = talk(client(cucm, newest=OLD), server(cucm, version=OLD), HOST)
    warning = Flight("server", bytes(Record(numbers.ALERT, numbers.TLS_1_2, bytes(Alert(1, 112)))))
    told = tell(RULE, scene_of([flights[0], warning], closes="server"))
    assert (told.finding.confidence, told.frames[0]) == ("likely", 6)
    assert "the alert unrecognized_name: it is not the host that the client asked for" in told.finding.message
    assert tell(RULE, scene_of([flights[0], warning, *flights[1:]])).verdicts == ("clear",)


def test_a_certificate_that_has_expired_is_told(tell: Tell, cucm: Identity) -> None:
    flights = talk(client(None, newest=OLD), server(cucm, version=OLD), HOST)
    scene = Scene(start=4_000_000_000 * 10**9)
    play(scene, *machines(scene), flights)
    assert "It expired on 20" in tell(RULE, scene).finding.message


def test_segments_sent_again_hint_at_large_packets_that_get_lost(tell: Tell, cucm: Identity) -> None:
    scene = scene_of(talk(client(cucm, newest=OLD), server(cucm, version=OLD), HOST)[:2])
    flight = next(sent for sent in scene.sent if sent.source.name == "bob" and len(sent.packet) > 100)
    for _ in range(3):
        scene.wait(4)
        scene.transmit(flight.source, flight.target, Layer(flight.packet[20:], 6))
    scene.wait(8)
    scene.datagram(flight.source, flight.target, (9, 9), b"the end")
    assert "3 segments to it are sent again" in tell(RULE, scene).finding.message


def test_a_client_that_breaks_off_at_once_cannot_tell(tell: Tell, cucm: Identity) -> None:
    flights = talk(client(cucm, newest=OLD), server(cucm, version=OLD), HOST)[:2]
    told = tell(RULE, scene_of(flights, closes="server"))
    assert "the server hangs up 0.0 s after its own message" in told.reasons[0]


def test_an_alert_about_a_server_that_hung_up_is_an_afterthought(tell: Tell, cucm: Identity) -> None:
    scene = scene_of(talk(client(cucm, newest=OLD), server(cucm, version=OLD), HOST)[:1])
    alice, bob = scene.sent[0].source, scene.sent[0].target
    _, opened, _, hello, _ = (sent.packet for sent in scene.sent)
    port, there, here = (int.from_bytes(part, "big") for part in (hello[20:22], opened[24:28], hello[24:28]))
    scene.transmit(bob, alice, tcp(5061, port, sequence=there + 1, flags=FIN | ACK))
    alert = bytes(Record(numbers.ALERT, numbers.TLS_1_2, bytes(Alert(2, 50))))
    scene.transmit(alice, bob, tcp(port, 5061, alert, sequence=here + len(hello) - 40))
    told = tell(RULE, scene)
    assert (told.finding.confidence, told.frames[0]) == ("likely", 6)
    assert "the server hangs up instead of answering the ClientHello" in told.finding.message
