"""SCTP with SIP in it."""

from hypothesis import given
from hypothesis import strategies as st

from collabtrace.capture.sctp import UserMessage
from collabtrace.redaction import sctp, sip_text
from collabtrace.redaction.addresses import Addresses
from collabtrace.redaction.text import Text
from collabtrace.redaction.words import Words
from collabtrace.testing import wire

ANY = Text(Words(b"a key"), Addresses(Words(b"a key")))
BYE = b"BYE sip:bob@biloxi.example SIP/2.0\r\nCall-ID: 1@biloxi\r\nCSeq: 1 BYE\r\n\r\n"


def nothing(tsn: int, data: bytes) -> bytes:
    return bytes(len(data))


def test_a_message_is_rewritten_and_the_checksum_is_right(text: Text) -> None:
    packet = bytes(wire.sctp(5060, 5060, wire.data_chunk(BYE)))
    changed = sctp.rewrite(packet, len(packet), text, nothing)
    assert sip_text.rewrite(BYE, text) in changed
    assert int.from_bytes(changed[8:12], "little") == sctp.crc32c(changed[:8] + bytes(4) + changed[12:])


def test_other_data_become_zeros(text: Text) -> None:
    packet = bytes(wire.sctp(3868, 3868, wire.data_chunk(b"\1\0\0\x14diam")))
    assert b"diam" not in sctp.rewrite(packet, len(packet), text, nothing)


def test_addresses_of_an_init_change(text: Text) -> None:
    init = bytes.fromhex("0100001c 00000001 0000ffff 00010001 00000001 00050008 0a010203")
    packet = bytes(wire.sctp(5060, 5060, init))
    assert text.addresses.ipv4(b"\x0a\1\2\3") in sctp.rewrite(packet, len(packet), text, nothing)


def test_a_message_in_fragments_is_written_back_in_them(text: Text) -> None:
    messages, parts = sctp.Messages(text), {10: BYE[:20], 11: BYE[20:44], 12: BYE[44:]}
    messages.add(b"key", UserMessage(BYE, len(BYE), 0, tuple((tsn, len(part)) for tsn, part in parts.items())))
    assert b"".join(messages.fragment(b"key", tsn, part) for tsn, part in parts.items()) == sip_text.rewrite(BYE, text)
    assert messages.fragment(b"other", 10, parts[10]) == bytes(20)
    assert messages.fragment(b"key", 99, b"abc") == bytes(3)


def test_of_other_messages_in_fragments_nothing_is_left(text: Text) -> None:
    messages = sctp.Messages(text)
    messages.add(b"key", UserMessage(b"diameter", 8, 46, ((1, 4), (2, 4))))
    assert messages.fragment(b"key", 2, b"eter") == bytes(4)


@given(st.binary(max_size=80))
def test_anything_keeps_its_length(data: bytes) -> None:
    assert len(sctp.rewrite(data, len(data), ANY, nothing)) == len(data)
