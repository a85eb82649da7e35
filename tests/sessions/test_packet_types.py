"""Payload types of many packets at once."""

import numpy as np

from collabtrace.sessions.formats import Format
from collabtrace.sessions.packet_types import clocks, codec, types_used

PCMU, NOISE = Format("PCMU/8000", 8000, "static"), Format("CN/8000", 8000, "static")
DIGITS, OPUS = Format("telephone-event/8000", 8000, "sdp"), Format("opus/48000/2", 48000, "sdp")


def test_types_in_the_order_of_appearance() -> None:
    kinds = np.array([8, 8, 0, 8, 101, 0, 0, 8], dtype=np.uint8)
    assert types_used(kinds, np.array([0, 5, 7, 8])) == [[8, 0, 101], [0], [8]]


def test_the_clock_of_each_packet() -> None:
    kinds = np.array([0, 13, 101, 0, 111, 96], dtype=np.uint8)
    ticks, silence = clocks([{0: PCMU, 13: NOISE, 101: DIGITS}, {111: OPUS}], kinds, np.array([3, 3]))
    assert ticks.tolist() == [1 / 8, 1 / 8, 0, 0, 1 / 48, 0]
    assert silence.tolist() == [False, True, False, False, False, False]


def test_the_codec_is_the_first_that_carries_media() -> None:
    known = {0: PCMU, 13: NOISE, 101: DIGITS}
    assert codec([101, 13, 0], known) == PCMU
    assert codec([101, 13], known) is None
    assert codec([96, 0], known) is None
