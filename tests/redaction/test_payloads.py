"""What a datagram carries, told by its first bytes."""

from hypothesis import given
from hypothesis import strategies as st

from collabtrace.redaction import payloads
from collabtrace.redaction.addresses import Addresses
from collabtrace.redaction.text import Text
from collabtrace.redaction.words import Words

ANY = Text(Words(b"a key"), Addresses(Words(b"a key")))


def test_what_is_not_understood_is_blanked(text: Text) -> None:
    assert payloads.datagram(b"hostname=alice-pc", 40000, 514, text) == bytes(17)
    assert payloads.datagram(b"\x01\x01\x06\0alice", 68, 67, text) == bytes(9)


def test_keep_alives_stay(text: Text) -> None:
    assert payloads.datagram(b"\r\n\r\n", 5060, 5060, text) == b"\r\n\r\n"


def test_a_turn_channel_keeps_its_number_and_its_media_are_blanked(text: Text) -> None:
    rtp = bytes.fromhex("80080001 00000140 1234abcd") + b"voice..."
    assert payloads.datagram(b"\x40\0\0\x14" + rtp, 3478, 50000, text) == b"\x40\0\0\x14" + rtp[:12] + bytes(8)


def test_of_http_the_head_stays_readable(text: Text) -> None:
    changed = payloads.message(b"GET /alice HTTP/1.1\r\nHost: pc33.example\r\nContent-Length: 5\r\n\r\nhellomore", text)
    assert changed.startswith(b"GET /")
    assert b"\r\nHost: " in changed
    assert changed.endswith(b"     " + bytes(4))
    assert b"pc33" not in changed


@given(st.binary(max_size=120), st.sampled_from([(5060, 5060), (53, 4000), (16384, 16384), (3478, 5000), (67, 68)]))
def test_anything_keeps_its_length(data: bytes, ports: tuple[int, int]) -> None:
    assert len(payloads.datagram(data, *ports, ANY)) == len(data)
