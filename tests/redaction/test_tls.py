"""TLS records without what they carry."""

from hypothesis import given
from hypothesis import strategies as st

from collabtrace.redaction import tls
from collabtrace.redaction.addresses import Addresses
from collabtrace.redaction.text import Text
from collabtrace.redaction.words import Words

ANY = Text(Words(b"a key"), Addresses(Words(b"a key")))
NAME = b"cucm.example"
SNI = b"\0\0" + (len(NAME) + 5).to_bytes(2, "big") + (len(NAME) + 3).to_bytes(2, "big") + b"\0\0\x0c" + NAME
HELLO = b"\3\3" + b"r" * 32 + b"\4sess" + b"\0\2\x13\x01" + b"\1\0" + len(SNI).to_bytes(2, "big") + SNI
CLIENT_HELLO = b"\1" + len(HELLO).to_bytes(3, "big") + HELLO


def test_a_hello_keeps_its_ciphers_and_loses_its_name(text: Text) -> None:
    changed = tls.record(22, CLIENT_HELLO, text)
    assert changed[:6] == CLIENT_HELLO[:6]
    assert b"\0\2\x13\x01\1\0" in changed
    assert changed.endswith(text.private("cucm.example").encode())
    assert b"rrrr" not in changed
    assert b"sess" not in changed


def test_alerts_stay_and_data_do_not(text: Text) -> None:
    assert tls.record(21, b"\2\x28", text) == b"\2\x28"
    assert tls.record(23, b"hello", text) == bytes(5)


def test_a_dtls_record_keeps_its_header(text: Text) -> None:
    record = bytes.fromhex("17 fefd 0001 000000000001 0005") + b"hello"
    assert tls.datagram(record, text) == record[:13] + bytes(5)


@given(st.binary(max_size=80), st.integers(0, 100))
def test_anything_keeps_its_length(noise: bytes, cut: int) -> None:
    for data in (noise, CLIENT_HELLO[:cut] + noise):
        assert len(tls.record(22, data, ANY)) == len(tls.datagram(data, ANY)) == len(data)
