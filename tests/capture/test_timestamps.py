"""Time stamps as nanoseconds."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabtrace.capture.timestamps import LATEST, SECOND, in_seconds, nanoseconds, shifted, units_per_second


@pytest.mark.parametrize(
    ("resolution", "units"), [(6, 10**6), (9, 10**9), (0, 1), (0x80 | 10, 1024), (0x80, 1), (127, 10**127)]
)
def test_resolutions(resolution: int, units: int) -> None:
    assert units_per_second(resolution) == units


@given(stamp=st.integers(0, 2**64 - 1), resolution=st.integers(0, 255))
def test_stamps_are_exact_as_far_as_nanoseconds_go(stamp: int, resolution: int) -> None:
    units = units_per_second(resolution)
    (found,) = nanoseconds(np.array([stamp], np.uint64), units).tolist()
    seconds, rest = divmod(stamp, units)
    expected = min(seconds, LATEST) * SECOND + rest * SECOND // units
    # A finer binary fraction than 2**-34 s is cut before it is converted.
    assert expected - 1 <= found <= expected


@given(st.integers(0, LATEST * SECOND), st.integers(-(2**63), 2**63 - 1))
def test_offsets_are_added(time: int, seconds: int) -> None:
    (found,) = shifted(np.array([time]), np.array([seconds])).tolist()
    if abs(time // SECOND + seconds) <= LATEST:
        assert found == time + seconds * SECOND
    assert abs(found) <= (LATEST + 1) * SECOND


@given(st.integers(0, LATEST * SECOND))
def test_seconds_are_the_nearest_number_that_a_float_can_hold(time: int) -> None:
    (seconds,) = in_seconds(np.array([time], dtype=np.int64)).tolist()
    assert abs(seconds - time / SECOND) <= math.ulp(seconds)
    assert seconds >= time // SECOND
