import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabtrace.errors import ParseError
from collabtrace.protocols.parameters import Parameters


def test_names_with_and_without_values() -> None:
    parameters = Parameters.parse(";lr;transport=udp;maddr=[2001:db8::1]")
    assert parameters.items == (("lr", None), ("transport", "udp"), ("maddr", "[2001:db8::1]"))
    assert str(parameters) == ";lr;transport=udp;maddr=[2001:db8::1]"
    assert "lr" in parameters
    assert len(parameters) == 3
    assert dict(parameters) == {"lr": None, "transport": "udp", "maddr": "[2001:db8::1]"}


def test_a_name_is_found_in_any_case() -> None:
    assert Parameters.parse(";Branch=z9hG4bK1").get("branch") == "z9hG4bK1"


def test_a_quoted_value_is_told_without_quotes_and_kept_with_them() -> None:
    parameters = Parameters.parse(';q="a; \\"b\\"" ; c = d ')
    assert parameters.get("q") == 'a; "b"'
    assert parameters.get("c") == "d"
    assert str(parameters) == ';q="a; \\"b\\"";c=d'


@pytest.mark.parametrize("text", ["a=b", ";;a", ";a=", "; ", ";a=b c", ';a="b'])
def test_what_is_no_parameter(text: str) -> None:
    with pytest.raises(ParseError, match="is not a parameter"):
        Parameters.parse(text)


@given(st.text(alphabet=';="\\ ab,<'))
def test_any_text_is_a_value_or_a_parse_error(text: str) -> None:
    try:
        parameters = Parameters.parse(text)
    except ParseError:
        return
    assert Parameters.parse(str(parameters)) == parameters
