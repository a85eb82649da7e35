"""RTP streams: loss, jitter and gaps of each, and the m-line and call that negotiated it (RFC 3550).

Packets are measured a few sources at a time, each column at once. A source that SDP names is a stream from its first
packet on. Any other must show itself to be one, by payload types that RFC 3551 allows and sequence numbers that
rise; or it shares its addresses and ports with a stream.
"""

from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from collabtrace.capture.packets import Flows
from collabtrace.capture.timestamps import in_seconds
from collabtrace.columns import MISSING, Table
from collabtrace.protocols.rtp import MARKER_BIT, PAYLOAD_TYPE_MASK
from collabtrace.schema import Dialog, MediaLine, Stream
from collabtrace.sessions.formats import Format, Formats
from collabtrace.sessions.media_packets import Columns, MediaPackets
from collabtrace.sessions.negotiated import Endpoint, Negotiated, negotiated
from collabtrace.sessions.packet_types import TYPES, clocks, codec, types_used
from collabtrace.sessions.sequences import sequences
from collabtrace.sessions.sources import Sources
from collabtrace.sessions.timing import timing

GROUP = 1 << 17
"""Packets that are measured at once: many for numpy, few for memory."""
SOURCES = 1 << 11
"""Sources that are measured at once."""
NANO = 1e9
"""Nanoseconds in a second."""
MIN_PACKETS = 8
"""Packets that a source must have to be a stream though no SDP names it."""
MIN_NEAR = 0.75
"""Share of them whose number must be near that of the one before."""
MIN_DISTINCT = 0.25
"""Share of them that must have a number of their own: a counter, not a constant."""
USUAL_TYPES = frozenset([*range(35), *range(96, TYPES)])
"""Payload types that RFC 3551 §6 assigns, by name or to whoever negotiates them."""

Measures: TypeAlias = dict[str, NDArray[Any]]
"""Columns with one value a source, or a source's part in one call."""
Piece: TypeAlias = tuple[int, int]
"""A source's part in one call: the number of the source and its first frame."""
Ends: TypeAlias = tuple[Endpoint, Endpoint]
"""Address and port from and to which a source sends."""


def build(
    file: str,
    packets: MediaPackets,
    flows: Flows,
    media: Table[MediaLine],
    dialogs: Table[Dialog] | None = None,
) -> Table[Stream]:
    """The streams of one file in the order in which they began; *dialogs* tell when calls ended."""
    if not len(packets.sources):
        return Table.empty(Stream)
    lines = negotiated(media, file, protocol="RTP", dialogs=dialogs)
    markings = packets.markings.usual(packets.counts())
    meaning = Meaning(packets.sources, markings, flows, lines, Formats(media))
    parts, doubtful = _certain(packets, meaning)
    parts += _beside(packets, meaning, parts, doubtful)
    if not parts:
        return Table.empty(Stream)
    measured = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    order = np.argsort(measured["first_frame"], kind="stable")
    return _table(file, {name: column[order] for name, column in measured.items()}, meaning, media)


@dataclass(frozen=True, slots=True)
class Meaning:
    """Where a source belongs and what its payload types mean."""

    sources: Sources
    markings: NDArray[np.int64]
    """DSCP of each source."""
    flows: Flows
    lines: Negotiated
    formats: Formats

    def ends(self, source: int) -> Ends:
        """Address and port from and to which *source* sends."""
        flow, flows = self.sources.flow[source], self.flows
        return (flows.source[flow], flows.source_port[flow]), (flows.target[flow], flows.target_port[flow])

    def line(self, ends: Ends, payload_type: int, span: tuple[float, float]) -> int | None:
        """The m-line that names what began with *payload_type* and went between *ends* in *span* (seconds)."""
        return self.lines.find(*ends, span, lambda row: payload_type in self.formats.of(row))


def _calls_apart(packets: Columns, meaning: Meaning) -> Columns:
    """The *packets* with a source in several pieces where several calls used its SSRC on the same ports."""
    spans = zip(*_spans(packets), strict=True)
    cuts: list[NDArray[np.int64]] = []
    for number, (source, span) in enumerate(zip(packets.sources.tolist(), spans, strict=True)):
        times = meaning.lines.takeovers(*meaning.ends(source), span)
        if times:
            begin, end = packets.bounds[number : number + 2].tolist()
            cuts.append(begin + np.searchsorted(packets.time[begin:end], np.array(times) * NANO))
    return packets.cut(np.concatenate(cuts)) if cuts else packets


def _spans(packets: Columns) -> tuple[list[float], list[float]]:
    """First and last time of each source, in seconds."""
    first, last = packets.bounds[:-1], packets.bounds[1:] - 1
    return in_seconds(packets.time[first]).tolist(), in_seconds(packets.time[last]).tolist()


def _measure(packets: Columns, meaning: Meaning) -> Measures:
    """Everything about the sources of *packets* that only their packets tell, one value a source and call."""
    packets = _calls_apart(packets, meaning)
    first, last = _spans(packets)
    kinds = packets.mark & np.uint8(PAYLOAD_TYPE_MASK)
    used = types_used(kinds, packets.bounds)
    ends = [meaning.ends(source) for source in packets.sources.tolist()]
    whole = zip(ends, used, zip(first, last, strict=True), strict=True)
    lines = [meaning.line(pair, types[0], span) for pair, types, span in whole]
    formats = [meaning.formats.types(line, types) for line, types in zip(lines, used, strict=True)]
    ticks, silence = clocks(formats, kinds, packets.counts())
    times = timing(packets, ticks, silence)
    return {
        "source": packets.sources,
        "ends": _objects(ends),
        "row": np.array([MISSING if line is None else line for line in lines], dtype=np.int64),
        "types": _objects([tuple(types) for types in used]),
        "codec": _objects([codec(types, known) for types, known in zip(used, formats, strict=True)]),
        "first": np.array(first),
        "last": np.array(last),
        **_counts(packets),
        **{name: getattr(times, name) for name in TIME_COLUMNS},
    }


def _counts(packets: Columns) -> Measures:
    """What is counted, one value a source."""
    begins, ends = packets.bounds[:-1], packets.bounds[1:] - 1
    order = sequences(packets.sequence, packets.timestamp, packets.bounds)
    after_gap = packets.frame[order.longest_gap_at].astype(np.int64)
    return {
        "packets": packets.counts(),
        "bytes": np.add.reduceat(packets.length, begins, dtype=np.int64),
        "marked": np.add.reduceat(packets.mark >= MARKER_BIT, begins, dtype=np.int64),
        "first_frame": packets.frame[begins].astype(np.int64),
        "last_frame": packets.frame[ends].astype(np.int64),
        "gap_frame": np.where(order.longest_gap_at < 0, MISSING, after_gap),
        **{name: getattr(order, name) for name in ORDER_COLUMNS},
    }


ORDER_COLUMNS = ("expected", "lost", "repeated", "reordered", "gaps", "longest_gap", "near")
TIME_COLUMNS = ("max_delta", "mean_delta", "max_jitter", "mean_jitter")


def _objects(values: list[Any]) -> NDArray[np.object_]:
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


def _certain(packets: MediaPackets, meaning: Meaning) -> tuple[list[Measures], list[Piece]]:
    """The sources that SDP names or that show themselves to be streams; and those that may yet be."""
    parts: list[Measures] = []
    doubtful: list[Piece] = []
    for group in packets.groups(GROUP, SOURCES):
        part = _measure(group, meaning)
        usual = np.array([USUAL_TYPES.issuperset(types) for types in part["types"].tolist()])
        count, distinct = part["packets"], part["packets"] - part["repeated"]
        counting = part["near"] >= MIN_NEAR * (count - 1)
        shown = usual & counting & (distinct >= np.maximum(MIN_DISTINCT * count, MIN_PACKETS))
        chosen = shown | (part["row"] != MISSING)
        if chosen.any():
            parts.append(_only(part, chosen))
        doubtful += _pieces(_only(part, usual & ~chosen))
    return parts, doubtful


def _beside(packets: MediaPackets, meaning: Meaning, parts: list[Measures], doubtful: list[Piece]) -> list[Measures]:
    """The *doubtful* sources that share their addresses and ports, in either direction, with the streams of *parts*."""
    carried: set[Ends] = {ends for part in parts for ends in part["ends"].tolist()}
    pairs = ((piece, meaning.ends(piece[0])) for piece in doubtful) if carried else ()
    found = {piece for piece, ends in pairs if ends in carried or ends[::-1] in carried}
    sources = {source for source, _ in found}
    groups = (group.of(sources) for group in packets.groups(GROUP, SOURCES)) if found else ()
    measured = (_measure(group, meaning) for group in groups if len(group))
    return [_only(part, np.array([piece in found for piece in _pieces(part)])) for part in measured]


def _pieces(part: Measures) -> list[Piece]:
    return list(zip(part["source"].tolist(), part["first_frame"].tolist(), strict=True))


def _only(part: Measures, chosen: NDArray[np.bool_]) -> Measures:
    return {name: column[chosen] for name, column in part.items()}


def _table(file: str, measured: Measures, meaning: Meaning, media: Table[MediaLine]) -> Table[Stream]:
    sources: list[int] = measured["source"].tolist()
    ends: list[Ends] = measured["ends"].tolist()
    codecs: list[Format | None] = measured["codec"].tolist()
    rows = [None if row == MISSING else row for row in measured["row"].tolist()]
    ssrcs = [f"0x{meaning.sources.ssrc[source]:08x}" for source in sources]
    lines = {name: media.values(name) for name in ("kind", "content", "call_id")}
    return Table(
        Stream,
        {
            "file": [file] * len(sources),
            "source": [source[0] for source, _ in ends],
            "source_port": [source[1] for source, _ in ends],
            "target": [target[0] for _, target in ends],
            "target_port": [target[1] for _, target in ends],
            "ssrc": ssrcs,
            "payload_types": measured["types"].tolist(),
            "codec": [codec and codec.encoding for codec in codecs],
            "clock_rate": [codec and codec.clock_rate for codec in codecs],
            "clock_source": [codec and codec.clock_rate and codec.told_by for codec in codecs],
            "ttl": [meaning.sources.ttl[source] for source in sources],
            "dscp": meaning.markings[measured["source"]],
            **{name: [None if row is None else line[row] for row in rows] for name, line in lines.items()},
            "media_row": measured["row"],
            "follows": _follows([meaning.sources.flow[source] for source in sources], measured, ssrcs),
            "longest_gap_frame": measured["gap_frame"],
            **{f"{name}_ms": measured[name] for name in TIME_COLUMNS},
            **{name: measured[name] for name in PLAIN_COLUMNS},
        },
    )


PLAIN_COLUMNS = (*ORDER_COLUMNS[:-1], "packets", "bytes", "marked", "first", "last", "first_frame", "last_frame")


def _follows(flows: list[int], measured: Measures, ssrcs: list[str]) -> list[str | None]:
    """The SSRC that ended last in the same flow before each stream began; streams at the same time follow nothing."""
    by_flow: dict[int, tuple[list[tuple[float, str]], list[str]]] = {}
    found: list[str | None] = []
    spans = zip(measured["first"].tolist(), measured["last"].tolist(), strict=True)
    for flow, (first, last), ssrc in zip(flows, spans, ssrcs, strict=True):
        # The streams that go on, as a heap by their end; and the two SSRCs that ended last.
        running, ended = by_flow.setdefault(flow, ([], []))
        while running and running[0][0] <= first:
            _, over = heappop(running)
            ended[:] = [over, *(each for each in ended if each != over)][:2]
        found.append(next((each for each in ended if each != ssrc), None))
        heappush(running, (last, ssrc))
    return found
