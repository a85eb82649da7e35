import pytest

from collabtrace.errors import ParseError
from collabtrace.protocols.sdp.feedback import Extension, Feedback


@pytest.mark.parametrize(
    ("text", "feedback"),
    [
        ("* ccm fir", Feedback("*", "ccm", "fir")),
        ("97 nack pli", Feedback("97", "nack", "pli")),
        ("97 nack", Feedback("97", "nack")),
        ("* ccm tmmbr smaxpr=120", Feedback("*", "ccm", "tmmbr smaxpr=120")),
    ],
)
def test_feedback(text: str, feedback: Feedback) -> None:
    assert Feedback.parse(text) == feedback
    assert str(feedback) == text


@pytest.mark.parametrize(
    ("text", "extension"),
    [
        ("1 urn:ietf:params:rtp-hdrext:toffset", Extension(1, "urn:ietf:params:rtp-hdrext:toffset")),
        ("3/sendonly urn:example:x some more", Extension(3, "urn:example:x", "sendonly", "some more")),
    ],
)
def test_extension(text: str, extension: Extension) -> None:
    assert Extension.parse(text) == extension
    assert str(extension) == text


@pytest.mark.parametrize("text", ["", "nack", "x nack", "*"])
def test_what_is_no_feedback(text: str) -> None:
    with pytest.raises(ParseError):
        Feedback.parse(text)


@pytest.mark.parametrize("text", ["", "1", "urn:example:x", "x urn:example:x"])
def test_what_is_no_extension(text: str) -> None:
    with pytest.raises(ParseError):
        Extension.parse(text)
