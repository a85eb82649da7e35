"""Every SIP message of every capture is what tshark says it is, or stands in the table of differences."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from collabtrace.sessions.case import read_case


class Seen(NamedTuple):
    frame: int
    source: str
    source_port: int
    target: str
    target_port: int
    transport: str
    method: str | None
    status: int | None
    call_id: str | None
    cseq: int | None
    cseq_method: str | None


DIFFERENCES: dict[tuple[str, int], tuple[dict[str, Any] | None, str]] = {}
"""Capture and frame: how our message differs from tshark's, or None where it is no message of ours; and why."""


def expected(truth: Any) -> Iterator[tuple[Seen, float]]:
    """What tshark says, without the messages that are only quoted in ICMP errors, and with the differences applied."""
    for entry in truth.sip:
        if entry["quoted_in"]:
            continue
        seen = Seen(
            entry["frame"],
            *(entry["src"], entry["sport"], entry["dst"], entry["dport"]),
            "ws" if entry["transport"] == "websocket" else entry["transport"],
            *(entry["method"], entry["status"], entry["call_id"], entry["cseq"], entry["cseq_method"]),
        )
        change, _ = DIFFERENCES.get((truth.name, seen.frame), ({}, ""))
        if change is not None:
            yield seen._replace(**change), float(entry["time_epoch"])


def test_every_message_is_as_tshark_says(truth: Any) -> None:
    with read_case([truth.path]) as case:
        messages = case.messages
    columns = [messages.values(name) for name in Seen._fields]
    ours = [Seen(*row) for row in zip(*columns, strict=True)]
    theirs = list(expected(truth))

    assert ours == [seen for seen, _ in theirs]
    assert messages.values("time_epoch") == pytest.approx([time for _, time in theirs], rel=0, abs=1e-6)
