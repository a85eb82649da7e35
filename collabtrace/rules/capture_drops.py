"""The capture itself has holes.

## What it finds
A capture whose own statistics say that packets were dropped between the network and the file.

## Why it matters
What is missing from the file was not necessarily missing on the network: losses, unanswered requests
and one-way media may be holes of the capture. Every verdict that rests on an absence weakens.

## How it decides
pcapng files end with interface statistics: packets received, and packets dropped by the interface
(ifdrop) or the operating system (osdrop). A classic pcap file has no such statistics, and then this
rule cannot tell.

## When it is wrong
Some programs write the statistics of the interface since it was started, not since the capture was.

## What to do next
1. Capture again with a capture filter that leaves the bulk out, or with a snap length that keeps the signalling whole.
2. Capture with dumpcap rather than the graphical program, onto a fast disk, with a larger buffer (`-B 64`).

## References
- IETF draft-ietf-opsawg-pcapng, Interface Statistics Block
- Wireshark, dumpcap(1), option -B
"""

from collections.abc import Iterator

from collabtrace.schema import Capture, Evidence
from collabtrace.verdicts import Severity, Verdict, clear, fault, rule, unknown


@rule(Severity.INFO)
def capture_drops(capture: Capture) -> Iterator[Verdict]:
    """Judge one capture file."""
    if not capture.packets:
        return
    if capture.dropped is None:
        yield unknown("the file does not say how many packets the capture dropped")
    elif not capture.dropped:
        yield clear("the interface statistics say that no packet was dropped")
    else:
        yield fault(
            f"the interface statistics say that {capture.dropped} packets never reached the file",
            Evidence(capture.file, capture.packets, "the last packet; the interface statistics follow it"),
        )
