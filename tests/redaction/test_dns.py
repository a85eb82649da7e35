"""DNS with names and addresses replaced."""

from hypothesis import given
from hypothesis import strategies as st

from collabtrace.redaction import dns
from collabtrace.redaction.addresses import Addresses
from collabtrace.redaction.text import Text
from collabtrace.redaction.words import Words

ANY = Text(Words(b"a key"), Addresses(Words(b"a key")))
NAME = b"\4_sip\4_udp\x07atlanta\3com\0"
ANSWER = (
    bytes.fromhex("1234 8180 0001 0002 0000 0000") + NAME + bytes.fromhex("0021 0001")
    + b"\xc0\x0c" + bytes.fromhex("0021 0001 0000003c 000e 0001 0000 13c4") + b"\5edge7\xc0\x16"
    + b"\xc0\x16" + bytes.fromhex("0001 0001 0000003c 0004 0a010203")
)  # fmt: skip


def test_services_stay_and_names_go(text: Text) -> None:
    changed = dns.rewrite(ANSWER, text)
    assert changed[:23] == ANSWER[:23]
    assert b"atlanta" not in changed
    assert b"edge7" not in changed
    assert changed.endswith(text.addresses.ipv4(b"\x0a\1\2\3"))


def test_the_name_is_that_of_the_messages(text: Text) -> None:
    assert text.private("atlanta").encode() in dns.rewrite(ANSWER, text)


@given(st.binary(max_size=80), st.integers(0, 90))
def test_anything_keeps_its_length(noise: bytes, cut: int) -> None:
    for data in (noise, ANSWER[:cut] + noise):
        assert len(dns.rewrite(data, ANY)) == len(data)
