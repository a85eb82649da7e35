"""STUN with its addresses replaced."""

import zlib

from hypothesis import given
from hypothesis import strategies as st

from collabtrace.protocols import stun as parsed
from collabtrace.redaction import stun
from collabtrace.redaction.addresses import Addresses
from collabtrace.redaction.text import Text
from collabtrace.redaction.words import Words

ANY = Text(Words(b"a key"), Addresses(Words(b"a key")))


def message(*attributes: tuple[int, bytes]) -> bytes:
    return bytes(parsed.Message(1, parsed.SUCCESS, bytes(range(12)), attributes))


def xored(address: bytes) -> bytes:
    return b"\0\1\x11\x22" + bytes(one ^ other for one, other in zip(address, parsed.COOKIE_BYTES, strict=True))


def test_the_mapped_address_is_the_one_of_the_packets(text: Text) -> None:
    changed = parsed.parse(stun.rewrite(message((parsed.XOR_MAPPED_ADDRESS, xored(b"\xcb\0\x71\x09"))), text))
    before = parsed.parse(message((parsed.XOR_MAPPED_ADDRESS, xored(b"\xcb\0\x71\x09")))).mapped
    assert changed.mapped is not None
    assert before is not None
    assert changed.mapped == (text.private(before.address), before.port)


def test_a_username_is_replaced_as_in_the_sdp(text: Text) -> None:
    changed = parsed.parse(stun.rewrite(message((parsed.USERNAME, b"8hhY:9b4f")), text))
    assert changed.username == text.private("8hhY:9b4f")


def test_a_fingerprint_that_was_right_is_right(text: Text) -> None:
    data = message((parsed.USERNAME, b"8hhY:9b4f"), (parsed.FINGERPRINT, bytes(4)))
    right = data[:-4] + (zlib.crc32(data[:-8]) ^ parsed.FINGERPRINT_XOR).to_bytes(4, "big")
    assert parsed.fingerprint_matches(stun.rewrite(right, text)) is True
    assert parsed.fingerprint_matches(stun.rewrite(data, text)) is False


def test_attributes_that_are_not_known_become_zeros(text: Text) -> None:
    changed = parsed.parse(stun.rewrite(message((0x8099, b"secret12")), text))
    assert changed.value(0x8099) == bytes(8)


@given(st.binary(max_size=60))
def test_anything_keeps_its_length(data: bytes) -> None:
    assert len(stun.rewrite(data, ANY)) == len(data)
