import pytest

from collabtrace.errors import ParseError
from collabtrace.protocols.sdp.origin import Connection, Origin


def test_origin() -> None:
    text = "tandberg 7 3 IN IP4 192.0.2.8"
    assert Origin.parse(text) == Origin("tandberg", "7", "3", "IN", "IP4", "192.0.2.8")
    assert str(Origin.parse(text)) == text
    assert Origin.parse(text).version_number == 3


def test_a_user_name_with_spaces() -> None:
    assert Origin.parse("Jane Doe 7 3 IN IP4 192.0.2.8").username == "Jane Doe"


def test_a_version_that_is_no_number() -> None:
    assert Origin.parse("- 7 three IN IP4 192.0.2.8").version_number is None


def test_what_is_no_origin() -> None:
    with pytest.raises(ParseError, match="has 5 fields, not 6"):
        Origin.parse("- 7 IN IP4 192.0.2.8")


@pytest.mark.parametrize(
    ("text", "connection"),
    [
        ("IN IP4 192.0.2.1", Connection("192.0.2.1")),
        ("IN IP6 2001:db8::1", Connection("2001:db8::1", "IP6")),
        ("IN IP4 233.252.0.1/127", Connection("233.252.0.1", ttl=127)),
        ("IN IP4 233.252.0.1/127/3", Connection("233.252.0.1", ttl=127, count=3)),
        ("IN IP6 ff0e::db8/3", Connection("ff0e::db8", "IP6", count=3)),
        ("IN IP4 phone.example.com", Connection("phone.example.com")),
    ],
)
def test_connection(text: str, connection: Connection) -> None:
    assert Connection.parse(text) == connection
    assert str(connection) == text


def test_the_address_that_means_hold() -> None:
    assert Connection("0.0.0.0").nowhere
    assert Connection("::", "IP6").nowhere
    assert not Connection("192.0.2.1").nowhere


@pytest.mark.parametrize("text", ["", "192.0.2.1", "IP4 192.0.2.1", "IN IP4 192.0.2.1/", "IN IP4 192.0.2.1 x"])
def test_what_is_no_connection(text: str) -> None:
    with pytest.raises(ParseError):
        Connection.parse(text)
