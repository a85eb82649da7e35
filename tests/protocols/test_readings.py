"""The quick way to read a value, and the strict parser of its type, say the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabtrace.protocols.address import Address
from collabtrace.protocols.media_type import MediaType
from collabtrace.protocols.readings import (
    ADDRESSES,
    CSEQS,
    LENGTHS,
    MEDIA_TYPES,
    PARTIES,
    VIA_HEADERS,
    VIAS,
    Hops,
    Party,
)

TAIL = st.text(alphabet=';branch=tag,rpo0. <>"z9hG4bK-:\\', max_size=20)


@pytest.mark.parametrize(
    ("text", "party"),
    [
        ('"Alice" <sip:a@example.com>;tag=1', Party("sip:a@example.com", "1", None)),
        ("sip:a@example.com;x=y;tag=2", Party("sip:a@example.com", "2", None)),
        ("Bell, A <sip:a@example.com>;tag=3", Party("sip:a@example.com", "3", "is not written as it should be")),
        ("nobody", Party(None, None, "cannot be read")),
        ("", Party(None, None, "cannot be read")),
    ],
)
def test_parties(text: str, party: Party) -> None:
    assert PARTIES[text] == party


@pytest.mark.parametrize(
    ("text", "hops"),
    [
        ("SIP/2.0/UDP 192.0.2.1:5060;rport;branch=z9hG4bK1", Hops("z9hG4bK1", "192.0.2.1:5060", 1, None)),
        ("SIP/2.0/TCP a.example.com", Hops(None, "a.example.com", 1, None)),
        ("SIP/2.0/TCP a.example.com;branch=1, SIP/2.0/UDP b.example.com", Hops("1", "a.example.com", 2, None)),
        ("SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK2;;", Hops("z9hG4bK2", "192.0.2.1", 1, "cannot be read")),
        ("nonsense", Hops(None, None, 1, "cannot be read")),
        ("", Hops(None, None, 0, "cannot be read")),
    ],
)
def test_via_headers(text: str, hops: Hops) -> None:
    assert VIA_HEADERS[text] == hops


@given(TAIL)
def test_parties_agree_with_addresses(tail: str) -> None:
    text = f'"A" <sip:a@example.com>{tail}'
    address, flaw = ADDRESSES[text]
    assert address is not None
    assert PARTIES[text] == (address.uri, address.tag, flaw)


@given(TAIL)
def test_via_headers_agree_with_vias(tail: str) -> None:
    text = f"SIP/2.0/UDP 192.0.2.1:5060{tail}".partition(",")[0].strip()
    via = VIAS[text]
    hops = VIA_HEADERS[text]
    assert (via is None) == (hops.flaw is not None)
    if via is not None:
        assert (hops.branch, hops.sent_by, hops.hops) == (via.branch, via.sent_by, 1)


def test_the_others() -> None:
    assert CSEQS["1 INVITE"].number == 1
    assert CSEQS[""].flaw == "cannot be read"
    assert MEDIA_TYPES["application/SDP"] == (MediaType("application", "sdp"), "application/sdp", None)
    assert MEDIA_TYPES[""] == (None, None, None)
    assert MEDIA_TYPES["?"].flaw == "cannot be read"
    assert [LENGTHS[text] for text in ("0", "300", "-1", "", "1.5", "9" * 40)] == [0, 300, None, None, None, None]
    assert ADDRESSES["<sip:a@example.com>"] == (Address("sip:a@example.com"), None)
