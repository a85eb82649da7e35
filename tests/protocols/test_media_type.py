import pytest

from collabtrace.errors import ParseError
from collabtrace.protocols.media_type import MediaType
from collabtrace.protocols.parameters import Parameters


def test_media_type() -> None:
    assert MediaType.parse("application/sdp") == MediaType("application", "sdp")
    assert str(MediaType("application", "sdp")) == "application/sdp"


def test_any_case_and_spaces() -> None:
    assert MediaType.parse(" Application / SDP ; charset = utf-8").name == "application/sdp"


def test_the_boundary_of_cisco_phones() -> None:
    media_type = MediaType.parse("multipart/mixed;boundary=uniqueBoundary")
    assert media_type == MediaType("multipart", "mixed", Parameters((("boundary", "uniqueBoundary"),)))
    assert str(media_type) == "multipart/mixed;boundary=uniqueBoundary"


def test_a_quoted_boundary() -> None:
    assert MediaType.parse('multipart/mixed; boundary="a b"').parameters.get("boundary") == "a b"


@pytest.mark.parametrize("text", ["", "sdp", "application/", "application/sdp sdp", "application/sdp;;x"])
def test_what_is_no_media_type(text: str) -> None:
    with pytest.raises(ParseError):
        MediaType.parse(text)
