"""Loss, told from sequence numbers in the order of arrival."""

from itertools import chain, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabtrace.sessions.sequences import Sequences, sequences

SPACING = 160
"""Timestamp units from number to number."""


def told(*streams: list[int], timestamps: list[list[int]] | None = None) -> Sequences:
    """Sequence numbers of several streams; timestamps rise with them where none are given."""
    stamps = timestamps or [[number * SPACING for number in stream] for stream in streams]
    bounds = np.cumsum([0, *(len(stream) for stream in streams)])
    numbers = np.array([number % 65536 for stream in streams for number in stream], dtype=np.uint16)
    return sequences(numbers, np.array(list(chain(*stamps)), dtype=np.int64).astype(np.uint32), bounds)


def one(*numbers: int, timestamps: list[int] | None = None) -> dict[str, int]:
    result = told(list(numbers), timestamps=None if timestamps is None else [timestamps])
    return {
        name: int(getattr(result, name)[0])
        for name in ("expected", "lost", "repeated", "reordered", "gaps", "longest_gap", "longest_gap_at")
    }


def plain(expected: int) -> dict[str, int]:
    """Nothing wrong in *expected* packets."""
    nothing = dict.fromkeys(("lost", "repeated", "reordered", "gaps", "longest_gap"), 0)
    return {"expected": expected, **nothing, "longest_gap_at": -1}


def test_nothing_lost() -> None:
    assert one(5, 6, 7) == plain(3)
    assert one(5) == plain(1)


def test_the_number_wraps() -> None:
    assert one(65534, 65535, 65536, 65537) == plain(4)


def test_gaps_and_the_packet_after_the_longest() -> None:
    assert one(1, 3, 7, 8, 12) == {
        **plain(12),
        "lost": 7,
        "gaps": 3,
        "longest_gap": 3,
        "longest_gap_at": 2,
    }


def test_reordering_is_no_loss() -> None:
    assert one(1, 2, 4, 3, 5) == {**plain(5), "reordered": 1}
    assert one(2, 1, 3) == {**plain(3), "reordered": 1}
    assert one(65535, 65537, 65536, 65538) == {**plain(4), "reordered": 1}


def test_what_comes_twice_does_not_make_up_for_loss() -> None:
    assert one(1, 1, 2, 2, 4, 4) == {
        **plain(4),
        "lost": 1,
        "repeated": 3,
        "gaps": 1,
        "longest_gap": 1,
        "longest_gap_at": 4,
    }


def test_a_gap_that_late_packets_fill_in_part() -> None:
    assert one(1, 6, 3, 7) == {
        **plain(7),
        "lost": 3,
        "reordered": 1,
        "gaps": 2,
        "longest_gap": 2,
        "longest_gap_at": 1,
    }


def test_a_long_outage_is_loss() -> None:
    assert one(1, 2, 4003, 4004)["lost"] == 4000


@pytest.mark.parametrize("start", [20_000, 60_000, 12])
def test_a_new_start_is_no_loss(start: int) -> None:
    before, after = [2000, 2001, 2002], [start, start + 1, start + 2]
    stamps = [0, 160, 320, 480, 640, 800]
    assert one(*before, *after, timestamps=stamps) == plain(6)


def test_a_single_stray_number_is_neither_loss_nor_a_new_start() -> None:
    assert one(100, 101, 30_000, 102, 104, timestamps=[0, 160, 77, 320, 640]) == {
        **plain(6),
        "lost": 1,
        "gaps": 1,
        "longest_gap": 1,
        "longest_gap_at": 4,
    }


def test_the_last_number_may_be_stray_too() -> None:
    assert one(100, 101, 30_000, timestamps=[0, 160, 77]) == plain(3)


def test_the_last_packet_after_a_long_outage_is_not_stray() -> None:
    assert one(100, 101, 30_000)["lost"] == 29_898


def test_a_block_that_came_late_is_no_new_start() -> None:
    late = [*range(200), *range(400, 420), *range(200, 400), *range(420, 430)]
    assert one(*late) == {**plain(430), "reordered": 200}


def test_streams_do_not_touch_each_other() -> None:
    result = told([1, 2, 4], [500, 499, 501], [7], [9, 9, 11])
    assert result.expected.tolist() == [4, 3, 1, 3]
    assert result.lost.tolist() == [1, 0, 0, 1]
    assert result.repeated.tolist() == [0, 0, 0, 1]
    assert result.reordered.tolist() == [0, 1, 0, 0]
    assert result.longest_gap_at.tolist() == [2, -1, -1, 9]
    gaps = [column.tolist() for column in result.every_gap]
    assert gaps == [[0, 3], [2, 9], [1, 1]]


def test_packets_near_the_one_before() -> None:
    assert told([1, 2, 40, 39, 39], [1, 9000, 4, 30000, 2]).near.tolist() == [4, 0]


@given(
    st.integers(0, 65535),
    st.lists(st.integers(0, 60), min_size=1, max_size=60),
    st.sets(st.integers(1, 59), max_size=3),
)
def test_the_numbers_are_those_of_a_set(first: int, offsets: list[int], cuts: set[int]) -> None:
    """Within a small window there is no doubt which number is meant: count with Python's sets."""
    places = [0, *sorted(cut for cut in cuts if cut < len(offsets)), len(offsets)]
    streams = [[first + offset for offset in offsets[begin:end]] for begin, end in pairwise(places)]
    result = told(*streams)
    for number, stream in enumerate(streams):
        missing = sorted(set(range(min(stream), max(stream))) - set(stream))
        assert result.expected[number] == max(stream) - min(stream) + 1
        assert result.lost[number] == len(missing)
        assert result.repeated[number] == len(stream) - len(set(stream))
        assert result.reordered[number] == sum(each < max(stream[: at + 1]) for at, each in enumerate(stream))
        assert result.gaps[number] == sum(each - 1 not in missing for each in missing)
