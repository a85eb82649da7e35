"""What single records say of a handshake; handshakes of real peers are read in ``test_handshakes``."""

import pytest

from collabtrace.protocols.tls import messages, numbers
from collabtrace.protocols.tls.hello import ClientHello, ServerHello
from collabtrace.protocols.tls.vectors import vector
from collabtrace.sessions.tls_exchange import Exchange

CLIENT, SERVER = 0, 1
LONG, SHORT, TINY = 0x1302, 0x1301, 0x1305


def exchange(*, cipher: int = SHORT, version: int = numbers.TLS_1_3) -> Exchange:
    """A handshake after both hellos."""
    made = Exchange(CLIENT, 0, 0)
    say(made, CLIENT, numbers.CLIENT_HELLO, bytes(ClientHello(numbers.TLS_1_2, bytes(32), (cipher,))), 1)
    chosen = ((43, version.to_bytes(2, "big")),)
    say(made, SERVER, numbers.SERVER_HELLO, bytes(ServerHello(numbers.TLS_1_2, bytes(32), cipher, chosen)), 2)
    return made


def say(made: Exchange, flow: int, kind: int, body: bytes, frame: int) -> None:
    made.read(flow, numbers.HANDSHAKE, bytes(messages.Handshake(kind, body)), (frame, frame))


def seal(made: Exchange, *records: tuple[int, int]) -> None:
    """Let a side send encrypted records of TLS 1.3, from frame 3 on."""
    for frame, (flow, size) in enumerate(records, 3):
        made.read(flow, numbers.APPLICATION_DATA, bytes(size), (frame, frame))


@pytest.mark.parametrize(("cipher", "finished", "alert"), [(SHORT, 53, 19), (LONG, 69, 19), (TINY, 45, 11)])
def test_sizes_tell_finished_data_and_alerts(cipher: int, finished: int, alert: int) -> None:
    made = exchange(cipher=cipher)
    seal(made, (SERVER, 900), (CLIENT, finished), (CLIENT, 300), (SERVER, alert))
    assert (made.server.finished, made.client.finished, made.client.data) == ((3, 3), (4, 4), 5)
    assert (made.completed_frame, made.hidden_at, made.hidden_by) == (None, (6, 6), "server")


def test_a_client_certificate_comes_before_the_finished() -> None:
    made = exchange()
    seal(made, (SERVER, 900), (CLIENT, 800), (CLIENT, 100), (CLIENT, 53), (CLIENT, 400))
    assert (made.client.finished, made.client.data) == ((4, 4), 7)


def test_a_server_that_goes_on_has_taken_the_finished() -> None:
    made = exchange()
    seal(made, (SERVER, 900), (CLIENT, 1200), (SERVER, 250), (CLIENT, 400), (SERVER, 300))
    assert (made.completed_frame, made.client.data, made.server.data, made.is_over) == (5, 6, 7, True)


def test_a_client_that_refuses_completes_nothing() -> None:
    made = exchange()
    seal(made, (SERVER, 900), (CLIENT, 19), (SERVER, 100))
    assert (made.hidden_by, made.client.finished, made.completed_frame) == ("client", None, None)


def test_the_other_spec_of_tls_1_3_means_nothing() -> None:
    made = exchange()
    made.read(CLIENT, numbers.CHANGE_CIPHER_SPEC, b"\1", (3, 3))
    made.read(CLIENT, numbers.ALERT, b"\2\x2a", (4, 4))
    assert made.alert == messages.Alert(2, 42)


def test_before_tls_1_3_an_alert_behind_the_spec_is_hidden() -> None:
    made = exchange(version=numbers.TLS_1_2)
    made.read(CLIENT, numbers.CHANGE_CIPHER_SPEC, b"\1", (3, 3))
    made.read(CLIENT, numbers.ALERT, bytes(26), (4, 4))
    assert (made.alert, made.hidden_at) == (None, (4, 4))


def test_a_fatal_alert_counts_more_than_a_warning() -> None:
    made = exchange()
    for frame, alert in enumerate([b"\1\x70", b"\2\x28", b"\2\x2a", b"\1\0"], 3):
        made.read(SERVER, numbers.ALERT, alert, (frame, frame))
    assert made.alert == messages.Alert(2, 40)
    assert made.alert_at == (4, 4)


def test_data_of_the_server_shows_that_it_has_the_clients_finished() -> None:
    made = exchange(version=numbers.TLS_1_2)
    made.read(SERVER, numbers.APPLICATION_DATA, bytes(50), (3, 3))
    assert made.completed_frame == 3


def test_early_data_comes_before_the_server_speaks() -> None:
    made = Exchange(CLIENT, 0, 0)
    say(made, CLIENT, numbers.CLIENT_HELLO, bytes(ClientHello(numbers.TLS_1_2, bytes(32), (SHORT,))), 1)
    made.read(CLIENT, numbers.APPLICATION_DATA, bytes(300), (2, 2))
    assert (made.client.data, made.is_late) == (None, False)


def test_whoever_says_hello_is_the_client_whoever_was_heard_first() -> None:
    made = Exchange(SERVER, 0, 0)
    made.read(SERVER, numbers.ALERT, b"\2\x28", (1, 1))
    say(made, CLIENT, numbers.CLIENT_HELLO, bytes(ClientHello(numbers.TLS_1_2, bytes(32), (SHORT,))), 2)
    assert (made.is_client(CLIENT), made.is_client(SERVER)) == (True, False)


def test_a_certificate_that_cannot_be_read_is_there_all_the_same() -> None:
    made = exchange(version=numbers.TLS_1_2)
    say(made, SERVER, numbers.CERTIFICATE, vector(3, vector(3, b"no certificate")), 3)
    assert (made.certificate_frame, made.certificate, made.lossy) == (3, None, True)


def test_what_no_alert_in_the_clear_can_be_is_a_hidden_one() -> None:
    made = exchange()
    made.read(SERVER, numbers.ALERT, bytes(24), (3, 3))
    assert (made.alert, made.hidden_at) == (None, (3, 3))


def test_a_record_that_tells_nothing_changes_nothing() -> None:
    made = exchange(version=numbers.TLS_1_2)
    made.read(CLIENT, numbers.CHANGE_CIPHER_SPEC, b"\1", (3, 3))
    made.read(CLIENT, numbers.HEARTBEAT, bytes(9), (4, 4))
    assert (made.client.finished, made.hidden_at) == (None, None)
