import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabtrace.protocols.grammar import quote, split_list, unquote


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("", []),
        ("a", ["a"]),
        ("a, b,c", ["a", "b", "c"]),
        (" , a,, b ,", ["a", "b"]),
        ('"Bell, Alexander" <sip:a@example.com>, <sip:b@example.com;x=1,2>', None),
        ('"a \\" , b", c', ['"a \\" , b"', "c"]),
        ('"no end, a', ['"no end, a']),
        ("<no end, a", ["<no end, a"]),
        ("a\\, b", ["a\\", "b"]),
    ],
)
def test_split_list(text: str, items: list[str] | None) -> None:
    expected = ['"Bell, Alexander" <sip:a@example.com>', "<sip:b@example.com;x=1,2>"] if items is None else items
    assert split_list(text) == expected


@given(st.text(alphabet='a,"<>\\ ;'))
def test_split_list_loses_nothing_but_commas_and_blanks(text: str) -> None:
    kept = "".join("".join(split_list(text)).split())
    assert kept.replace(",", "") == "".join(text.split()).replace(",", "")


@given(st.text())
def test_what_was_quoted_can_be_unquoted(text: str) -> None:
    assert unquote(quote(text)) == text


def test_unquote_leaves_a_token_alone() -> None:
    assert unquote("token") == "token"
    assert unquote('"') == '"'
