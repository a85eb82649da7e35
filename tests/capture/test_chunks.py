"""Files in chunks."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from collabtrace.capture.chunks import MARGIN, Chunks
from collabtrace.capture.source import Source


@pytest.fixture
def chunks(tmp_path: Path) -> Iterator[Chunks]:
    """The ten digits, four bytes at a time."""
    (tmp_path / "x").write_bytes(b"0123456789")
    source = Source(tmp_path / "x")
    yield Chunks(source, chunk=4)
    source.close()


def content(chunks: Chunks) -> bytes:
    return chunks.data[: chunks.size].tobytes()


def test_a_chunk_begins_with_what_was_left_over(chunks: Chunks) -> None:
    assert content(chunks) == b"0123"
    assert chunks.advance(3)
    assert (content(chunks), chunks.offset) == (b"34567", 3)


def test_a_chunk_grows_where_nothing_is_consumed(chunks: Chunks) -> None:
    assert chunks.advance(0)
    assert content(chunks) == b"01234567"


def test_more_than_the_chunk_can_be_passed_over(chunks: Chunks) -> None:
    assert chunks.advance(7)
    assert (content(chunks), chunks.offset) == (b"789", 7)


def test_what_is_left_at_the_end_is_known(chunks: Chunks) -> None:
    assert chunks.advance(4)
    assert chunks.advance(4)
    assert not chunks.advance(1)
    assert (chunks.left, chunks.read) == (1, 10)


def test_the_end_may_be_among_what_is_passed_over(chunks: Chunks) -> None:
    assert not chunks.advance(20)
    assert chunks.left > 0


def test_passing_over_the_rest_leaves_nothing(chunks: Chunks) -> None:
    assert not chunks.advance(10)
    assert chunks.left == 0


def test_zeros_stand_behind_each_chunk(chunks: Chunks) -> None:
    chunks.advance(2)
    assert not chunks.data[chunks.size : chunks.size + MARGIN].any()


def test_an_earlier_chunk_stays_as_it_was(chunks: Chunks) -> None:
    first = chunks.data[: chunks.size]
    chunks.advance(4)
    assert first.tobytes() == b"0123"
