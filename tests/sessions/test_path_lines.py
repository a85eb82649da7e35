"""The lines that paths are told by, and which way something goes between their endpoints."""

import pytest

from collabtrace.sessions import dialogs, media
from collabtrace.sessions.path_lines import Endpoint, goes_to_answerer, likeness, settled
from collabtrace.testing.conversation import conversation

OFFERER, ANSWERER = ("192.0.2.1", 4000), ("198.51.100.2", 5000)
STRANGER = ("203.0.113.4", 61000)


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        (OFFERER, ANSWERER, True),
        (ANSWERER, OFFERER, False),
        (STRANGER, ANSWERER, True),
        (STRANGER, OFFERER, False),
        (OFFERER, STRANGER, True),
        (ANSWERER, STRANGER, False),
        (STRANGER, ("198.51.100.2", 1), True),
        (("198.51.100.2", 1), STRANGER, False),
        (STRANGER, STRANGER, None),
    ],
)
def test_which_way_a_packet_goes(source: Endpoint, target: Endpoint, *, expected: bool | None) -> None:
    assert goes_to_answerer(source, target, OFFERER, ANSWERER) is expected


def test_on_one_machine_the_ports_tell() -> None:
    one, other = ("127.0.0.1", 4000), ("127.0.0.1", 5000)
    assert goes_to_answerer(("127.0.0.1", 9), other, one, other) is True
    assert goes_to_answerer(("127.0.0.1", 9), ("127.0.0.1", 8), one, other) is None


def test_addresses_and_ports_together_tell_how_alike_the_ways_are() -> None:
    assert likeness(OFFERER, ANSWERER, OFFERER, ANSWERER) == 4
    assert likeness(ANSWERER, OFFERER, OFFERER, ANSWERER) == -4
    assert likeness(("203.0.113.4", 4000), ("198.51.100.2", 1), OFFERER, ANSWERER) == 2
    assert likeness(STRANGER, STRANGER, OFFERER, ANSWERER) == 0


def rounds(lines: str) -> list[list[tuple[int, int]]]:
    """Round and position of the lines of each leg."""
    said = conversation(lines)
    legs = dialogs.build(said.messages)
    found = settled(media.build(said.messages, legs, said.body), legs)
    return [[(line.round, line.position) for line in group] for group in found.values()]


CALL = """
    0.0 alice bob   INVITE     1 a   sdp="audio 4000 RTP/AVP 0|video 4002 RTP/AVP 97"
    0.1 bob   alice 200/INVITE 1 a>b sdp="audio 5000 RTP/AVP 0|video 5002 RTP/AVP 97"
    8.0 alice bob   INVITE     2 a>b sdp="audio 4000 RTP/AVP 0"
    8.1 bob   alice 200/INVITE 2 a>b sdp="audio 5000 RTP/AVP 0"
"""


def test_the_last_round_of_a_leg_that_goes_on() -> None:
    assert rounds(CALL) == [[(2, 0)]]


def test_the_last_round_that_was_in_force_for_a_while() -> None:
    assert rounds(CALL + "8.5 alice bob BYE 3 a>b") == [[(1, 0), (1, 1)]]
    assert rounds(CALL + "9.5 alice bob BYE 3 a>b") == [[(2, 0)]]


def test_the_only_round_however_short() -> None:
    first = "\n".join(CALL.splitlines()[:3])
    assert rounds(first + "\n0.2 alice bob BYE 3 a>b") == [[(1, 0), (1, 1)]]
