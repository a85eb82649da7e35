"""Connections are told apart by their SYNs, however the capture is cut into chunks."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sessions.segments import both_ways, connections

CALL = """
0.00 c S  1000
0.01 s SA 5000
0.02 c A  1001
0.03 c A  1001 100
0.04 s A  5001 50
1.00 c A  1001 100
2.00 c FA 1101
2.01 s FA 5051
2.02 c A  1102
3.00 c S  9000
3.01 s RA 0
"""


def test_a_new_syn_on_the_same_ports_begins_another_connection() -> None:
    first, second = connections(CALL)
    assert (first.syn_frame, first.synack_frame, first.client_fin_frame, first.server_fin_frame) == (1, 2, 7, 8)
    assert (first.client_packets, first.server_packets, first.client_bytes, first.server_bytes) == (6, 3, 200, 50)
    assert (first.client_repeated, first.server_repeated, first.last_frame) == (1, 0, 9)
    assert (second.first_frame, second.last_frame, second.state) == (10, 11, "refused")


@given(st.sets(st.integers(1, 10)))
def test_where_chunks_end_changes_nothing(cuts: set[int]) -> None:
    lines = CALL.strip().splitlines()
    bounds = [0, *sorted(cuts), len(lines)]
    chunks = ["\n".join(lines[a:b]) for a, b in itertools.pairwise(bounds)]
    assert connections(*chunks) == connections(CALL)


def test_a_syn_sent_again_is_of_the_same_connection() -> None:
    (only,) = connections("0 c S 1000\n1 c S 1000\n3 c S 1000")
    assert (only.syns, only.last_syn, only.state) == (3, 3.0, "unanswered")


def test_another_syn_number_is_another_try() -> None:
    assert [each.syns for each in connections("0 c S 1000\n1 c S 1000\n9 c S 7000")] == [2, 1]


def test_a_syn_in_the_middle_ends_what_came_before() -> None:
    before, after = connections("0 c A 500 10\n1 c S 1000\n1.1 s SA 5000\n1.2 c A 1001")
    assert (before.state, before.last_frame, after.state) == ("mid", 1, "established")


def test_syns_that_cross_open_one_connection() -> None:
    (only,) = connections("0 c S 1000\n0.02 s S 5000\n0.03 c SA 1000\n0.04 s SA 5000\n0.1 c A 1001 10")
    assert (only.client, only.state, only.synack_frame) == ("192.0.2.1", "established", 4)


def test_an_answer_captured_before_its_syn_is_of_the_same_connection() -> None:
    (only,) = connections("0 s SA 5000\n0.00001 c S 1000\n0.1 c A 1001", flows=both_ways())
    assert (only.client, only.syn_frame, only.synack_frame, only.state) == ("192.0.2.1", 2, 1, "established")


def test_only_one_direction_seen_shows_its_connections_too() -> None:
    first, second = connections("0 s SA 5000\n1 s A 5001 10\n9 s SA 8000\n9.1 s SA 8000\n10 s A 8001 10")
    assert (first.told_by, first.client_port, first.state) == ("syn-ack", 40000, "established")
    assert (second.first_frame, second.synack_frame, second.server_packets) == (3, 3, 3)


def test_second_copies_do_not_count() -> None:
    (only,) = connections("0 c S 1000\n0 c SD 1000\n0.01 s SA 5000\n0.02 c A 1001 10\n0.02 c AD 1001 10")
    assert (only.syns, only.client_packets, only.client_bytes) == (1, 2, 10)


@pytest.mark.parametrize("count", [300])
def test_there_may_be_many(count: int) -> None:
    text = "\n".join(f"{number} c S {number * 1000}" for number in range(count))
    assert len(connections(text)) == count


def test_no_segment_is_no_connection() -> None:
    assert connections() == []
