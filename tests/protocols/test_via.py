import pytest

from collabtrace.errors import ParseError
from collabtrace.protocols.parameters import Parameters
from collabtrace.protocols.via import Via


def test_via() -> None:
    text = "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1;received=198.51.100.1;rport=1024"
    via = Via.parse(text)
    assert via == Via(
        "UDP", "192.0.2.1", 5060, Parameters((("branch", "z9hG4bK1"), ("received", "198.51.100.1"), ("rport", "1024")))
    )
    assert (via.branch, via.received, via.rport, via.sent_by) == ("z9hG4bK1", "198.51.100.1", 1024, "192.0.2.1:5060")
    assert str(via) == text


def test_an_rport_that_only_asks() -> None:
    via = Via.parse("SIP/2.0/TLS proxy.example.com;rport")
    assert (via.port, via.rport, via.branch, via.sent_by) == (None, None, None, "proxy.example.com")


def test_ipv6() -> None:
    via = Via.parse("SIP/2.0/TCP [2001:db8::9:1]:5061;branch=z9hG4bK2")
    assert (via.host, via.port) == ("[2001:db8::9:1]", 5061)


def test_spaces_are_dropped() -> None:
    assert str(Via.parse("SIP / 2.0 / UDP  first.example.com : 4000 ;ttl=16 ; branch = z9hG4bK3")) == (
        "SIP/2.0/UDP first.example.com:4000;ttl=16;branch=z9hG4bK3"
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "SIP/2.0/UDP",
        "SIP/2.0 192.0.2.1",
        "UDP 192.0.2.1",
        "SIP/2.0/UDP 192.0.2.1:99999",
        "SIP/2.0/UDP a b",
        "SIP/2.0/UDP a;;",
    ],
)
def test_what_is_no_via(text: str) -> None:
    with pytest.raises(ParseError):
        Via.parse(text)
