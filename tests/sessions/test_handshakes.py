"""Handshakes of real peers, read from a capture of them."""

import ssl
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabtrace.capture.packets import Flows
from collabtrace.capture.tcp import Piece
from collabtrace.columns import Table
from collabtrace.protocols.tls import messages, numbers
from collabtrace.protocols.tls.hello import ClientHello, ServerHello
from collabtrace.protocols.tls.records import DatagramRecord, Record
from collabtrace.schema import Connection, Handshake
from collabtrace.sessions.case import read_case
from collabtrace.sessions.handshakes import MOST_BYTES, Handshakes
from collabtrace.testing import Scene
from tests.tls_peers import Flight, Identity, client, identity, needs_openssl, play, server, talk

HOST = "cucm.example.com"
OLD, NEW = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3
REQUEST, ANSWER = b"OPTIONS sip:cucm.example.com SIP/2.0\r\n" * 9, b"SIP/2.0 200 OK\r\n" * 9


@pytest.fixture(scope="module")
def phone(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    return identity(tmp_path_factory.mktemp("phone"), "SEP001122334455")


@pytest.fixture(scope="module")
def cucm(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    return identity(tmp_path_factory.mktemp("cucm"), HOST, HOST, "cucm-pub.example.com")


def seen(tmp_path: Path, flights: Iterable[Flight], *more: list[Flight]) -> Table[Handshake]:
    """The handshakes of a capture of one connection after another."""
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    for each in (flights, *more):
        play(scene, alice, bob, each, closes="client")
    path = tmp_path / "tls.pcapng"
    scene.write(path)
    with read_case([path]) as case:
        return case.handshakes


@needs_openssl
def test_tls_1_2_says_all_but_the_finished_in_the_clear(tmp_path: Path, cucm: Identity, phone: Identity) -> None:
    flights = talk(client(cucm, newest=OLD, own=phone), server(cucm, version=OLD, trusts=phone), HOST)
    (only,) = seen(tmp_path, flights)
    assert (only.server_name, only.offered_version, only.version) == (HOST, "TLS 1.2", "TLS 1.2")
    assert only.cipher == "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"
    assert (only.certificate_names, only.issuer) == ((HOST, "cucm-pub.example.com"), HOST)
    assert only.client_certificate_names == ("SEP001122334455",)
    assert (only.hello_frame, only.server_hello_frame, only.request_frame) == (4, 6, 6)
    assert (only.client_finished_frame, only.server_finished_frame, only.completed_frame) == (8, 10, 10)
    assert (only.alert, only.hidden_alert_frame, only.client_data_frame, only.lossy) == (None, None, None, False)


@needs_openssl
@pytest.mark.parametrize("version", [OLD, NEW])
def test_data_begins_behind_the_handshake(tmp_path: Path, cucm: Identity, version: ssl.TLSVersion) -> None:
    flights = talk(client(cucm, newest=NEW), server(cucm, version=version), HOST, request=REQUEST, answer=ANSWER)
    (only,) = seen(tmp_path, flights)
    assert (only.completed_frame, only.client_data_frame, only.server_data_frame) == (10, 12, 14)


@needs_openssl
def test_tls_1_3_with_a_client_certificate(tmp_path: Path, cucm: Identity, phone: Identity) -> None:
    asking, answering = client(cucm, newest=NEW, own=phone), server(cucm, version=NEW, trusts=phone)
    (only,) = seen(tmp_path, talk(asking, answering, HOST, request=REQUEST, answer=ANSWER))
    assert (only.version, only.cipher, only.certificate_frame) == ("TLS 1.3", "TLS_AES_256_GCM_SHA384", None)
    assert (only.server_finished_frame, only.client_finished_frame, only.completed_frame) == (6, 8, 10)
    assert (only.client_data_frame, only.server_data_frame) == (12, 14)


@needs_openssl
def test_a_retry_is_the_same_handshake(tmp_path: Path, cucm: Identity) -> None:
    answering = server(cucm, version=NEW)
    answering.set_ecdh_curve("secp384r1")
    (only,) = seen(tmp_path, talk(client(cucm, newest=NEW), answering, HOST))
    assert (only.hello_frame, only.server_hello_frame, only.client_finished_frame) == (4, 10, 12)


@needs_openssl
@pytest.mark.parametrize("version", [OLD, NEW])
def test_a_client_that_does_not_trust_the_server(tmp_path: Path, cucm: Identity, version: ssl.TLSVersion) -> None:
    (only,) = seen(tmp_path, talk(client(None, newest=version), server(cucm, version=version), HOST))
    assert (only.alert, only.alert_level, only.alert_by, only.alert_frame) == ("unknown_ca", "fatal", "client", 8)
    assert (only.completed_frame, only.client_finished_frame) == (None, None)


@needs_openssl
def test_a_client_without_a_certificate_shows_an_empty_one(tmp_path: Path, cucm: Identity, phone: Identity) -> None:
    flights = talk(client(cucm, newest=OLD), server(cucm, version=OLD, trusts=phone), HOST)
    (only,) = seen(tmp_path, flights)
    assert (only.client_certificate_frame, only.client_certificate_names) == (8, ())
    assert (only.alert, only.alert_by, only.completed_frame) == ("handshake_failure", "server", None)


@needs_openssl
def test_the_same_in_tls_1_3_is_an_encrypted_alert(tmp_path: Path, cucm: Identity, phone: Identity) -> None:
    flights = talk(client(cucm, newest=NEW), server(cucm, version=NEW, trusts=phone), HOST, request=REQUEST)
    (only,) = seen(tmp_path, flights)
    assert (only.alert, only.hidden_alert_by, only.hidden_alert_frame) == (None, "server", 10)
    assert (only.client_finished_frame, only.completed_frame) == (8, None)


@needs_openssl
def test_versions_that_do_not_meet(tmp_path: Path, cucm: Identity) -> None:
    (only,) = seen(tmp_path, talk(client(cucm, newest=OLD), server(cucm, version=NEW), HOST))
    assert (only.alert, only.alert_by, only.server_hello_frame) == ("protocol_version", "server", None)


@needs_openssl
def test_one_connection_after_another_on_the_same_ports(tmp_path: Path, cucm: Identity) -> None:
    flights = talk(client(cucm, newest=OLD), server(cucm, version=OLD), HOST)
    first, second = seen(tmp_path, flights, flights[:1])
    assert (first.completed_frame, first.connection_row) == (10, 0)
    assert (second.server_hello_frame, second.connection_row) == (None, 1)


@needs_openssl
def test_a_capture_of_one_direction_shows_what_it_can(tmp_path: Path, cucm: Identity) -> None:
    flights = talk(client(cucm, newest=OLD), server(cucm, version=OLD), HOST)
    (only,) = seen(tmp_path, [each for each in flights if each.by == "server"])
    assert (only.client_port, only.server_port, only.server_hello_frame) == (49152, 5061, 4)
    assert (only.hello_frame, only.server_finished_frame, only.completed_frame) == (None, 6, None)


@needs_openssl
def test_two_captures_know_their_own_connections(tmp_path: Path, cucm: Identity) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    play(scene, alice, bob, talk(client(cucm, newest=OLD), server(cucm, version=OLD), HOST))
    files = [tmp_path / "a.pcapng", tmp_path / "b.pcapng"]
    for file in files:
        scene.write(file)
    with read_case(files) as case:
        rows = case.handshakes.values("connection_row")
        assert [case.connections[row].file for row in rows] == ["a.pcapng", "b.pcapng"]


# What follows is about bytes that no peer sends, and DTLS, which the ssl module does not speak.

CLIENT_HELLO = ClientHello(numbers.TLS_1_2, bytes(32), (0xC02F,))
SERVER_HELLO = ServerHello(numbers.TLS_1_2, bytes(32), 0xC02F)
HELLOS = [
    bytes(Record(numbers.HANDSHAKE, 0x0303, bytes(messages.Handshake(numbers.CLIENT_HELLO, bytes(CLIENT_HELLO))))),
    bytes(Record(numbers.HANDSHAKE, 0x0303, bytes(messages.Handshake(numbers.SERVER_HELLO, bytes(SERVER_HELLO))))),
]
SPEC = bytes(Record(numbers.CHANGE_CIPHER_SPEC, 0x0303, b"\1"))
FINISHED = bytes(Record(numbers.HANDSHAKE, 0x0303, bytes(40)))
DATA = bytes(Record(numbers.APPLICATION_DATA, 0x0303, bytes(100)))


class Reading:
    """Feeds handshakes by hand; flow 0 is the client's, flow 1 the server's."""

    def __init__(self, transport: str = "tcp") -> None:
        self.flows = Flows()
        self.flows.add("192.0.2.1", 40000, "192.0.2.2", 5061, transport)
        self.flows.add("192.0.2.2", 5061, "192.0.2.1", 40000, transport)
        self.handshakes = Handshakes(self.flows)
        self.frame = 0

    def feed(self, flow: int, *data: bytes, gap: bool = False) -> bool:
        self.frame += 1
        if not self.handshakes.reads(flow):
            self.handshakes.begin(flow)
        return self.handshakes.feed(flow, Piece(self.frame, self.frame, b"".join(data), gap_before=gap))

    def datagram(self, flow: int, *records: DatagramRecord) -> None:
        self.frame += 1
        self.handshakes.datagram(flow, self.frame, self.frame, b"".join(map(bytes, records)))

    def rows(self) -> list[Handshake]:
        return list(self.handshakes.table("x", Table.empty(Connection)))


def test_reading_ends_when_both_sides_send_data() -> None:
    reading = Reading()
    assert [reading.feed(side, hello, SPEC, FINISHED) for side, hello in enumerate(HELLOS)] == [True, True]
    assert [reading.feed(side, DATA) for side in (0, 1)] == [True, False]
    assert reading.rows()[0].server_data_frame == 4


def test_reading_ends_after_so_many_bytes() -> None:
    reading = Reading()
    reading.feed(0, HELLOS[0])
    assert not reading.feed(0, *[DATA] * (MOST_BYTES // len(DATA)))


def test_a_connection_that_was_open_already_is_no_handshake() -> None:
    reading = Reading()
    assert not reading.feed(0, DATA)
    assert reading.rows() == []


def test_bytes_that_are_missing_are_told_and_reading_goes_on_behind_them() -> None:
    reading = Reading()
    reading.feed(0, HELLOS[0])
    reading.feed(1, HELLOS[1][:30])
    assert reading.feed(1, SPEC, FINISHED, gap=True)
    (only,) = reading.rows()
    assert (only.lossy, only.server_hello_frame, only.server_finished_frame) == (True, None, 3)


def test_a_gap_before_the_first_byte_is_none() -> None:
    reading = Reading()
    reading.feed(0, HELLOS[0], gap=True)
    assert not reading.rows()[0].lossy


def test_an_answer_that_is_not_tls_ends_the_reading() -> None:
    reading = Reading()
    reading.feed(0, HELLOS[0])
    assert not reading.feed(1, SPEC, b"HTTP/1.1 400 Bad Request\r\n\r\n")
    assert reading.rows()[0].lossy


def test_another_hello_is_another_handshake_where_the_syn_is_missing() -> None:
    reading = Reading()
    for side, hello in [*enumerate(HELLOS)] * 2:
        reading.feed(side, hello)
    assert [each.hello_frame for each in reading.rows()] == [1, 3]


def test_a_syn_sent_again_changes_nothing() -> None:
    reading = Reading()
    reading.feed(0, HELLOS[0])
    reading.handshakes.end(1)
    reading.feed(1, HELLOS[1])
    assert len(reading.rows()) == 1


def dtls(kind: int, fragment: bytes, *, epoch: int = 0) -> DatagramRecord:
    return DatagramRecord(kind, numbers.DTLS_1_2, epoch, 0, fragment)


def part(kind: int, body: bytes, number: int, *, begin: int = 0, end: int | None = None) -> DatagramRecord:
    whole = messages.Part(kind, len(body), number, begin, body[begin:end])
    return dtls(numbers.HANDSHAKE, bytes(whole))


ASKED = bytes(ClientHello(numbers.DTLS_1_2, bytes(32), (0xC02F,), cookie=b""))
CHOSEN = bytes(ServerHello(numbers.DTLS_1_2, bytes(32), 0xC02F))


def test_dtls_with_a_cookie_fragments_and_repetitions() -> None:
    reading = Reading("udp")
    reading.datagram(0, part(numbers.CLIENT_HELLO, ASKED, 0))
    reading.datagram(1, part(numbers.HELLO_VERIFY_REQUEST, b"\xfe\xfd\1x", 0))
    reading.datagram(0, part(numbers.CLIENT_HELLO, ASKED, 1))
    reading.datagram(1, part(numbers.SERVER_HELLO, CHOSEN, 1, end=20))
    reading.datagram(1, part(numbers.SERVER_HELLO, CHOSEN, 1, begin=20))
    for side in (0, 1):
        spec = dtls(numbers.CHANGE_CIPHER_SPEC, b"\1")
        reading.datagram(side, spec, dtls(numbers.HANDSHAKE, bytes(40), epoch=1))
    (only,) = reading.rows()
    assert (only.transport, only.version, only.hello_frame, only.server_hello_frame) == ("udp", "DTLS 1.2", 1, 5)
    assert (only.client_finished_frame, only.completed_frame, only.connection_row) == (6, 7, None)


def test_dtls_alerts_are_encrypted_by_their_epoch() -> None:
    reading = Reading("udp")
    reading.datagram(0, part(numbers.CLIENT_HELLO, ASKED, 0))
    reading.datagram(1, dtls(numbers.ALERT, bytes(messages.Alert(2, 40))))
    reading.datagram(0, dtls(numbers.ALERT, bytes(30), epoch=1))
    (only,) = reading.rows()
    assert (only.alert, only.alert_by, only.hidden_alert_by) == ("handshake_failure", "server", "client")


def test_a_new_association_on_the_same_ports() -> None:
    reading = Reading("udp")
    for _ in range(2):
        reading.datagram(0, part(numbers.CLIENT_HELLO, ASKED, 0))
        for side in (0, 1):
            reading.datagram(side, dtls(numbers.HANDSHAKE, bytes(40), epoch=1))
    first, second = reading.rows()
    assert (first.hello_frame, second.hello_frame) == (1, 4)
    assert first.last < second.started


def test_another_attempt_on_the_same_ports_after_one_that_nobody_answered() -> None:
    reading = Reading("udp")
    for seconds in (0, 1, 900):
        hello = part(numbers.CLIENT_HELLO, ASKED, 0)
        reading.handshakes.datagram(0, seconds + 1, seconds * 10**9, bytes(hello))
    assert [(each.hello_frame, each.started, each.last) for each in reading.rows()] == [(1, 0, 1), (901, 900, 900)]


@given(st.lists(st.tuples(st.integers(0, 1), st.sampled_from([*HELLOS, SPEC, FINISHED, DATA]) | st.binary())))
def test_any_bytes_can_be_fed(pieces: list[tuple[int, bytes]]) -> None:
    reading, datagrams = Reading(), Reading("udp")
    for side, data in pieces:
        reading.feed(side, data)
        datagrams.handshakes.datagram(side, 1, 1, data)
    reading.rows()
    datagrams.rows()


@given(st.binary(), st.sampled_from([numbers.CLIENT_HELLO, numbers.SERVER_HELLO, numbers.CERTIFICATE]), st.booleans())
def test_any_message_can_be_fed(body: bytes, kind: int, sealed: bool) -> None:
    reading = Reading()
    reading.feed(0, HELLOS[0])
    message = bytes(messages.Handshake(kind, body))
    reading.feed(1, SPEC * sealed, bytes(Record(numbers.HANDSHAKE, 0x0303, message)))
    assert reading.rows()
