"""What client and server say of themselves."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabtrace.errors import ParseError
from collabtrace.protocols.tls import hello
from collabtrace.protocols.tls.hello import RETRY, ClientHello, ServerHello
from collabtrace.protocols.tls.vectors import vector

RANDOM = bytes(32)
OTHER = st.integers(100, 0xFFFF)
EXTENSIONS = st.lists(st.tuples(OTHER, st.binary(max_size=9)), max_size=3).map(tuple)
CLIENT_HELLOS = st.builds(
    ClientHello,
    st.integers(0, 0xFFFF),
    st.binary(min_size=32, max_size=32),
    st.lists(st.integers(0, 0xFFFF), max_size=5).map(tuple),
    EXTENSIONS,
    st.binary(max_size=32),
    st.none() | st.binary(max_size=32),
    st.binary(max_size=3),
)
SERVER_HELLOS = st.builds(
    ServerHello,
    st.integers(0, 0xFFFF),
    st.binary(min_size=32, max_size=32),
    st.integers(0, 0xFFFF),
    EXTENSIONS,
    st.binary(max_size=32),
    st.integers(0, 255),
)


def name(host: bytes, kind: int = 0) -> bytes:
    return vector(2, bytes([kind]) + vector(2, host))


def protocols(*names: bytes) -> bytes:
    return vector(2, b"".join(vector(1, each) for each in names))


@given(CLIENT_HELLOS)
def test_a_client_hello_comes_back(message: ClientHello) -> None:
    assert hello.client_hello(bytes(message), datagram=message.cookie is not None) == message


@given(SERVER_HELLOS)
def test_a_server_hello_comes_back(message: ServerHello) -> None:
    assert hello.server_hello(bytes(message)) == message


@given(st.binary(max_size=120), st.booleans())
def test_any_bytes_are_a_hello_or_a_parse_error(data: bytes, datagram: bool) -> None:
    for read in (lambda body: hello.client_hello(body, datagram=datagram), hello.server_hello):
        with contextlib.suppress(ParseError):
            read(data)


def test_what_a_client_offers() -> None:
    offered = b"\x0a\x0a\x0a\x03\x04\x03\x03\x7f\x1c\x03\x02"
    extensions = ((0, name(b"cucm.example.com")), (43, offered), (16, protocols(b"sip", b"h2")))
    message = hello.client_hello(bytes(ClientHello(0x0303, RANDOM, (0x1301,), extensions)))
    assert message.server_name == "cucm.example.com"
    assert (message.highest_version, message.protocols) == (0x0304, ("sip", "h2"))


def test_a_client_that_offers_no_more_than_it_must() -> None:
    message = hello.client_hello(bytes(ClientHello(0x0301, RANDOM, (0x002F,))))
    assert (message.server_name, message.highest_version, message.protocols) == (None, 0x0301, ())


def test_the_versions_of_dtls_count_downwards() -> None:
    message = ClientHello(0xFEFD, RANDOM, (), ((43, b"\x04\xfe\xfc\xfe\xfd"),), cookie=b"")
    assert message.highest_version == 0xFEFC


def test_a_name_of_another_kind_is_no_host() -> None:
    assert ClientHello(0x0303, RANDOM, (), ((0, name(b"x", kind=1)),)).server_name is None


def test_what_a_server_chooses() -> None:
    old = ServerHello(0x0303, RANDOM, 0xC02F, ((16, protocols(b"sip")),))
    new = ServerHello(0x0303, RANDOM, 0x1301, ((43, b"\x03\x04"),))
    assert (old.selected_version, old.protocol, old.is_retry) == (0x0303, "sip", False)
    assert (new.selected_version, new.protocol) == (0x0304, None)
    assert ServerHello(0x0303, RETRY, 0x1301).is_retry


@pytest.mark.parametrize(
    "body",
    [
        bytes(34),
        bytes(ClientHello(0x0303, RANDOM, (1,)))[:-1],
        bytes(ClientHello(0x0303, RANDOM, (1,), ((0, b"\0\\9\0\5ab"),))),
        bytes(ClientHello(0x0303, RANDOM, (1,), ((43, b"\\9\3"),))),
        bytes(ClientHello(0x0303, RANDOM, (1,), ((1000, b""),))) + b"\0",
    ],
)
def test_what_no_client_hello_is(body: bytes) -> None:
    with pytest.raises(ParseError):
        hello.client_hello(body)


def test_an_empty_list_of_names_names_nobody() -> None:
    assert ClientHello(0x0303, RANDOM, (), ((0, vector(2, b"")),)).server_name is None
