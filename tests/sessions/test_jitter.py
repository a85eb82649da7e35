"""Jitter in blocks is the recursion of the RFC, packet by packet."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from collabtrace.sessions.jitter import BLOCK, jitter, linear


def one_by_one(differences: NDArray[np.float64], begins: list[int]) -> list[float]:
    """RFC 3550 §A.8, with the loop that the RFC has."""
    values = []
    value = 0.0
    for at, difference in enumerate(differences.tolist()):
        value = 0.0 if at in begins else value + (abs(difference) - value) / 16
        values.append(value)
    return values


@given(
    st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=400),
    st.sets(st.integers(1, 399), max_size=6),
)
def test_many_streams_at_once(listed: list[float], starts: set[int]) -> None:
    differences = np.array(listed)
    begins = [0, *sorted(start for start in starts if start < len(listed))]
    assert jitter(differences, np.array(begins)) == pytest.approx(one_by_one(differences, begins), abs=1e-9)


@pytest.mark.parametrize("size", [1, BLOCK, BLOCK + 1, BLOCK**2, BLOCK**2 + 1, 20_000])
def test_any_number_of_blocks(size: int) -> None:
    differences = np.random.default_rng(size).normal(0, 5, size)
    begins = [0, size // 3, size // 2] if size > 6 else [0]
    assert jitter(differences, np.array(begins)) == pytest.approx(one_by_one(differences, begins), abs=1e-9)


def test_a_stream_does_not_inherit_the_jitter_of_another() -> None:
    values = jitter(np.array([0.0, 1e9, 0.0, 0.0, 0.0, 16.0]), np.array([0, 3]))
    assert values[3:] == pytest.approx([0.0, 0.0, 1.0], abs=1e-6)


def test_no_packets() -> None:
    assert len(jitter(np.empty(0), np.empty(0, dtype=np.int64))) == 0


def test_the_recursion() -> None:
    assert linear(np.array([1.0, 0.0, 2.0]), 0.5).tolist() == [1.0, 0.5, 2.25]
