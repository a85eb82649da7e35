"""RTCP reports: what senders and receivers of media say of it (RFC 3550 §6.4, RFC 3611).

Each sender report is a row, each report block another, whichever report carried it; then source descriptions, ends
of streams and VoIP metrics. Of SRTCP only the sender can be read. The round trip is seen from the capture point:
from the sender report that passed it to the report block that came back, less the time that the receiver held it.
"""

import functools
from collections.abc import Iterator, Sequence
from typing import Any

from collabtrace.capture.packets import Flows
from collabtrace.columns import Table, kinds
from collabtrace.errors import ParseError
from collabtrace.protocols import rtcp
from collabtrace.schema import Dialog, MediaLine, Report
from collabtrace.sessions.floors import Item
from collabtrace.sessions.negotiated import Endpoint, Negotiated, negotiated

NANO = 10**9
"""Nanoseconds in a second."""
DELAY_UNITS = 65.536
"""DLSR units in a millisecond (RFC 3550 §6.4.1)."""
ENCRYPTED_KINDS = {rtcp.SR: "sr", rtcp.RR: "rr"}
"""What the first packet of SRTCP is (RFC 3711 §3.4)."""


def build(
    file: str,
    items: Sequence[Item],
    flows: Flows,
    media: Table[MediaLine],
    dialogs: Table[Dialog] | None = None,
) -> Table[Report]:
    """The reports in *items*, which are the RTCP payloads of one file; *dialogs* tell when calls ended."""
    if not items:
        return Table.empty(Report)
    columns: dict[str, list[Any]] = {name: [] for name in kinds(Report)}
    lines = _Lines(file, media, dialogs)
    trips = RoundTrips()
    for item in items:
        reports = list(_reports(item, flows, trips))
        if not reports:
            continue
        source = (flows.source[item.flow], flows.source_port[item.flow])
        target = (flows.target[item.flow], flows.target_port[item.flow])
        time = item.time / NANO
        shared = (file, item.frame, time, *source, *target, lines.call_id(source, target, time))
        for name, value in zip(SHARED, shared, strict=True):
            columns[name] += [value] * len(reports)
        for name in OWN:
            columns[name] += [report.get(name) for report in reports]
    return Table(Report, columns)


SHARED = ("file", "frame", "time_epoch", "source", "source_port", "target", "target_port", "call_id")
OWN = tuple(name for name in kinds(Report) if name not in SHARED)


class _Lines:
    """The calls that the endpoints of RTCP belong to."""

    def __init__(self, file: str, media: Table[MediaLine], dialogs: Table[Dialog] | None) -> None:
        self._of = functools.partial(negotiated, media, file, protocol="RTP", dialogs=dialogs)
        self._apart = self._of(ports=("offer_rtcp_port", "answer_rtcp_port"))
        self._call_ids: list[str] = media.values("call_id")

    @functools.cached_property
    def _together(self) -> Negotiated:
        return self._of()

    def call_id(self, source: Endpoint, target: Endpoint, time: float) -> str | None:
        """The Call-ID for what went from *source* to *target* at *time*, on a port of its own or on that of RTP."""
        row = self._apart.find(source, target, (time, time))
        if row is None:
            row = self._together.find(source, target, (time, time))
        return None if row is None else self._call_ids[row]


class RoundTrips:
    """The sender reports seen so far, for the report blocks that name them."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str, int, int], int] = {}
        """Time of each (ns), by the addresses that it went from and to, SSRC and the middle of its NTP time."""

    def sent(self, source: str, target: str, ssrc: int, middle: int, time: int) -> None:
        """Note a sender report."""
        self._seen[source, target, ssrc, middle] = time

    def back(self, source: str, target: str, block: rtcp.ReportBlock, time: int) -> float | None:
        """Milliseconds from the sender report that *block* names to *time*, without what the receiver waited."""
        sent = self._seen.get((target, source, block.ssrc, block.last_report)) if block.last_report else None
        if sent is None:
            return None
        trip = (time - sent) / 1e6 - block.delay / DELAY_UNITS
        return trip if trip >= 0 else None


def _reports(item: Item, flows: Flows, trips: RoundTrips) -> Iterator[dict[str, Any]]:
    """The rows of one payload, without what they share."""
    ends = (flows.source[item.flow], flows.target[item.flow])
    try:
        packets = rtcp.parse(item.data)
    except ParseError:
        yield from _head(item.data)
        return
    for packet in packets:
        if isinstance(packet, rtcp.Report):
            yield from _report(packet, ends, item.time, trips)
        elif isinstance(packet, rtcp.SourceDescription):
            yield from _descriptions(packet)
        elif isinstance(packet, rtcp.Goodbye):
            reason = None if packet.reason is None else _text(packet.reason)
            yield from ({"kind": "bye", "ssrc": name(ssrc), "text": reason} for ssrc in packet.ssrcs)
        elif isinstance(packet, rtcp.ExtendedReport):
            yield from _metrics(packet)


def _head(data: bytes) -> Iterator[dict[str, Any]]:
    """What SRTCP and a packet that the capture cut show: who reports."""
    try:
        kind, ssrc = rtcp.head(data)
    except ParseError:
        return
    if kind in ENCRYPTED_KINDS and ssrc is not None:
        yield {"kind": ENCRYPTED_KINDS[kind], "ssrc": name(ssrc)}


def _report(packet: rtcp.Report, ends: tuple[str, str], time: int, trips: RoundTrips) -> Iterator[dict[str, Any]]:
    ssrc = name(packet.ssrc)
    if packet.sender is not None:
        trips.sent(*ends, packet.ssrc, packet.sender.middle, time)
        yield {"kind": "sr", "ssrc": ssrc, "packets_sent": packet.sender.packets}
    elif not packet.blocks:
        yield {"kind": "rr", "ssrc": ssrc}
    for block in packet.blocks:
        yield {
            "kind": "rr",
            "ssrc": ssrc,
            "about": name(block.ssrc),
            "fraction_lost": block.fraction_lost / 256,
            "lost": block.lost,
            "jitter": block.jitter,
            "round_trip_ms": trips.back(*ends, block, time),
        }


def _descriptions(packet: rtcp.SourceDescription) -> Iterator[dict[str, Any]]:
    for source in packet.sources:
        names = [_text(text) for kind, text in source.items if kind == rtcp.CNAME]
        yield {"kind": "sdes", "ssrc": name(source.ssrc), "text": names[0] if names else None}


def _text(data: bytes) -> str:
    """A text without the NUL that some senders count in its length (RFC 3550 §6.5: it is not null-terminated)."""
    return data.decode("utf-8", "replace").rstrip("\0")


def _metrics(packet: rtcp.ExtendedReport) -> Iterator[dict[str, Any]]:
    for block in packet.blocks:
        if block.type != rtcp.VOIP_METRICS or len(block.content) != rtcp.VOIP.size:
            continue
        metrics = rtcp.VoipMetrics.parse(block.content)
        yield {
            "kind": "xr",
            "ssrc": name(packet.ssrc),
            "about": name(metrics.ssrc),
            "fraction_lost": metrics.loss_rate / 256,
            "round_trip_ms": float(metrics.round_trip_delay) or None,
            "text": _quality(metrics),
        }


def _quality(metrics: rtcp.VoipMetrics) -> str | None:
    """The scores that are available: ``R 93, MOS-LQ 4.2, MOS-CQ 4.1``."""
    tenths = {"MOS-LQ": metrics.mos_listening, "MOS-CQ": metrics.mos_conversational}
    scores = [f"R {metrics.r_factor}"] if metrics.r_factor != rtcp.UNAVAILABLE else []
    scores += [f"{label} {score / 10:.1f}" for label, score in tenths.items() if score != rtcp.UNAVAILABLE]
    return ", ".join(scores) or None


def name(ssrc: int) -> str:
    """An SSRC as text, ``0x1234abcd``."""
    return f"0x{ssrc:08x}"
