"""Text in terminal columns."""

from hypothesis import given
from hypothesis import strategies as st

from collabtrace.views.widths import centred, columns, cut, padded


def test_wide_letters_take_two_columns_and_combining_ones_none() -> None:
    assert [columns("abc"), columns("会議"), columns("e\u0301")] == [3, 4, 1]


def test_what_is_too_long_ends_with_an_ellipsis() -> None:
    assert cut("INVITE (SDP)", 8) == "INVITE …"
    assert cut("会議室です", 6) == "会議…"


def test_what_fits_is_left_alone() -> None:
    assert cut("BYE", 3) == "BYE"


def test_text_is_centred_with_the_odd_column_on_the_right() -> None:
    assert centred("BYE", 8, "-") == "--BYE---"


@given(st.text(), st.integers(1, 40))
def test_padded_text_takes_just_its_columns(text: str, width: int) -> None:
    assert columns(padded(text, width)) == width
