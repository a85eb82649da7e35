"""Keys in the body of an INFO, as different senders write them."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabtrace.errors import ParseError
from collabtrace.protocols import dtmf_relay
from collabtrace.protocols.dtmf_relay import PLAIN, RELAY, Signal
from collabtrace.protocols.telephone_event import DIGITS


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"Signal=5\r\nDuration=160\r\n", Signal("5", 160)),
        (b"Signal= 5\r\nDuration= 250", Signal("5", 250)),
        (b"signal : *\n", Signal("*")),
        (b"Duration=100\r\nSignal=#\r\n", Signal("#", 100)),
        (b"Signal=d", Signal("D")),
        (b"Signal=10\r\n", Signal("*")),
        (b"Signal=11\r\n", Signal("#")),
        (b"Signal=16\r\n", Signal("flash")),
        (b"Signal=hf\r\nDuration=1\r\n", Signal("flash", 1)),
    ],
)
def test_a_signal_and_its_duration(body: bytes, expected: Signal) -> None:
    assert dtmf_relay.parse(RELAY, body) == expected


@pytest.mark.parametrize(("body", "key"), [(b"7", "7"), (b" #\r\n", "#"), (b"Signal=3\r\n", "3")])
def test_a_key_alone(body: bytes, key: str) -> None:
    assert dtmf_relay.parse(PLAIN, body).digit == key


@pytest.mark.parametrize(("media_type", "body"), [(RELAY, b"7"), (RELAY, b"Signal=x"), (PLAIN, b""), (PLAIN, b"1234")])
def test_what_names_no_key_is_refused_without_a_quotation(media_type: str, body: bytes) -> None:
    with pytest.raises(ParseError, match=r"^(the body has no line Signal=|what is signalled is no key)$"):
        dtmf_relay.parse(media_type, body)


@given(st.builds(Signal, st.sampled_from([*DIGITS, "flash"]), st.none() | st.integers(0, 999_999)))
def test_a_signal_is_read_as_it_was_written(signal: Signal) -> None:
    assert dtmf_relay.parse(RELAY, bytes(signal)) == signal


@given(st.sampled_from([RELAY, PLAIN]), st.binary(max_size=40) | st.binary().map(b"Signal=".__add__))
def test_any_bytes_are_a_signal_or_a_parse_error(media_type: str, body: bytes) -> None:
    with contextlib.suppress(ParseError):
        assert dtmf_relay.parse(media_type, body).digit in (*DIGITS, "flash")
