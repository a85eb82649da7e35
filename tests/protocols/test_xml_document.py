"""Documents are read by the name of their root, and none can do harm."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabtrace.errors import ParseError
from collabtrace.protocols.xml_document import elements, local_name, root


def test_names_are_those_without_the_namespace() -> None:
    document = root(b'\n<a xmlns="urn:x"><b>1</b><c><b>2</b></c></a>\0', "a")
    assert [child.text for child in elements(document, "b")] == ["1", "2"]
    assert local_name(document) == "a"


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (b"", "the a is not XML that can be read"),
        (b"<b/>", "the document is not a a"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "the a is not XML that can be read"),
        (b'<?xml version="1.0" encoding="none"?><a/>', "the a is not XML that can be read"),
        (b" " * 70_000, "70000 bytes are no a"),
    ],
)
def test_what_is_no_such_document(document: bytes, reason: str) -> None:
    with pytest.raises(ParseError, match=reason):
        root(document, "a")


@given(st.binary() | st.text("<>/a=\"'&;![]-").map(str.encode))
def test_any_bytes_are_a_document_or_a_parse_error(data: bytes) -> None:
    with contextlib.suppress(ParseError):
        root(data, "a")
