"""capture-duplicates speaks of mirrored ports, not of a stray copy."""

from dataclasses import replace

from collabtrace.rules.capture_duplicates import capture_duplicates
from collabtrace.schema import Capture


def test_every_packet_twice_is_a_fault_that_names_the_first_copies(healthy: Capture) -> None:
    (verdict,) = capture_duplicates(replace(healthy, duplicates=500, duplicate_frames=(2, 4, 6)))
    assert verdict.verdict == "fault"
    assert "50%" in verdict.because
    assert [proof.frame for proof in verdict.evidence] == [2, 4, 6]


def test_one_in_a_hundred_is_still_clear(healthy: Capture) -> None:
    (verdict,) = capture_duplicates(replace(healthy, duplicates=10, duplicate_frames=(2,)))
    assert verdict.verdict == "clear"


def test_an_empty_capture_is_not_judged(healthy: Capture) -> None:
    assert list(capture_duplicates(replace(healthy, packets=0))) == []
