"""Certificates that keep their form."""

from hypothesis import given
from hypothesis import strategies as st

from collabtrace.redaction import certificates
from collabtrace.redaction.addresses import Addresses
from collabtrace.redaction.text import Text
from collabtrace.redaction.words import Words

ANY = Text(Words(b"a key"), Addresses(Words(b"a key")))


def der(tag: int, content: bytes) -> bytes:
    return bytes([tag, len(content)]) + content


NAMES = der(4, der(0x30, der(0x82, b"cucm.example") + der(0x87, b"\x0a\1\2\3")))
VALUE = der(0x30, der(6, b"\x55\4\3") + der(12, b"cucm.example") + der(23, b"260101000000Z") + NAMES + der(3, b"\0key"))
LIST = (len(VALUE) + 3).to_bytes(3, "big") + len(VALUE).to_bytes(3, "big") + VALUE


def test_objects_and_times_stay_names_and_keys_go(text: Text) -> None:
    changed = certificates.rewrite(LIST, text)
    assert b"\x55\4\3" in changed
    assert b"260101000000Z" in changed
    assert b"cucm" not in changed
    assert b"key" not in changed
    assert text.addresses.ipv4(b"\x0a\1\2\3") in changed
    assert changed.count(text.private("cucm.example").encode()) == 2


@given(st.binary(max_size=80), st.integers(0, 90))
def test_anything_keeps_its_length(noise: bytes, cut: int) -> None:
    for data in (noise, LIST[:cut] + noise):
        assert len(certificates.rewrite(data, ANY)) == len(data)
