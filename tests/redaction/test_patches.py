"""What stands in TCP streams, by sequence number."""

from collections.abc import Iterator

import pytest

from collabtrace.capture.packets import ACK, SYN
from collabtrace.redaction.patches import Generations, Patches

KEY = (b"key", 0)


@pytest.fixture
def patches() -> Iterator[Patches]:
    made = Patches()
    yield made
    made.close()


def cut(patches: Patches, sequence: int, size: int) -> bytes:
    out = bytearray(size)
    patches.apply(KEY, sequence, out)
    return bytes(out)


def test_every_segment_gets_its_part(patches: Patches) -> None:
    patches.add(KEY, 100, b"abcdef")
    assert cut(patches, 100, 3) == b"abc"
    assert cut(patches, 103, 3) == b"def"
    assert cut(patches, 98, 10) == b"\0\0abcdef\0\0"
    assert cut(patches, 106, 2) == bytes(2)


def test_a_patch_may_pass_the_end_of_the_sequence_space(patches: Patches) -> None:
    patches.add(KEY, (1 << 32) - 2, b"abcdef")
    assert cut(patches, (1 << 32) - 2, 2) == b"ab"
    assert cut(patches, 0, 4) == b"cdef"


def test_another_connection_has_its_own(patches: Patches) -> None:
    patches.add(KEY, 100, b"abc")
    assert not patches.apply((b"key", 1), 100, bytearray(3))


def test_a_new_sequence_number_opens_a_new_connection() -> None:
    generations = Generations()
    segments = ((5, SYN), (6, ACK), (5, SYN), (900, SYN), (901, ACK))
    assert [generations.of(b"key", *segment)[1] for segment in segments] == [0, 0, 0, 1, 1]
