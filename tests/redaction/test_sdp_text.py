"""Session descriptions with addresses, names and keys replaced."""

from hypothesis import given
from hypothesis import strategies as st

from collabtrace.redaction import sdp_text
from collabtrace.redaction.addresses import Addresses
from collabtrace.redaction.text import Text
from collabtrace.redaction.words import Words

ANY = Text(Words(b"a key"), Addresses(Words(b"a key")))


def line(text: Text, value: str) -> str:
    changed = sdp_text.rewrite(value.encode(), text).decode()
    assert len(changed) == len(value)
    return changed


@given(st.binary(max_size=200))
def test_anything_keeps_its_length(data: bytes) -> None:
    assert len(sdp_text.rewrite(data, ANY)) == len(data)


def test_addresses_change_and_media_stay(text: Text) -> None:
    assert line(text, "c=IN IP4 10.1.2.3") == f"c=IN IP4 {text.private('10.1.2.3')}"
    for value in (
        "m=audio 16384 RTP/AVP 0 101",
        "a=rtpmap:101 telephone-event/8000",
        "a=sendonly",
        "a=floorid:2 mstrm:10",
    ):
        assert line(text, value) == value


def test_the_numbers_of_an_origin_stay_and_so_do_products(text: Text) -> None:
    assert (
        line(text, "o=alice 161 2 IN IP4 10.1.2.3")
        == f"o={text.private('alice')} 161 2 IN IP4 {text.private('10.1.2.3')}"
    )
    assert line(text, "o=CiscoSystemsCCM-SIP 1 1 IN IP4 10.1.2.3").startswith("o=CiscoSystemsCCM-SIP 1 1 IN IP4 ")


def test_keys_and_passwords_go(text: Text) -> None:
    key = "d0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj"
    changed = line(text, f"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{key}|2^20|1:4")
    assert changed.startswith("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:")
    assert changed.endswith("|2^20|1:4")
    assert key not in changed
    assert "asd88fgpdd777uzjYhagZg" not in line(text, "a=ice-pwd:asd88fgpdd777uzjYhagZg")
    assert line(text, "a=fingerprint:sha-256 4A:AD").startswith("a=fingerprint:sha-256 ")


def test_a_candidate_keeps_all_but_its_addresses(text: Text) -> None:
    changed = line(text, "a=candidate:1 1 UDP 1694498815 203.0.113.9 45664 typ srflx raddr 10.1.2.3 rport 8998")
    public, private = text.private("203.0.113.9"), text.private("10.1.2.3")
    assert changed == f"a=candidate:1 1 UDP 1694498815 {public} 45664 typ srflx raddr {private} rport 8998"


def test_remote_candidates_keep_their_ports(text: Text) -> None:
    address = text.private("10.1.2.3")
    assert line(text, "a=remote-candidates:1 10.1.2.3 8998 2 10.1.2.3 8999") == (
        f"a=remote-candidates:1 {address} 8998 2 {address} 8999"
    )
    assert "bobby" not in line(text, "a=remote-candidates:1 bobby 8998")
    # It would take hours if each letter might begin an address.
    assert line(text, f"a=remote-candidates:{'b-' * 200_000}")
