"""Every RTP stream of every capture is what tshark says it is, or ``DIFFERENCES`` accounts for tshark's figures.

Compared with ``tshark -z rtp,streams`` are packets, loss, the longest time between packets and jitter. Where ours
differ because Wireshark reckons in another way than RFC 3550, tshark's figures must be exactly those that its way
gives: ``Wireshark`` is that way, packet by packet.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, NamedTuple

from collabtrace.schema import Stream
from collabtrace.sessions.case import Case, read_case
from collabtrace.sessions.formats import EVENT, Format, Formats
from collabtrace.sessions.media_packets import Columns
from collabtrace.sessions.streams import MIN_PACKETS

FIGURES = {"packets": 0.0, "lost": 0.0, "max_delta": 0.0015, "max_jitter": 0.1, "mean_jitter": 0.1}
"""What is compared, and how close it must be; tshark rounds milliseconds to three digits."""
ROUNDED = 0.0015
"""How close an explanation must come to tshark's figure, in milliseconds."""


class Wireshark:
    """RTP statistics as Wireshark 4.0 reckons them (ui/tap-rtp-analysis.c)."""

    def __init__(self, packets: Columns, types: dict[int, Format]) -> None:
        self.types = types
        self.begin = int(packets.sequence[0])
        self.origin = int(packets.timestamp[0])
        self.arrived = packets.time[0] / 1e6
        self.kind = int(packets.mark[0]) & 127
        self.nominal = self.jitter = self.max_delta = self.max_jitter = self.mean_jitter = 0.0
        self.packets, self.cycles, self.under, self.end = 1, 0, False, self.begin
        self.out_of_time = False
        rows = zip(packets.time / 1e6, packets.sequence, packets.timestamp, packets.mark, strict=True)
        for time, sequence, timestamp, mark in list(rows)[1:]:
            self._add(float(time), int(sequence), int(timestamp), int(mark))
        self.lost = self.end + 65536 * self.cycles - self.begin + 1 - self.packets

    def _add(self, time: float, sequence: int, timestamp: int, mark: int) -> None:
        in_time = (timestamp - self.origin) % 2**32 < 2**31
        self.out_of_time |= not in_time
        if in_time:
            self._count_cycles(sequence)
        silent = 13 in (self.kind, mark & 127)
        self.kind = mark & 127
        meant = self.types.get(self.kind)
        clock = meant.clock_rate // 1000 if meant and meant.clock_rate and meant.name != EVENT else 0
        if in_time and clock:
            nominal = (timestamp - self.origin) % 2**32 / clock
            self.jitter += (abs(time - self.arrived - (nominal - self.nominal)) - self.jitter) / 16
            self.nominal = nominal
        if in_time and mark < 128 and not silent:
            self.max_delta = max(self.max_delta, time - self.arrived)
            if clock:
                self.max_jitter = max(self.max_jitter, self.jitter)
                self.mean_jitter += (self.jitter - self.mean_jitter) / self.packets
        if in_time:
            self.arrived = time
        self.end = sequence
        self.packets += 1

    def _count_cycles(self, sequence: int) -> None:
        if not self.under and (sequence < self.begin or (sequence == 0 and self.end == 65535)):
            self.cycles, self.under = self.cycles + 1, True
        elif sequence > self.begin:
            self.under = False


class Row(NamedTuple):
    """One stream of tshark's, and ours with the same addresses, ports and SSRC."""

    capture: str
    truth: dict[str, Any]
    ours: list[Stream]
    wireshark: Wireshark | None
    """None where we have no stream."""
    transport: str
    second_copies: int
    """Packets that look like RTP and were captured twice, in the whole capture."""

    def differing(self) -> set[str]:
        """The figures in which they differ."""
        if not self.ours:
            return {"stream"}
        values = {
            "packets": sum(stream.packets for stream in self.ours),
            "lost": sum(stream.lost for stream in self.ours),
            "max_delta": max(stream.max_delta_ms for stream in self.ours),
            # Without a clock there is no jitter, and tshark prints 0.
            "max_jitter": max(stream.max_jitter_ms or 0.0 for stream in self.ours),
            "mean_jitter": max(stream.mean_jitter_ms or 0.0 for stream in self.ours),
        }
        return {name for name, near in FIGURES.items() if abs(values[name] - self.truth[name]) > near}

    def as_wireshark_reckons(self, figure: str) -> bool:
        """Whether tshark's *figure* is what its own way gives."""
        return bool(abs(getattr(self.wireshark, figure) - self.truth[figure]) <= ROUNDED)

    def total(self, name: str) -> int:
        """The sum of a column over our streams."""
        return sum(getattr(stream, name) for stream in self.ours)

    def has_events(self) -> bool:
        """Whether there are telephone-events among the packets, or what no SDP names beside talk."""
        types = self.wireshark.types if self.wireshark else {}
        kinds = {kind for stream in self.ours for kind in stream.payload_types}
        return any(kind not in types or types[kind].name == EVENT for kind in kinds)


class Difference(NamedTuple):
    """Why some figures of a stream differ."""

    figures: set[str]
    explains: Callable[[Row], bool]


JITTER = {"max_jitter", "mean_jitter"}
DIFFERENCES = {
    "The second copy of a packet that a SPAN port mirrored twice is no packet to us": Difference(
        {"packets", "lost", "max_delta"},
        lambda row: (
            0 < row.truth["packets"] - row.total("packets") <= row.second_copies
            and row.truth["packets"] + row.truth["lost"] == row.total("expected")
            and row.truth["max_delta"] <= max(stream.max_delta_ms for stream in row.ours)
        ),
    ),
    "Wireshark takes the first and the last number and counts every packet, those repeated and late as well: "
    "a stream that was captured twice has lost less than nothing": Difference(
        {"lost"},
        lambda row: row.total("repeated") + row.total("reordered") > 0 and row.as_wireshark_reckons("lost"),
    ),
    "After telephone-events Wireshark measures from the arrival of the last event and from the timestamp of the talk "
    "before the first, so that the digit's length looks like jitter": Difference(
        JITTER, lambda row: row.has_events() and all(map(row.as_wireshark_reckons, JITTER))
    ),
    "Wireshark leaves out every packet whose timestamp lies before that of the first, which are all for a while after "
    "a sender has set its timestamps back": Difference(
        {"max_delta", *JITTER},
        lambda row: (
            bool(row.wireshark and row.wireshark.out_of_time)
            and all(map(row.as_wireshark_reckons, ("max_delta", *JITTER)))
        ),
    ),
    "Too few packets to be sure that it is RTP, and neither SIP names them nor a stream shares their ports": Difference(
        {"stream"}, lambda row: row.transport == "udp" and row.truth["packets"] < MIN_PACKETS
    ),
    "RTP within TCP (interleaved in RTSP, RFC 2326 §10.12, or relayed by TURN) is no media of a SIP call": Difference(
        {"stream"}, lambda row: row.transport == "tcp"
    ),
    "From the re-INVITE for T.38 on Wireshark takes for T.38 what is still RTP, and its figures end there": Difference(
        set(FIGURES),
        lambda row: row.capture == "sip_t38_fax_megaco_full.pcap" and row.truth["packets"] < row.total("packets"),
    ),
    "Where no SDP names a stream Wireshark leaves out SRTP packets with padding, as the encrypted count of it does not "
    "fit": Difference(
        {"packets", "lost"},
        lambda row: row.capture == "webrtc_signal_call.pcapng" and row.total("packets") == row.truth["packets"] + 1,
    ),
}
"""By reason: the figures that may differ, and whether they do for it in one stream."""


def rows(case: Case, truth: Any) -> list[Row]:
    ours: dict[tuple[Any, ...], list[Stream]] = defaultdict(list)
    for stream in case.streams:
        ours[stream.source, stream.source_port, stream.target, stream.target_port, stream.ssrc].append(stream)
    ends = zip(*(case.flows.values(name) for name in ("source", "source_port", "target", "target_port")), strict=True)
    transports = dict(zip(ends, case.flows.values("transport"), strict=True))
    found = []
    for entry in truth.rtp:
        name = (entry["src"], entry["sport"], entry["dst"], entry["dport"])
        streams = ours.pop((*name, entry["ssrc"]), [])
        wireshark = reckon(case, streams[0]) if streams else None
        copies = case.traffic[0].media.second_copies
        found.append(Row(truth.name, entry, streams, wireshark, transports[name], copies))
    assert not ours, "streams that tshark does not know"
    return found


def reckon(case: Case, stream: Stream) -> Wireshark:
    """The packets of *stream* in Wireshark's way."""
    traffic = case.traffic[0]
    ends = (stream.source, stream.source_port, stream.target, stream.target_port)
    source = traffic.media.sources.find(traffic.numbers, ends, int(stream.ssrc, 16))
    types = Formats(case.media).types(stream.media_row, stream.payload_types)
    return Wireshark(traffic.media.take(source, source + 1), types)


def test_every_stream_is_as_tshark_says(truth: Any) -> None:
    with read_case([truth.path]) as case:
        found = rows(case, truth)
    unexplained = []
    for row in found:
        differing = row.differing()
        for difference in DIFFERENCES.values():
            if differing & difference.figures and difference.explains(row):
                differing -= difference.figures
        if differing:
            unexplained.append((sorted(differing), row.truth, row.ours))
    assert unexplained == []


def test_what_wireshark_reckons_is_what_tshark_prints(truth: Any) -> None:
    """The explanations stand on ``Wireshark``: it must agree with tshark wherever tshark took the same packets."""
    with read_case([truth.path]) as case:
        same = [row for row in rows(case, truth) if row.ours and row.total("packets") == row.truth["packets"]]
    assert [(row.truth, figure) for row in same for figure in FIGURES if not row.as_wireshark_reckons(figure)] == []
