"""Which payload types each end of an m-line named telephone-event."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from collabtrace.columns import Table
from collabtrace.schema import MediaLine
from collabtrace.sessions.event_types import Ends, EventTypes, flags
from collabtrace.sessions.negotiated import negotiated

OFFERER, ANSWERER, NAT = ("192.0.2.1", 4000), ("192.0.2.2", 5000), ("198.51.100.9", 6000)
SAYS_101, SAYS_96 = ("0=PCMU/8000", "101=telephone-event/8000"), ("0=PCMU/8000", "96=telephone-event/8000")

Find = Callable[..., Ends]


@pytest.fixture
def find() -> Find:
    def find(source: Any, target: Any, at: float, *lines: MediaLine) -> Ends:
        media = Table.of(MediaLine, lines)
        ends = EventTypes(media, negotiated(media, "x.pcap", protocol="RTP")).ends(source, target, at, at + 5)
        assert ends is not None
        return ends

    return find


@pytest.fixture
def asymmetric(audio: MediaLine) -> MediaLine:
    """The offer names 101, the answer 96."""
    return replace(audio, offer_payload_types=SAYS_101, answer_payload_types=SAYS_96)


def numbers(ends: Ends) -> tuple[list[int], list[int]]:
    return list(ends.sender or ()), list(ends.receiver or ())


@pytest.mark.parametrize(
    ("source", "target", "sends", "receives"),
    [
        (OFFERER, ANSWERER, 101, 96),
        (ANSWERER, OFFERER, 96, 101),
        (NAT, ANSWERER, 101, 96),
        (ANSWERER, NAT, 96, 101),
        (OFFERER, NAT, 101, 96),
    ],
)
def test_the_receiver_is_the_one_at_the_target_else_not_the_one_at_the_source(
    find: Find, asymmetric: MediaLine, source: Any, target: Any, sends: int, receives: int
) -> None:
    assert numbers(find(source, target, 20.0, asymmetric)) == ([sends], [receives])


def test_nothing_is_known_of_a_side_that_has_not_spoken(find: Find, audio: MediaLine) -> None:
    alone = replace(audio, answer_payload_types=None, answer_address=None, answer_port=None, answer_time=None)
    ends = find(OFFERER, ANSWERER, 20.0, alone)
    assert ends.receiver is None
    assert list(ends.sender or ()) == [101]


def test_no_sdp_names_the_ends(audio: MediaLine) -> None:
    media = Table.of(MediaLine, [audio])
    assert EventTypes(media, negotiated(media, "x.pcap", protocol="RTP")).ends(NAT, NAT, 20.0, 21.0) is None


def test_what_the_round_before_named_counts_while_the_next_settles(find: Find, audio: MediaLine) -> None:
    later = replace(audio, round=2, offer_time=30.0, answer_time=31.0, answer_payload_types=SAYS_96)
    assert numbers(find(OFFERER, ANSWERER, 30.5, audio, later))[1] == [101, 96]
    assert numbers(find(OFFERER, ANSWERER, 32.5, audio, later))[1] == [101, 96]
    assert numbers(find(OFFERER, ANSWERER, 33.5, audio, later))[1] == [96]
    unanswered = replace(later, answer_time=None, answer_payload_types=None, state="offered")
    assert numbers(find(OFFERER, ANSWERER, 60.0, audio, unanswered))[1] == [101]


def test_a_description_that_came_later_says_nothing_of_before(find: Find, audio: MediaLine) -> None:
    assert find(OFFERER, ANSWERER, 8.0, audio).later
    assert not find(OFFERER, ANSWERER, 9.6, audio).later


def test_the_clock_is_the_one_named_with_the_number(find: Find, audio: MediaLine) -> None:
    wide = replace(audio, answer_payload_types=(*SAYS_101, "110=telephone-event/48000"))
    ends = find(OFFERER, ANSWERER, 20.0, wide)
    assert [ends.clock_rate(number) for number in (101, 110, 96)] == [8000, 48000, None]
    assert find(OFFERER, ANSWERER, 20.0, audio).clock_rate(96) == 8000


def test_what_the_receiver_named_something_else_is_known(find: Find, audio: MediaLine) -> None:
    line = replace(audio, answer_payload_types=("101=opus/48000", "8=PCMA/8000"))
    assert find(OFFERER, ANSWERER, 20.0, line).receives_other == {101, 8}


def test_flags_of_all_numbers_that_any_line_calls_an_event() -> None:
    assert np.flatnonzero(flags([SAYS_101, SAYS_96, ("97=H264/90000",), ("200=telephone-event/8000",)])).tolist() == [
        96,
        101,
    ]
