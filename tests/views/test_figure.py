"""PNG figures."""

import struct

from collabtrace.views.figure import COARSEST, MOST_DOTS, SHARPEST, Figure, Words, dots_per_inch


def size(png: bytes) -> tuple[int, int]:
    """Width and height in the IHDR chunk (PNG §11.2.2)."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    wide, tall = struct.unpack(">II", png[16:24])
    return wide, tall


def test_a_small_picture_is_sharp() -> None:
    assert size(Figure().png(400, 200)) == (600, 300)


def test_a_large_picture_has_a_bounded_number_of_dots() -> None:
    wide, tall = size(Figure().png(12_000, 4_000))
    assert wide * tall <= MOST_DOTS


def test_the_larger_a_picture_the_coarser_it_is() -> None:
    assert SHARPEST == dots_per_inch(100, 100) > dots_per_inch(12_000, 4_000) > dots_per_inch(1e6, 1e6) == COARSEST


def test_everything_that_can_be_drawn_is() -> None:
    figure = Figure()
    empty = figure.png(200, 100)
    figure.line([(10, 10), (90, 10)], "sip", "6 4")
    figure.head(90, 10, "right", "sip", hollow=True)
    figure.box(10, 20, 50, 30)
    figure.words.append(Words(20, 40, "INVITE", halo=True))
    assert len(figure.png(200, 100)) > len(empty)


def test_text_is_never_taken_for_a_formula_or_refused() -> None:
    figure = Figure()
    figure.words += [Words(10, 20, r"$\frac{1}{$"), Words(10, 40, "会議 \N{HEADPHONE}")]
    assert size(figure.png(200, 100)) == (300, 150)
