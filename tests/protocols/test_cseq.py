import pytest

from collabtrace.errors import ParseError
from collabtrace.protocols.cseq import CSeq


def test_cseq() -> None:
    assert CSeq.parse("4711 INVITE") == CSeq(4711, "INVITE")
    assert CSeq.parse(" 0009\t PRACK ") == CSeq(9, "PRACK")
    assert str(CSeq(4711, "INVITE")) == "4711 INVITE"


@pytest.mark.parametrize("text", ["", "1", "INVITE", "-1 INVITE", "1INVITE", "1 IN VITE", "1 INVITE,"])
def test_what_is_no_cseq(text: str) -> None:
    with pytest.raises(ParseError, match="not a number and a method"):
        CSeq.parse(text)


@pytest.mark.parametrize("number", [2**32, 10**30, "9" * 5000])
def test_a_number_beyond_32_bits(number: object) -> None:
    with pytest.raises(ParseError, match="more than 32 bits"):
        CSeq.parse(f"{number} INVITE")
