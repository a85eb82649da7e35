"""Words at any places."""

import numpy as np

from collabtrace.capture.gather import words

DATA = np.arange(32, dtype=np.uint8)


def test_words_stand_in_columns() -> None:
    first, second = words(DATA, np.array([1, 5]), 2, ">u2")
    assert (first.tolist(), second.tolist()) == ([0x0102, 0x0506], [0x0304, 0x0708])


def test_both_byte_orders() -> None:
    assert words(DATA, np.array([3]), 1, ">u4").tolist() == [[0x03040506]]
    assert words(DATA, np.array([3]), 1, "<u4").tolist() == [[0x06050403]]


def test_the_last_place_may_touch_the_end() -> None:
    assert words(DATA, np.array([24]), 1, "<u8").tolist() == [[0x1F1E1D1C1B1A1918]]


def test_no_places_give_no_words() -> None:
    assert words(DATA, np.zeros(0, np.int64), 3, "<u4").shape == (3, 0)
