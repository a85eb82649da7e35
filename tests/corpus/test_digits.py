"""The keys in the RTP of the corpus are those that tshark finds, with its heuristics for RTP that no SDP names."""

from collections import defaultdict
from typing import Any

import pytest

from collabtrace.capture import dissect
from collabtrace.protocols.telephone_event import name
from collabtrace.sessions.case import read_case

FIELDS = ("frame.number", "rtp.ssrc", "rtp.timestamp", "rtp.p_type", "rtpevent.event_id", "rtpevent.end_of_event")
HEURISTIC = ("--enable-heuristic", "rtp_udp")
Press = tuple[int, int, str | None, int | None, bool]
"""First and last frame, key, payload type, and whether it ended."""


def told_by_tshark(truth: Any) -> list[Press]:
    """Reports of the same source, timestamp and event are one press; what is no key is left out."""
    reports: defaultdict[tuple[str, ...], list[tuple[int, bool]]] = defaultdict(list)
    for frame, *event, ended in dissect.fields(truth.path, "rtpevent", FIELDS, options=HEURISTIC):
        reports[tuple(event)].append((int(frame), ended not in ("0", "False")))
    presses = [
        (seen[0][0], seen[-1][0], name(int(event)), int(payload_type), any(ended for _, ended in seen))
        for (_, _, payload_type, event), seen in reports.items()
    ]
    return sorted(press for press in presses if press[2] is not None)


@pytest.mark.skipif(dissect.find("tshark") is None, reason="tshark is not installed")
def test_the_keys_that_tshark_finds(truth: Any) -> None:
    with read_case([truth.path]) as case:
        ours = [
            (each.frame, each.last_frame, each.digit, each.payload_type, each.ended)
            for each in case.digits
            if each.method == "rtp-event"
        ]
        assert [each.flaws for each in case.digits if each.flaws] == []
    assert sorted(ours) == told_by_tshark(truth)
