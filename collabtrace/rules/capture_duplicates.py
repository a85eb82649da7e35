"""The capture holds many packets twice.

## What it finds
A share of the packets that are second copies of an earlier one. The usual sources: a SPAN or mirror port
that copies both the ingress and the egress of a switch, or two VLANs of the same path; a capture on both
sides of a router or bridge, or with the interface `any` of a host that forwards; multicast that a WLAN access
point or a virtual switch sends out again.

## Why it matters
A second copy looks like a retransmission, like a duplicated RTP packet, or like a loop. The tables of
this program leave second copies out of the counts; Wireshark's own statistics count them.

## How it decides
Two packets are copies when everything from the IP header on is equal, except what a router changes
(TTL, header checksum), and they are a few milliseconds apart. More than one packet in a hundred is
reported; fewer happen by chance on any network. The MAC addresses are not compared, so it cannot tell
a mirrored packet from a forwarded one; step 1 does.

## When it is wrong
A network that really duplicates packets looks the same from one capture point. Two captures, one at
each end, tell the two apart.

## What to do next
1. Compare the Ethernet header and the TTL of a copy with those of its first. All equal: it was mirrored twice.
   Another VLAN: it was captured in two VLANs. Another source MAC: somebody sent it on – a router where the TTL is
   lower, a bridge or an access point where the TTL is the same.
2. Mirrored twice: configure the monitor session for one direction only
   (`monitor session 1 source interface … rx`), and for one VLAN. Sent on: capture on one side only, or keep both in
   mind.
3. Before you look at retransmission statistics in Wireshark, remove mirrored copies with `editcap -d`. It compares
   whole frames and keeps those that were sent on: leave these out with a display filter on their source MAC.

## References
- Cisco Catalyst switches, Configuring SPAN and RSPAN: duplicates with `both` on two ports of one path
- Wireshark, editcap(1), option -d
"""

from collections.abc import Iterator

from collabtrace.schema import Capture, Evidence
from collabtrace.verdicts import Severity, Verdict, clear, fault, rule

TELLING_SHARE = 0.01
"""Share of the packets above which copies are no accident."""


@rule(Severity.INFO)
def capture_duplicates(capture: Capture) -> Iterator[Verdict]:
    """Judge one capture file."""
    if not capture.packets:
        return
    share = capture.duplicates / capture.packets
    if share <= TELLING_SHARE:
        yield clear(f"{capture.duplicates} of {capture.packets} packets are second copies")
    else:
        yield fault(
            f"{capture.duplicates} of {capture.packets} packets ({share:.0%}) are second copies of an earlier one",
            *(
                Evidence(capture.file, frame, "the second copy of an earlier packet")
                for frame in capture.duplicate_frames
            ),
        )
