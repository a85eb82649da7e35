"""What flaws quote."""

from hypothesis import given
from hypothesis import strategies as st

from collabtrace.protocols.flaws import kind, quoted


def test_a_flaw_quotes_the_beginning() -> None:
    assert f"{quoted('Hello Peter', 5)} is not a header" == "'Hello' is not a header"


@given(st.text(), st.integers(0, 40))
def test_the_kind_of_a_flaw_is_the_same_whatever_it_quotes(text: str, most: int) -> None:
    assert kind(f"{quoted(text, most)} is not {quoted(text, most)}") == "… is not …"


def test_what_quotes_nothing_is_a_kind_itself() -> None:
    assert kind("the body is cut: 1 of 2 bytes") == "the body is cut: 1 of 2 bytes"
