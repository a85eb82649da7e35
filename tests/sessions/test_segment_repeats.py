"""Segments sent again are counted, those overtaken on the way and keep-alives are not."""

import numpy as np
import pytest

from collabtrace.sessions.segment_repeats import EDGES, OVERTAKEN, repeats
from tests.sessions.segments import segments

OPENED = """
0.00 c S 999
0.01 c A 1000 100
0.02 c A 1100 100
"""


def places(*chunks: str) -> list[list[int]]:
    """Which segments of each chunk were sent again; those of the server are another lane."""
    held = np.zeros(1, np.dtype([*EDGES]))
    found = []
    for chunk in chunks:
        packets = segments(chunk)
        rows = np.flatnonzero(packets.wire_length > 0)
        found.append(sorted(rows[repeats(packets, rows, packets.flow[rows].astype(np.int64), held)].tolist()))
    return found


def test_nothing_new_long_after_it_was_passed_was_sent_again() -> None:
    assert places("0.0 c A 1000 100\n0.1 c A 1100 100\n0.4 c A 1000 100\n0.5 c A 1000 200") == [[2, 3]]


def test_a_later_chunk_remembers_how_far_the_sender_was() -> None:
    assert places("0.0 c A 1000 100", "0.3 c A 1000 100", "0.4 c A 1100 100", "0.7 c A 1100 100") == [[], [0], [], [0]]


def test_new_bytes_with_old_ones_are_new() -> None:
    assert places("0.0 c A 1000 100\n0.3 c A 1050 100") == [[]]


def test_what_was_overtaken_was_not_sent_again() -> None:
    soon = OVERTAKEN / 2 / 1e9
    assert places(f"0.0 c A 1000 100\n0.1 c A 1200 100\n{0.1 + soon} c A 1100 100") == [[]]


def test_a_keep_alive_repeats_one_byte_on_purpose() -> None:
    assert places("0.0 c A 1000 100\n10 c A 1099 1\n20 c A 1099 1") == [[]]


def test_each_side_is_for_itself() -> None:
    assert places("0.0 c A 1000 100\n0.1 s A 1000 100\n0.2 c A 1100 10\n0.5 s A 1000 100") == [[3]]


def test_sequence_numbers_wrap() -> None:
    edge = (1 << 32) - 50
    assert places(f"0.0 c A {edge} 100\n0.1 c A {edge + 100} 100\n0.5 c A {edge} 100") == [[2]]


@pytest.mark.parametrize("other", [5, 3_000_000_000])
def test_a_connection_whose_syn_is_missing_begins_anew(other: int) -> None:
    lines = "\n".join(f"{second} c A {(other + second * 100) & 0xFFFFFFFF} 100" for second in range(1, 9))
    assert places("0.0 c A 1000000000 100", lines, "20 c A " + str(other + 900) + " 100") == [[], [], []]
