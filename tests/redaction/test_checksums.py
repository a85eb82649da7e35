"""Checksums after a change."""

from hypothesis import given
from hypothesis import strategies as st

from collabtrace.redaction.checksums import Checksum, mend, total
from collabtrace.testing import wire


@given(st.binary(min_size=20, max_size=41), st.binary(min_size=20, max_size=41))
def test_a_checksum_that_was_right_is_right(before: bytes, after: bytes) -> None:
    size = min(len(before), len(after))
    old = bytearray(before[:size])
    old[0] |= 1  # all zeros have two right checksums
    old[10:12] = bytes(2)
    old[10:12] = wire.checksum(bytes(old)).to_bytes(2, "big")
    new = bytearray(after[:size])
    new[0] |= 1
    new[10:12] = old[10:12]
    mend(bytes(old), new, Checksum(10, 0, size))
    assert total(new) == 0


def test_one_that_was_wrong_stays_wrong() -> None:
    old, new = b"\x12\x34" + bytes(6) + b"abcd", bytearray(b"\x12\x34" + bytes(6) + b"wxyz")
    mend(old, new, Checksum(0, 0, 12))
    assert total(old) == total(new) != 0


def test_none_stays_none() -> None:
    new = bytearray(b"\0\0wxyz")
    mend(b"\0\0abcd", new, Checksum(0, 0, 6, absent=True))
    assert new == b"\0\0wxyz"
