import pytest

from collabtrace.errors import ParseError
from collabtrace.protocols.sdp.codecs import STATIC, Codec, format_parameters, split_fmtp


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        ("0 PCMU/8000", Codec("0", "PCMU", 8000)),
        ("111 opus/48000/2", Codec("111", "opus", 48000, 2)),
        ("101 telephone-event/8000", Codec("101", "telephone-event", 8000)),
        ("100 H224/4800", Codec("100", "H224", 4800)),
        ("96 broken", Codec("96", "broken", None)),
    ],
)
def test_codec(text: str, codec: Codec) -> None:
    assert Codec.parse(text) == codec
    assert str(codec) == text


@pytest.mark.parametrize(
    "text", ["", "0", "PCMU/8000", "0 /8000", "0 PCMU/8000/", "0 PCMU/many", "0 PCMU/0", "1000 PCMU/8000"]
)
def test_what_is_no_rtpmap(text: str) -> None:
    with pytest.raises(ParseError, match="not payload type, name and clock rate"):
        Codec.parse(text)


def test_a_payload_type_that_nothing_explains() -> None:
    assert Codec("99", None, None).encoding == "99"


def test_parameters_by_name() -> None:
    codec = Codec("97", "H264", 90000, format_parameters="profile-level-id=42E01F; Packetization-Mode=1;")
    assert codec.parameters == {"profile-level-id": "42E01F", "packetization-mode": "1"}


def test_parameters_without_names() -> None:
    assert format_parameters("0-15") == {"0-15": None}
    assert format_parameters("111/111") == {"111/111": None}
    assert format_parameters("") == {}


def test_fmtp() -> None:
    assert split_fmtp("97 a=1; b=2") == ("97", "a=1; b=2")
    assert split_fmtp("97") == ("97", "")
    with pytest.raises(ParseError):
        split_fmtp(" ")


@pytest.mark.parametrize(
    ("payload_type", "encoding"),
    [("0", "PCMU/8000"), ("9", "G722/8000"), ("18", "G729/8000"), ("10", "L16/44100/2"), ("34", "H263/90000")],
)
def test_static_payload_types(payload_type: str, encoding: str) -> None:
    assert STATIC[payload_type].encoding == encoding
    assert STATIC[payload_type].static


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Codec("0", "PCMU", 8000), Codec("96", "pcmu", 8000, 1)),
        (Codec("18", "G729", 8000), Codec("18", "g729ab", 8000)),
        (Codec("111", "opus", 48000, 2), Codec("96", "OPUS", 48000)),
        (Codec("97", "iLBC", None), Codec("98", "iLBC", 8000)),
        (Codec("9", "G722", 8000), Codec("105", "G722", 16000)),
        (Codec("4", "G723", 8000), Codec("4", "G.723.1/A", 8000)),
    ],
)
def test_one_codec_in_two_spellings(one: Codec, other: Codec) -> None:
    assert one.is_same(other)
    assert other.is_same(one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Codec("97", "speex", 8000), Codec("97", "speex", 16000)),
        (Codec("10", "L16", 44100, 2), Codec("11", "L16", 44100)),
        (Codec("97", None, None), Codec("97", None, None)),
    ],
)
def test_two_codecs(one: Codec, other: Codec) -> None:
    assert not one.is_same(other)


def test_what_carries_no_media_itself() -> None:
    assert not Codec("101", "Telephone-Event", 8000).is_media
    assert Codec("97", None, None).is_media
