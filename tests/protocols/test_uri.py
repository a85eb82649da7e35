import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabtrace.errors import ParseError
from collabtrace.protocols.parameters import Parameters
from collabtrace.protocols.uri import Uri, unescape


@pytest.mark.parametrize(
    ("text", "uri"),
    [
        ("sip:alice@example.com", Uri("sip", "alice", "example.com")),
        ("sip:example.com", Uri("sip", None, "example.com")),
        ("sips:alice@example.com:5061", Uri("sips", "alice", "example.com", 5061)),
        (
            "sip:1000@192.0.2.1;user=phone;lr",
            Uri("sip", "1000", "192.0.2.1", parameters=Parameters((("user", "phone"), ("lr", None)))),
        ),
        ("sip:alice:secret@example.com", Uri("sip", "alice", "example.com", password="secret")),
        ("sip:alice@[2001:db8::1]:5060", Uri("sip", "alice", "[2001:db8::1]", 5060)),
        ("sip:[2001:db8::1]", Uri("sip", None, "[2001:db8::1]")),
        (
            "sip:a@example.com;method=INVITE?subject=x&to=b%40example.com",
            Uri(
                "sip",
                "a",
                "example.com",
                parameters=Parameters((("method", "INVITE"),)),
                headers="subject=x&to=b%40example.com",
            ),
        ),
        ("sip:user;par=1@example.com", Uri("sip", "user;par=1", "example.com")),
        ("sip:#99@example.com", Uri("sip", "#99", "example.com")),
        ("tel:+1-201-555-0123", Uri("tel", "+1-201-555-0123")),
        (
            "tel:7042;phone-context=example.com",
            Uri("tel", "7042", parameters=Parameters((("phone-context", "example.com"),))),
        ),
        ("urn:service:sos", Uri("urn", rest="service:sos")),
    ],
)
def test_uri(text: str, uri: Uri) -> None:
    assert Uri.parse(text) == uri
    assert str(uri) == text


def test_the_scheme_in_any_case() -> None:
    assert Uri.parse("SIP:alice@example.com").scheme == "sip"
    assert Uri.parse("TEL:112").user == "112"


def test_the_name_without_escapes() -> None:
    assert Uri.parse("sip:caf%C3%A9@example.com").name == "café"
    assert Uri.parse("sip:example.com").name is None
    assert unescape("%FF%41") == "\ufffdA"


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("sip:alice@example.com:5060;transport=tcp", "alice@example.com"),
        ("sip:example.com", "example.com"),
        ("tel:+15550100", "+15550100"),
        ("urn:service:sos", "service:sos"),
    ],
)
def test_the_address_that_people_use(text: str, address: str) -> None:
    assert Uri.parse(text).address == address


@pytest.mark.parametrize(
    "text",
    ["", "alice", "sip:", "sip:@", "sip:a@b@c", "sip:a@example.com:99999", "sip:a b@example.com", "tel:alice", "1x:y"],
)
def test_what_is_no_uri(text: str) -> None:
    with pytest.raises(ParseError):
        Uri.parse(text)


@given(st.text(alphabet="sipstel:@[]%20;?=&+abc.1#") | st.text())
def test_any_text_is_a_value_or_a_parse_error(text: str) -> None:
    try:
        uri = Uri.parse(text)
    except ParseError:
        return
    assert Uri.parse(str(uri)) == uri
