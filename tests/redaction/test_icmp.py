"""ICMP with its addresses replaced."""

from ipaddress import ip_address

from collabtrace.capture.cursor import Cursor
from collabtrace.redaction import icmp
from collabtrace.redaction.text import Text


def written(message: bytes, text: Text, *, six: bool) -> tuple[bytes, int | None]:
    out = bytearray(len(message))
    quoted = icmp.rewrite(Cursor(message, len(message)), out, text.addresses, six=six)
    return bytes(out), quoted


def test_an_error_says_where_its_quotation_begins(text: Text) -> None:
    assert written(bytes([3, 3]) + bytes(38), text, six=False) == (bytes([3, 3]) + bytes(38), 8)


def test_an_echo_keeps_its_numbers_alone(text: Text) -> None:
    assert written(b"\x08\0\0\0\0\1\0\2alice", text, six=False) == (b"\x08\0\0\0\0\1\0\2" + bytes(5), None)


def test_a_solicitation_asks_for_the_new_address(text: Text) -> None:
    target = ip_address("fe80::1:2").packed
    message = bytes([135, 0, 0, 0, 0, 0, 0, 0]) + target + bytes.fromhex("0101 001122334455")
    out, _ = written(message, text, six=True)
    assert out[8:24] == text.addresses.ipv6(target)
    assert out[24:] == b"\1\1" + text.addresses.mac(bytes.fromhex("001122334455"))


def test_other_messages_become_zeros(text: Text) -> None:
    assert written(b"\x0f\0\0\0alice", text, six=False) == (b"\x0f" + bytes(8), None)
