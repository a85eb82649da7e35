"""Options of pcapng blocks."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabtrace.capture.pcapng_options import number, options, text


def coded(order: str, *given: tuple[int, bytes]) -> bytes:
    return b"".join(
        struct.pack(f"{order}HH", code, len(value)) + value + bytes(-len(value) % 4) for code, value in given
    )


@pytest.mark.parametrize("order", ["<", ">"])
@given(given=st.lists(st.tuples(st.integers(1, 65535), st.binary(max_size=20))))
def test_options_come_as_they_were_written(order: str, given: list[tuple[int, bytes]]) -> None:
    assert list(options(coded(order, *given), order)) == given


def test_the_end_of_options_ends_them() -> None:
    assert list(options(coded("<", (1, b"a"), (0, b""), (2, b"b")), "<")) == [(1, b"a")]


def test_an_option_that_is_cut_ends_them() -> None:
    assert list(options(coded("<", (1, b"abcd"), (2, b"efgh"))[:-2], "<")) == [(1, b"abcd")]


@pytest.mark.parametrize(("value", "shown"), [(b"eth0\0", "eth0"), ("Zürich".encode(), "Zürich"), (b"\xff", "\ufffd")])
def test_text(value: bytes, shown: str) -> None:
    assert text(value) == shown


@pytest.mark.parametrize(
    ("value", "count"),
    [(b"\0\0\0\7", 7), (bytes(7) + b"\7", 7), (b"\0\7", None), (b"", None), (b"\xff" * 8, None)],
)
def test_numbers(value: bytes, count: int | None) -> None:
    assert number(value, ">") == count
