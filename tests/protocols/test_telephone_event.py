"""Telephone events, four bytes each."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabtrace.errors import ParseError
from collabtrace.protocols import telephone_event
from collabtrace.protocols.telephone_event import TelephoneEvent


def test_the_end_of_a_digit() -> None:
    event = telephone_event.parse(bytes.fromhex("058a0640"))
    assert event == TelephoneEvent(event=5, end=True, volume=10, duration=1600)
    assert event.digit == "5"


@pytest.mark.parametrize(("code", "digit"), [(0, "0"), (10, "*"), (11, "#"), (15, "D"), (16, "flash"), (17, None)])
def test_the_key_of_an_event(code: int, digit: str | None) -> None:
    assert TelephoneEvent(code, end=False, volume=0, duration=0).digit == digit


def test_other_lengths_are_refused() -> None:
    with pytest.raises(ParseError, match="3 bytes are not the 4 of a telephone-event"):
        telephone_event.parse(b"\x05\x0a\x00")


@given(st.binary(min_size=4, max_size=4))
def test_what_is_read_is_written_again(data: bytes) -> None:
    assert bytes(telephone_event.parse(data)) == data
