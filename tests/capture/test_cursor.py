"""The place in a packet."""

from collabtrace.capture.cursor import Cursor


def test_numbers_are_big_endian_from_the_place() -> None:
    assert Cursor(b"\0\1\2\3", 4, at=1).number(1, 2) == 0x0203


def test_what_was_cut_is_not_held() -> None:
    packet = Cursor(b"abcd", 10, at=2)
    assert packet.holds(2)
    assert not packet.holds(3)


def test_what_is_behind_the_packet_is_not_held() -> None:
    packet = Cursor(b"abcd and padding", 4, at=2)
    assert not packet.holds(3)


def test_a_packet_only_becomes_shorter() -> None:
    packet = Cursor(b"abcdef", 6, at=2)
    packet.narrow(3)
    assert packet.end == 5
    packet.narrow(100)
    assert packet.end == 5
