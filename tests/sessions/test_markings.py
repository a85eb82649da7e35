"""What most packets are marked with counts, whichever came first."""

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from collabtrace.sessions.markings import Markings


def marked(*chunks: list[tuple[int, int]]) -> list[int]:
    """The usual DSCP by number, of chunks of pairs of number and DSCP."""
    markings = Markings()
    for chunk in chunks:
        numbers = np.array([number for number, _ in chunk], np.int32)
        markings.add(numbers, np.array([dscp for _, dscp in chunk], np.uint8))
    counts = np.bincount([number for chunk in chunks for number, _ in chunk])
    return [int(each) for each in markings.usual(counts)]


def test_equal_packets_have_the_dscp_of_the_first() -> None:
    assert marked([(0, 46), (1, 34), (0, 46)], [(1, 34), (2, 0)]) == [46, 34, 0]


def test_a_first_packet_that_differs_from_the_rest_does_not_count() -> None:
    assert marked([(0, 0), (0, 24)], [(0, 24), (0, 24)]) == [24]


def test_few_packets_that_were_marked_anew_do_not_count() -> None:
    assert marked([(0, 46)] * 9 + [(0, 0)] * 3) == [46]


@given(st.lists(st.lists(st.tuples(st.integers(0, 3), st.sampled_from([0, 24, 46])), max_size=12), max_size=5))
def test_chunks_do_not_matter(chunks: list[list[tuple[int, int]]]) -> None:
    seen: dict[int, int] = {}
    chunks = [[(seen.setdefault(number, len(seen)), dscp) for number, dscp in chunk] for chunk in chunks]
    flat = [pair for chunk in chunks for pair in chunk]
    if not flat:
        return
    usual = marked(*[chunk for chunk in chunks if chunk])
    for number, dscp in enumerate(usual):
        counts = Counter(each for which, each in flat if which == number)
        assert counts[dscp] == max(counts.values())
