import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabtrace.errors import ParseError
from collabtrace.protocols.address import Address, salvage
from collabtrace.protocols.parameters import Parameters

TAG = Parameters((("tag", "9fxced76sl"),))


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("<sip:alice@example.com>", Address("sip:alice@example.com")),
        ('"Alice" <sip:alice@example.com>;tag=9fxced76sl', Address("sip:alice@example.com", "Alice", TAG)),
        ('"Bell, \\"A\\"" <sip:a@example.com>', Address("sip:a@example.com", 'Bell, "A"')),
        ('"" <sip:a@example.com>', Address("sip:a@example.com", "")),
        ("<tel:+15550100>;tag=9fxced76sl", Address("tel:+15550100", None, TAG)),
        ("<sip:[2001:db8::1]:5060;transport=tcp>", Address("sip:[2001:db8::1]:5060;transport=tcp")),
    ],
)
def test_address(text: str, address: Address) -> None:
    assert Address.parse(text) == address
    assert str(address) == text


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("sip:alice@example.com;tag=9fxced76sl", Address("sip:alice@example.com", None, TAG)),
        ("Alice B <sip:alice@example.com>", Address("sip:alice@example.com", "Alice B")),
        ("Zoë Müller <sip:zoe@example.com>", Address("sip:zoe@example.com", "Zoë Müller")),
        ('"Alice"<sip:alice@example.com> ; tag = 9fxced76sl', Address("sip:alice@example.com", "Alice", TAG)),
        ("*", Address("*")),
    ],
)
def test_other_ways_to_write_it(text: str, address: Address) -> None:
    assert Address.parse(text) == address
    assert Address.parse(str(address)) == address


def test_the_tag() -> None:
    assert Address.parse("<sip:a@example.com>;TAG=x1").tag == "x1"
    assert Address.parse("<sip:a@example.com;tag=inside>").tag is None


@pytest.mark.parametrize(
    "text", ["", "alice", '"Alice <sip:a@example.com>', "<>", "A, B <sip:a@example.com>", "<sip:a> x"]
)
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(ParseError):
        Address.parse(text)


@pytest.mark.parametrize(
    ("text", "uri", "tag"),
    [
        ("Bell, A <sip:a@example.com>;tag=1;;", "sip:a@example.com", "1"),
        ('"No end <sip:a@example.com>;tag=2', "sip:a@example.com", "2"),
        ("[A] sip:a@example.com;tag=3 oops", "sip:a@example.com", "3"),
        ("<sip:a@example.com;tag=inside", "sip:a@example.com;tag=inside", None),
    ],
)
def test_salvage(text: str, uri: str, tag: str | None) -> None:
    found = salvage(text)
    assert found is not None
    assert (found.uri, found.tag) == (uri, tag)


def test_nothing_to_salvage() -> None:
    assert salvage("nobody at all") is None


@given(st.text(alphabet='sip:a@b.c;tag=1<>" \\,*'))
def test_any_text_is_a_value_or_a_parse_error(text: str) -> None:
    try:
        address = Address.parse(text)
    except ParseError:
        salvage(text)
        return
    assert Address.parse(str(address)) == address
