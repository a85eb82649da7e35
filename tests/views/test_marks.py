"""Findings mark the frames that prove them."""

from collabtrace.schema import Evidence, Finding
from collabtrace.views.marks import of_findings


def finding(*evidence: Evidence) -> Finding:
    return Finding("sip-no-reply", "critical", "likely", "No answer", "…", ("call-1",), evidence, None, (), ())


def test_every_proof_marks_its_frame() -> None:
    found = finding(Evidence("a.pcap", 3, "the INVITE"), Evidence("b.pcap", 3, "the same INVITE"))
    assert of_findings([found]) == {("a.pcap", 3): "the INVITE", ("b.pcap", 3): "the same INVITE"}


def test_a_frame_that_proves_several_says_all_of_it_once() -> None:
    one, other = finding(Evidence("a.pcap", 3, "the INVITE")), finding(Evidence("a.pcap", 3, "no SDP"))
    assert of_findings([one, other, one]) == {("a.pcap", 3): "the INVITE; no SDP"}
