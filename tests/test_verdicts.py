"""What a rule can say."""

import pytest

from collabtrace.schema import Evidence
from collabtrace.verdicts import Confidence, Severity, Verdict, fault, rule, unknown

FRAME = Evidence("x.pcap", 3, "the INVITE")


def test_a_fault_without_a_frame_cannot_be_stated() -> None:
    with pytest.raises(ValueError, match="at least one frame"):
        fault("because I say so")
    assert unknown("the capture starts after the offer").evidence == ()


def test_a_fault_is_proved_unless_it_says_that_it_is_less() -> None:
    assert fault("a packet says so", FRAME).confidence is Confidence.PROVED
    assert fault("it did not come", FRAME, confidence=Confidence.POSSIBLE) == Verdict(
        "fault", "it did not come", (), Confidence.POSSIBLE, (FRAME,)
    )


def test_a_function_becomes_a_rule_by_being_marked() -> None:
    @rule(Severity.MINOR)
    def judges(subject: object) -> tuple[Verdict, ...]:
        return (unknown(f"{subject} was not looked at"),)

    assert judges.severity is Severity.MINOR
    assert [told.because for told in judges("x.pcap")] == ["x.pcap was not looked at"]
