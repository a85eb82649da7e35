"""capture-drops believes only what the file says of itself."""

from dataclasses import replace

from collabtrace.rules.capture_drops import capture_drops
from collabtrace.schema import Capture


def test_drops_that_the_interface_counted_are_a_fault_at_the_last_frame(healthy: Capture) -> None:
    (verdict,) = capture_drops(replace(healthy, dropped=12))
    assert verdict.verdict == "fault"
    assert "12 packets" in verdict.because
    assert [proof.frame for proof in verdict.evidence] == [1000]


def test_statistics_without_drops_are_clear(healthy: Capture) -> None:
    (verdict,) = capture_drops(healthy)
    assert verdict.verdict == "clear"


def test_a_file_without_statistics_cannot_tell(healthy: Capture) -> None:
    (verdict,) = capture_drops(replace(healthy, format="pcap", dropped=None))
    assert verdict.verdict == "unknown"


def test_an_empty_capture_is_not_judged(healthy: Capture) -> None:
    assert list(capture_drops(replace(healthy, packets=0))) == []
