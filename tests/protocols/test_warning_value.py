"""Why something was refused, as servers write it."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabtrace.errors import ParseError
from collabtrace.protocols.warning_value import WarningValue


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('305 isi.edu "Incompatible media format"', WarningValue(305, "isi.edu", "Incompatible media format")),
        ('399 192.0.2.1:5061 "Say \\"no\\""', WarningValue(399, "192.0.2.1:5061", 'Say "no"')),
        ('304 "Media type not available"', WarningValue(304, None, "Media type not available")),
        ("370 host Insufficient Bandwidth", WarningValue(370, "host", "Insufficient Bandwidth")),
        (" 305 ", WarningValue(305)),
    ],
)
def test_a_warning_is_a_code_and_words(text: str, value: WarningValue) -> None:
    assert WarningValue.parse(text) == value


def test_a_code_means_what_is_registered_and_399_what_it_says() -> None:
    assert WarningValue.parse('305 x "nicht moeglich"').meaning == "incompatible media format"
    assert WarningValue.parse('399 x "No codec"').meaning == "No codec"


@pytest.mark.parametrize("text", ["", "30", "warning", '"305"'])
def test_what_is_no_warning(text: str) -> None:
    with pytest.raises(ParseError, match="is not a code"):
        WarningValue.parse(text)


@given(
    st.integers(100, 999),
    st.from_regex(r"[a-z0-9.:]{1,9}", fullmatch=True),
    st.text(st.characters(exclude_characters="\r\n"), max_size=9),
)
def test_a_warning_is_read_as_it_was_written(code: int, agent: str, text: str) -> None:
    value = WarningValue(code, agent, text.strip())
    assert WarningValue.parse(str(value)) == value


@given(st.text(max_size=40) | st.builds("{} {}".format, st.integers(0, 999), st.text(max_size=30)))
def test_any_text_is_a_warning_or_a_parse_error(text: str) -> None:
    with contextlib.suppress(ParseError):
        WarningValue.parse(text)
