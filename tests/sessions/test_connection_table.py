"""What became of each connection, and which end is which."""

import pytest

from collabtrace.schema import Unreachable
from tests.sessions.segments import both_ways, connections

OPENED = "0 c S 1000\n0.01 s SA 5000\n0.02 c A 1001\n"


@pytest.mark.parametrize(
    ("text", "state"),
    [
        (OPENED, "established"),
        ("0 c S 1000\n0.01 s SA 5000", "half-open"),
        ("0 c S 1000\n0.01 s SA 5000\n0.02 c R 1001", "half-open"),
        ("0 c S 1000\n0.01 s RA 0", "refused"),
        ("0 c S 1000", "unanswered"),
        ("0 c S 1000\n0.02 c A 1001 10", "established"),
        ("0 c S 1000\n0.02 s A 5001 10", "established"),
        ("0 c S 1000\n0.02 c A 1001 10\n0.03 s R 5001", "established"),
        ("0 c A 1001 10", "mid"),
        ("0 s R 1", "mid"),
    ],
)
def test_how_far_it_came(text: str, state: str) -> None:
    assert connections(text)[0].state == state


def test_a_refusal_is_no_reset() -> None:
    (only,) = connections("0 c S 1000\n0.01 s RA 0\n0.5 c S 1000\n0.51 s RA 0")
    assert (only.syns, only.refused_frame, only.reset_frame, only.closed_by) == (2, 2, None, "server")


def test_who_ended_it_first() -> None:
    (only,) = connections(OPENED + "1 s FA 5001\n1.1 c A 1001\n2 c R 1001")
    assert (only.closed_by, only.ended, only.server_fin_frame) == ("server", 1.0, 4)
    assert (only.reset_by, only.reset_frame, only.client_fin_frame) == ("client", 6, None)


def test_an_open_connection_was_ended_by_nobody() -> None:
    (only,) = connections(OPENED)
    assert (only.closed_by, only.ended, only.reset_by, only.answered) == (None, None, None, 0.01)


@pytest.mark.parametrize(
    ("first", "second", "client"),
    [(40000, 5061, 0), (5061, 40000, 1), (50000, 443, 0), (2000, 8443, 0), (40000, 50000, 1), (5060, 5060, 0)],
)
def test_without_syn_the_ports_tell_the_client(first: int, second: int, client: int) -> None:
    ends = (("192.0.2.1", first), ("192.0.2.2", second))
    (only,) = connections("0 c A 1 10\n0 s A 1 10", flows=both_ways(*ends))
    assert (only.client, only.client_port, only.told_by) == (*ends[client], "ports")


def test_each_connection_carries_what_was_recognised_in_it() -> None:
    text = OPENED + "1 c FA 1001\n2 c S 8000\n2.1 s SA 9000\n2.2 c A 8001"
    assert [each.protocol for each in connections(text, carried=((1, 3, "http"), (0, 7, "sip")))] == ["http", "sip"]


def error(time: float, code: int, *, backwards: bool = False) -> Unreachable:
    quoted = ("192.0.2.2", 5061, "192.0.2.1", 40000) if backwards else ("192.0.2.1", 40000, "192.0.2.2", 5061)
    return Unreachable("x.pcap", 9, time, "192.0.2.254", quoted[0], 3, code, *quoted, "tcp")


def test_an_icmp_error_belongs_to_the_connection_that_was_tried_then() -> None:
    tries = "0 c S 1000\n5 c S 8000"
    assert [each.unreachable_frame for each in connections(tries, errors=(error(5.1, 13),))] == [None, 9]
    assert connections(tries, errors=(error(0.1, 1, backwards=True),))[0].unreachable_frame == 9


def test_an_error_about_size_says_nothing_of_delivery() -> None:
    assert connections("0 c S 1000", errors=(error(0.1, 4),))[0].unreachable_frame is None
