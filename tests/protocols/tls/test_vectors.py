"""Numbers and vectors of TLS's presentation language."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabtrace.errors import ParseError
from collabtrace.protocols.tls.vectors import Vectors, vector


@given(st.binary(max_size=300), st.sampled_from([2, 3]))
def test_a_vector_comes_back(content: bytes, width: int) -> None:
    reader = Vectors(vector(width, content) + b"\x07")
    assert (reader.vector(width), reader.number(1), reader.more()) == (content, 7, False)


def test_a_vector_longer_than_what_is_there_is_none() -> None:
    with pytest.raises(ParseError, match="5 bytes are expected, 3 are there"):
        Vectors(b"\x05abc").vector(1)


def test_a_structure_ends_where_it_says() -> None:
    reader = Vectors(b"ab")
    reader.take(1)
    with pytest.raises(ParseError, match="1 bytes follow"):
        reader.end()
