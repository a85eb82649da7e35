"""RTP, RTCP and BFCP without what they carry."""

import struct

from hypothesis import given
from hypothesis import strategies as st

from collabtrace.protocols import bfcp as parsed
from collabtrace.redaction import media
from collabtrace.redaction.addresses import Addresses
from collabtrace.redaction.text import Text
from collabtrace.redaction.words import Words

ANY = Text(Words(b"a key"), Addresses(Words(b"a key")))
HEADER = bytes.fromhex("80 08 0001 00000140 1234abcd")


def test_of_rtp_the_header_stays() -> None:
    assert media.rtp(HEADER + b"sound of a voice") == HEADER + bytes(16)


def test_of_an_event_all_but_the_key_stays() -> None:
    header = bytes.fromhex("80 e5 0001 00000140 1234abcd")
    assert media.rtp(header + bytes.fromhex("078a03c0")) == header + bytes.fromhex("018a03c0")


def test_what_is_as_short_as_an_event_does_not_become_one() -> None:
    header = bytes.fromhex("80 e5 0001 00000140 1234abcd")
    assert media.rtp(header + bytes.fromhex("20400373")) == header + bytes.fromhex("ff000000")


def test_padding_is_still_told() -> None:
    header = bytes.fromhex("a0 08 0001 00000140 1234abcd")
    assert media.rtp(header + b"voice\0\0\3") == header + bytes(7) + b"\3"


def test_an_extension_keeps_its_length_alone() -> None:
    header = bytes.fromhex("90 08 0001 00000140 1234abcd")
    assert media.rtp(header + bytes.fromhex("bede0001 11223344") + b"voice") == header + bytes.fromhex(
        "bede0001"
    ) + bytes(9)


def test_reports_stay_and_names_are_replaced() -> None:
    report = bytes.fromhex("81c90007 00000001") + bytes(range(24))
    name = bytes.fromhex("81ca0004 00000001 0109") + b"alice@pc1" + bytes(1)
    changed = media.rtcp(report + name, ANY)
    assert changed[:32] == report
    assert changed[32:42] == name[:10]
    assert b"alice" not in changed


def test_a_floor_keeps_its_numbers_and_loses_names() -> None:
    uri = b"sip:alice@10.1.2.3"
    attributes = struct.pack("!BBH", 2 << 1, 4, 7) + struct.pack("!BB", 13 << 1, 2 + len(uri)) + uri
    message = struct.pack("!BBHIHH", 0x20, 1, len(attributes) // 4, 9, 1, 2) + attributes
    changed = media.bfcp(message, ANY)
    assert changed[:16] == message[:16]
    assert b"alice" not in changed
    assert parsed.parse(changed).primitive == parsed.parse(message).primitive


@given(st.binary(min_size=12, max_size=80))
def test_anything_keeps_its_length(data: bytes) -> None:
    assert len(media.rtp(data)) == len(media.rtcp(data, ANY)) == len(media.bfcp(data, ANY)) == len(data)
