"""Records found in lockstep are those found one by one."""

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabtrace.capture import walk as module
from collabtrace.capture.walk import Layout, stride, walk

pytestmark = pytest.mark.usefixtures("both_ways")

LAYOUT = Layout("<", field=0, extra=4, least=0, most=1000)
"""A length of four bytes, then as many bytes."""
PADDED = Layout(">", field=4, extra=0, least=8, most=1000, padding=4, stop=0xAAAAAAAA)
"""A kind, the length of the whole, content up to a multiple of four."""
MARGIN = bytes(64)


@pytest.fixture(autouse=True)
def short_stretches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let small samples be worth several cursors."""
    monkeypatch.setattr(module, "_STRETCH", 32)


def array(data: bytes) -> "np.ndarray[tuple[int], np.dtype[np.uint8]]":
    return np.frombuffer(data + MARGIN, np.uint8)


def simple(lengths: list[int]) -> bytes:
    return b"".join(struct.pack("<I", length) + b"\1" * length for length in lengths)


def padded(contents: list[int]) -> bytes:
    blocks = [b"\7" * length for length in contents]
    return b"".join(struct.pack(">II", 6, len(each) + 8) + each + bytes(-len(each) % 4) for each in blocks)


def test_records_are_found_up_to_the_one_that_is_cut() -> None:
    data = simple([3, 0, 10])
    chain = walk(array(data), len(data) - 1, 0, LAYOUT)
    assert (chain.at.tolist(), chain.end) == ([0, 7], 11)


def test_an_absurd_length_ends_the_walk() -> None:
    data = simple([3]) + struct.pack("<I", 1 << 31) + bytes(50)
    assert walk(array(data), len(data), 0, LAYOUT).end == 7


def test_the_word_to_stop_at_ends_the_walk() -> None:
    data = padded([5]) + struct.pack(">II", 0xAAAAAAAA, 8) + padded([1])
    assert walk(array(data), len(data), 0, PADDED).end == 16


def guesses(places: list[int]) -> module.Guess:
    """The places given, as guesses; the window tells nothing here."""
    left = sorted(places)

    def guess(window: bytes, distance: int) -> int | None:
        near = [place - distance for place in left if 0 <= place - distance < len(window)]
        return near[0] if near else None

    return guess


lengths = st.lists(st.integers(0, 40), max_size=60)


@given(lengths, st.lists(st.integers(0, 2000), max_size=30), st.integers(0, 10))
def test_any_guesses_give_the_same_records(lengths: list[int], wrong: list[int], cut: int) -> None:
    data = simple(lengths)
    size = max(len(data) - cut, 0)
    expected = walk(array(data), size, 0, LAYOUT)
    found = stride(array(data), size, 0, LAYOUT, guesses([*wrong, *expected.at.tolist()[::3]]))
    assert (found.at.tolist(), found.end) == (expected.at.tolist(), expected.end)


@given(lengths, st.lists(st.tuples(st.integers(0, 2000), st.binary(min_size=1, max_size=4)), max_size=5))
def test_damage_is_met_at_the_same_place(lengths: list[int], damages: list[tuple[int, bytes]]) -> None:
    data = bytearray(padded(lengths))
    for at, value in damages:
        data[at : at + len(value)] = value[: max(len(data) - at, 0)]
    expected = walk(array(bytes(data)), len(data), 0, PADDED)
    places = walk(array(padded(lengths)), len(data), 0, PADDED).at.tolist()
    found = stride(array(bytes(data)), len(data), 0, PADDED, guesses(places[::2]))
    assert (found.at.tolist(), found.end) == (expected.at.tolist(), expected.end)


def test_tiny_records_are_found_by_many_steps() -> None:
    data = simple([0] * 40_000)
    found = stride(array(data), len(data), 0, LAYOUT, guesses([80_000]))
    assert len(found.at) == 40_000
