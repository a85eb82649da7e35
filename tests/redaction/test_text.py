"""Text with every word replaced that is not of the protocol."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabtrace.redaction.addresses import Addresses
from collabtrace.redaction.text import Text
from collabtrace.redaction.words import Words

ANY = Text(Words(b"a key"), Addresses(Words(b"a key")))


@given(st.text(st.characters(max_codepoint=255), max_size=60))
def test_any_text_keeps_its_length(value: str) -> None:
    assert len(ANY.private(value)) == len(ANY.product(value)) == len(value)


@pytest.mark.parametrize(
    "value",
    [
        "sip:alice@10.1.2.3:5060;transport=tcp",
        "<sips:+4930123456@[2001:db8::1]:5061;user=phone>;isfocus",
        '"Alice Example" <sip:SEP001122AABBCC@example.com>;+u.sip!devicename.ccm.cisco.com="SEP001122AABBCC"',
        "00:11:22:aa:bb:cc 0011.22aa.bbcc",
    ],
)
def test_nothing_private_is_left(text: Text, value: str) -> None:
    left = text.private(value)
    for private in ("alice", "Alice", "10.1.2.3", "4930123456", "db8::1", "001122AABBCC", "example", "22:aa", "22aa"):
        assert private not in left


def test_what_is_of_the_protocol_stays(text: Text) -> None:
    changed = text.private("SIP/2.0/UDP 10.1.2.3:5060;rport=5071;received=10.9.9.9;branch=z9hG4bKabc123")
    assert re.fullmatch(
        r"SIP/2\.0/UDP 10\.\d\.\d\.\d:5060;rport=5071;received=10\.\d\.\d\.\d;branch=z9hG4bK[0-9a-f]{6}", changed
    )


def test_the_same_word_is_the_same_everywhere(text: Text) -> None:
    assert text.private("sip:alice@atlanta.example") == "sip:" + text.private("alice@atlanta.example")


def test_a_device_keeps_its_kind_and_has_the_mac_address_of_its_frames(text: Text) -> None:
    mac = text.addresses.mac(bytes.fromhex("001122aabbcc")).hex()
    assert text.private("SEP001122AABBCC") == f"SEP{mac.upper()}"
    assert text.private("<urn:uuid:00000000-0000-0000-0000-001122aabbcc>").endswith(f"-{mac}>")


def test_the_address_hidden_in_a_call_id_of_cucm_is_that_behind_it(text: Text) -> None:
    changed = text.private("7a0b2c80-46a1b2c3-5f-d1011ac@172.17.16.13")
    groups, _, host = changed.partition("@")
    hidden = int(groups.split("-")[3], 16).to_bytes(4, "little")
    assert ".".join(map(str, hidden)) == host != "172.17.16.13"


def test_other_call_ids_of_that_form_hide_nothing(text: Text) -> None:
    assert "52070ffe" not in text.private("02005e10-00020001-2c3bf104-52070ffe@10.10.3.30")


def test_a_cisco_guid_still_is_that_of_its_call_id(text: Text) -> None:
    first, last = 0xABBB8E00, 0x0D1011AC
    guid = text.cisco_guid(f"{first}-123456-7-{last}").split("-")
    call_id = text.private(f"{first:08x}-12345678-1-{last:x}@172.17.16.13").partition("@")[0].split("-")
    assert (int(guid[0]), int(guid[3])) == (int(call_id[0], 16), int(call_id[3], 16))
    assert int(guid[3]) != last


def test_a_product_stays_but_not_its_serial_number(text: Text) -> None:
    assert text.product("Cisco-CP8841/12.6.1") == "Cisco-CP8841/12.6.1"
    changed = text.product("Poly/5.9 FTX1234A5BC 64167f001122")
    assert changed.startswith("Poly/5.9 ")
    assert "FTX1234A5BC" not in changed
    assert "64167f001122" not in changed


def test_a_host_goes_from_a_product_and_a_version_does_not(text: Text) -> None:
    assert text.product("TANDBERG/529 (ce9.15.0.hash) sip.js") == "TANDBERG/529 (ce9.15.0.hash) sip.js"
    assert "room12" not in text.product("Cisco-SX80 room12.corp.example.de")
    assert "room12" not in text.product("Cisco-SX80 room12.local")


def test_a_uuid_of_zeros_stays_one(text: Text) -> None:
    nil = "tag=00000000000000000000000000000000"
    assert text.private(nil) == nil


def test_somebodys_name_goes_even_from_a_product(text: Text) -> None:
    text.names = frozenset(["alice", "asterisk"])
    assert "Alice" not in text.product("Alice phone Asterisk")
    assert text.product("Asterisk PBX") == "Asterisk PBX"


def test_mapped_addresses_and_broken_ones_keep_their_form(text: Text) -> None:
    assert re.fullmatch(r"\[::ffff:10\.\d\.\d\.\d\]", text.private("[::ffff:10.1.2.3]"))
    assert len(text.private("999.1.2.3 1:2:3:zz")) == len("999.1.2.3 1:2:3:zz")


def test_letters_behind_percent_signs_are_no_way_out(text: Text) -> None:
    assert text.private("%61%6c%69%63%65") == "%78" * 5
    assert text.private("%23%2A") == "%23%2A"
