"""RTCP reports as rows."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabtrace.columns import Table
from collabtrace.protocols import rtcp
from collabtrace.protocols.rtcp import (
    Description,
    ExtendedBlock,
    ExtendedReport,
    Feedback,
    Goodbye,
    ReportBlock,
    SenderInfo,
    SourceDescription,
    VoipMetrics,
)
from collabtrace.schema import MediaLine, Report
from collabtrace.sessions import reports

OUT, BACK = "192.0.2.1:4001 192.0.2.2:5001", "192.0.2.2:5001 192.0.2.1:4001"
SENDER = SenderInfo(ntp=0xE1000000_80000000, rtp_timestamp=1600, packets=10, octets=1600)
BLOCK = ReportBlock(7, 64, 3, 110, 20, last_report=SENDER.middle, delay=65536)


class Item(NamedTuple):
    frame: int
    time: int
    flow: int
    data: bytes


@pytest.fixture(scope="session")
def build(seen: Callable[..., Any]) -> Callable[..., list[Report]]:
    def build(payloads: list[tuple[float, str, bytes]], *lines: MediaLine) -> list[Report]:
        _, flows = seen([(0.0, OUT, b""), (0.0, BACK, b"")])
        items = [
            Item(frame, round(time * 1e9), [OUT, BACK].index(path), data)
            for frame, (time, path, data) in enumerate(payloads, 1)
        ]
        return list(reports.build("x.pcap", items, flows, Table.of(MediaLine, lines)))

    return build


Build = Callable[..., list[Report]]


def test_a_sender_report_and_the_answer_to_it(build: Build, audio: MediaLine) -> None:
    sent = bytes(rtcp.Report(7, sender=SENDER)) + bytes(SourceDescription((Description(7, ((rtcp.CNAME, b"alice"),)),)))
    report, description, answer = build([(12.0, OUT, sent), (13.05, BACK, bytes(rtcp.Report(8, (BLOCK,))))], audio)
    assert report == Report(
        file="x.pcap",
        frame=1,
        time_epoch=12.0,
        source="192.0.2.1",
        source_port=4001,
        target="192.0.2.2",
        target_port=5001,
        kind="sr",
        ssrc="0x00000007",
        about=None,
        fraction_lost=None,
        lost=None,
        jitter=None,
        packets_sent=10,
        round_trip_ms=None,
        text=None,
        call_id="call-1",
    )
    assert (description.kind, description.text) == ("sdes", "alice")
    assert (answer.kind, answer.ssrc, answer.about) == ("rr", "0x00000008", "0x00000007")
    assert (answer.fraction_lost, answer.lost, answer.jitter) == (0.25, 3, 20)
    # 1,050 ms after the sender report, of which the receiver waited 1,000.
    assert answer.round_trip_ms == pytest.approx(50.0)
    assert answer.call_id == "call-1"


def test_a_round_trip_needs_the_report_that_was_meant(build: Build) -> None:
    other = replace(SENDER, ntp=SENDER.ntp + (1 << 20))
    sent = bytes(rtcp.Report(7, sender=other))
    answer = bytes(rtcp.Report(8, (BLOCK,)))
    assert build([(12.0, OUT, sent), (13.05, BACK, answer)])[-1].round_trip_ms is None
    assert build([(12.0, OUT, bytes(rtcp.Report(7, sender=SENDER))), (12.5, BACK, answer)])[-1].round_trip_ms is None
    none = bytes(rtcp.Report(8, (replace(BLOCK, last_report=0),)))
    assert build([(12.0, OUT, sent), (13.05, BACK, none)])[-1].round_trip_ms is None


def test_reports_on_the_port_of_rtp_belong_to_its_call(build: Build, audio: MediaLine) -> None:
    muxed = replace(audio, offer_port=4001, answer_port=5001, offer_rtcp_port=None, answer_rtcp_port=None)
    assert build([(12.0, OUT, bytes(rtcp.Report(7)))], muxed)[0].call_id == "call-1"
    assert build([(12.0, OUT, bytes(rtcp.Report(7)))])[0].call_id is None


def test_the_end_of_a_stream(build: Build) -> None:
    found = build([(12.0, OUT, bytes(Goodbye((7, 8), b"so long\0"))), (12.0, OUT, bytes(Goodbye((9,))))])
    assert [(report.kind, report.ssrc[-1], report.text) for report in found] == [
        ("bye", "7", "so long"),
        ("bye", "8", "so long"),
        ("bye", "9", None),
    ]


def metrics(**changes: Any) -> bytes:
    plain = VoipMetrics(*[0] * len(VoipMetrics.__slots__))
    content = bytes(replace(plain, ssrc=7, r_factor=127, mos_listening=127, mos_conversational=127, **changes))
    blocks = (ExtendedBlock(4, 0, bytes(8)), ExtendedBlock(rtcp.VOIP_METRICS, 0, content))
    return bytes(ExtendedReport(8, blocks))


def test_voip_metrics(build: Build) -> None:
    (report,) = build([(12.0, OUT, metrics(loss_rate=64, round_trip_delay=80))])
    assert (report.kind, report.ssrc, report.about) == ("xr", "0x00000008", "0x00000007")
    assert (report.fraction_lost, report.round_trip_ms, report.text) == (0.25, 80.0, None)
    content = bytearray(metrics())
    content[-12:-8] = bytes([93, 127, 42, 41])
    assert build([(12.0, OUT, bytes(content))])[0].text == "R 93, MOS-LQ 4.2, MOS-CQ 4.1"


def test_of_srtcp_the_sender_is_told(build: Build) -> None:
    encrypted = bytes.fromhex("80c80006 00000007") + bytes(range(20)) + bytes.fromhex("80000001") + bytes(10)
    (report,) = build([(12.0, OUT, encrypted)])
    assert (report.kind, report.ssrc, report.packets_sent) == ("sr", "0x00000007", None)
    assert build([(12.0, OUT, bytes(Goodbye((7,)))[:6])]) == []
    assert build([(12.0, OUT, b"")]) == []


def test_feedback_is_no_report(build: Build) -> None:
    assert build([(12.0, OUT, bytes(Feedback(rtcp.PSFB, 1, 7, 8)))]) == []


@given(st.lists(st.binary(max_size=60).map(lambda data: b"\x81\xc8\x00\x0c" + data) | st.binary(max_size=40)))
def test_any_payloads(build: Build, payloads: list[bytes]) -> None:
    found = build([(float(at), OUT, data) for at, data in enumerate(payloads)])
    assert all(report.kind in {"sr", "rr", "sdes", "bye", "xr"} for report in found)
