"""Handshake messages of TLS and DTLS, and alerts."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabtrace.errors import ParseError
from collabtrace.protocols.tls import messages
from collabtrace.protocols.tls.messages import Alert, Handshake, Part
from collabtrace.protocols.tls.vectors import vector


@given(st.integers(0, 255), st.binary(max_size=40), st.binary(max_size=8))
def test_a_message_comes_back_once_it_is_whole(kind: int, body: bytes, before: bytes) -> None:
    message = Handshake(kind, body)
    data, at = before + bytes(message), len(before)
    assert messages.take(data, at) == (message, len(data))
    assert messages.take(data[:-1], at)[0] is None


@given(st.lists(st.tuples(st.integers(0, 255), st.integers(0, 65535), st.binary(min_size=1, max_size=20)), max_size=3))
def test_a_record_of_dtls_holds_several_parts(given_parts: list[tuple[int, int, bytes]]) -> None:
    parts = [Part(kind, len(data) + 70_000, number, 70_000, data) for kind, number, data in given_parts]
    assert messages.parts(b"".join(map(bytes, parts))) == parts


def test_a_part_lies_within_its_message() -> None:
    with pytest.raises(ParseError, match="ends at 6 of a message of 4 bytes"):
        messages.parts(bytes(Part(1, 4, 0, 3, b"abc")))


def test_alerts() -> None:
    assert messages.alert(bytes(Alert(2, 48))) == Alert(2, 48)
    assert Alert(2, 48).name == "unknown_ca"


@pytest.mark.parametrize("fragment", [b"", b"\x02", b"\x05\x28", b"\x02\x28\x00", bytes(24)])
def test_what_no_alert_in_the_clear_is(fragment: bytes) -> None:
    with pytest.raises(ParseError):
        messages.alert(fragment)


def test_the_certificates_of_a_chain() -> None:
    body = vector(3, vector(3, b"own") + vector(3, b"issuer"))
    assert messages.certificates(body) == (b"own", b"issuer")
    assert messages.certificates(vector(3, b"")) == ()


@given(st.binary(max_size=60))
def test_any_bytes_are_messages_or_a_parse_error(data: bytes) -> None:
    messages.take(data)
    for read in (messages.parts, messages.certificates, messages.alert):
        with contextlib.suppress(ParseError):
            read(data)
