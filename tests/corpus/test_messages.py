"""Every SIP message of every capture is what tshark says it is."""

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


def seen_by_tshark(entry: dict[str, Any]) -> Seen:
    return Seen(
        entry["frame"],
        *(entry["src"], entry["sport"], entry["dst"], entry["dport"]),
        "ws" if entry["transport"] == "websocket" else entry["transport"],
        *(entry["method"], entry["status"], entry["call_id"], entry["cseq"], entry["cseq_method"]),
    )


def test_every_message_is_as_tshark_says(truth: Any) -> None:
    with read_case([truth.path]) as case:
        messages = case.messages
    columns = [messages.values(name) for name in Seen._fields]
    # What an ICMP error quotes is no message of a dialog.
    theirs = [entry for entry in truth.sip if not entry["quoted_in"]]

    assert [Seen(*row) for row in zip(*columns, strict=True)] == list(map(seen_by_tshark, theirs))
    times = [float(entry["time_epoch"]) for entry in theirs]
    assert messages.values("time_epoch") == pytest.approx(times, rel=0, abs=1e-6)


def test_every_packet_is_counted(truth: Any) -> None:
    with read_case([truth.path]) as case:
        assert case.captures[0].packets == truth.packets
