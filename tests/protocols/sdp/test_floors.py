import pytest

from collabtrace.errors import ParseError
from collabtrace.protocols.sdp.floors import Floor


@pytest.mark.parametrize(
    ("text", "floor"),
    [
        ("2 mstrm:12", Floor(2, ("12",))),
        ("1 mstrm:10 11", Floor(1, ("10", "11"))),
        ("1", Floor(1)),
    ],
)
def test_floor(text: str, floor: Floor) -> None:
    assert Floor.parse(text) == floor
    assert str(floor) == text


@pytest.mark.parametrize(
    "text", ["1 m-stream:3", "1 mstrm 3", "1 mstrm: 3", "1  MSTRM:3 ", " 1 mstream:3", "1 m-stream 3", "1 mstrm:3,"]
)
def test_spellings_of_the_field(text: str) -> None:
    assert Floor.parse(text) == Floor(1, ("3",))


def test_several_streams_with_commas() -> None:
    assert Floor.parse("1 mstrm:3, 4,5").streams == ("3", "4", "5")


@pytest.mark.parametrize("text", ["", "mstrm:12", "two mstrm:12", "1 stream:12", "1 12", "123456"])
def test_what_is_no_floor(text: str) -> None:
    with pytest.raises(ParseError, match="is not a floor and its streams"):
        Floor.parse(text)
