"""RTP streams: what was received of each, and its loss and jitter over time (RFC 3550)."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from collabtrace.reports.anchors import Anchors
from collabtrace.reports.format import endpoint, milliseconds, number, percent, span
from collabtrace.reports.parts import Keyed, Row, empty, table
from collabtrace.reports.section import Section
from collabtrace.schema import Stream
from collabtrace.views import timeline
from collabtrace.views.absence import NO_STREAM
from collabtrace.views.markup import element, join
from collabtrace.views.wording import counted, sentence

HEADINGS = ("SSRC", "From", "To", "Kind", "Codec", "Packets", "Lost", "Max jitter", "Mean jitter", "Max delta", "Gaps",
            "Reordered", "Repeated", "Duration", "DSCP", "Frames")  # fmt: skip
NUMBERS = (
    "Packets",
    "Lost",
    "Max jitter",
    "Mean jitter",
    "Max delta",
    "Reordered",
    "Repeated",
    "Duration",
    "DSCP",
    "Frames",
)

FEWEST_PACKETS = 10
"""Of a stream that has a chart."""

MOST_CHARTS = 40
"""In one section."""


@dataclass(frozen=True)
class Streams(Section):
    """Some streams of a case."""

    anchors: Anchors
    rows: Sequence[int]
    title: str = "Streams (RTP)"
    none: str = f"{sentence(NO_STREAM)}."
    """What is said where there are no streams."""

    def html(self) -> Markup:
        """A table with a row for each stream, and a chart of each."""
        if not self.rows:
            return empty(self.none)
        streams = self.anchors.contents.streams
        listed = [(row, streams[row]) for row in self.rows]
        drawn = [(row, stream) for row, stream in listed if stream.packets >= FEWEST_PACKETS]
        rest = len(drawn) - MOST_CHARTS
        return join(
            [
                table("RTP streams", HEADINGS, [_stream(stream) for _, stream in listed], NUMBERS, sortable=True),
                element("div", *(self._chart(*each) for each in drawn[:MOST_CHARTS]), class_="charts"),
                empty(f"The charts of {counted(rest, 'stream')} are left out.") if rest > 0 else None,
            ]
        )

    def _chart(self, row: int, stream: Stream) -> Markup:
        chart = timeline.plan(self.anchors.case.timeline(row))
        name = " ".join(filter(None, [_kind(stream), stream.codec, stream.ssrc]))
        route = f"{endpoint(stream.source, stream.source_port)} → {endpoint(stream.target, stream.target_port)}"
        caption = element("figcaption", element("b", name), " ", route, element("br"), element("small", chart.summary))
        return element("figure", caption, timeline.render(chart, standalone=False))


def _stream(stream: Stream) -> Row:
    return Row(
        (
            stream.ssrc,
            endpoint(stream.source, stream.source_port),
            endpoint(stream.target, stream.target_port),
            _kind(stream),
            stream.codec or f"payload type {', '.join(map(str, stream.payload_types))}",
            Keyed(number(stream.packets), stream.packets),
            Keyed(_lost(stream), stream.lost / max(stream.expected, 1)),
            _milliseconds(stream.max_jitter_ms),
            _milliseconds(stream.mean_jitter_ms),
            _milliseconds(stream.max_delta_ms),
            _gaps(stream),
            stream.reordered or None,
            stream.repeated or None,
            Keyed(span(stream.first, stream.last), round(stream.last - stream.first, 6)),
            stream.dscp,
            f"{stream.first_frame}–{stream.last_frame}",
        )
    )


def _kind(stream: Stream) -> str | None:
    return None if stream.kind is None else f"{stream.kind} ({stream.content})" if stream.content else stream.kind


def _lost(stream: Stream) -> str:
    return f"{stream.lost:,} ({percent(stream.lost, stream.expected)})" if stream.lost else "0"


def _gaps(stream: Stream) -> str | None:
    if not stream.gaps:
        return None
    before = "" if stream.longest_gap_frame is None else f" before frame {stream.longest_gap_frame}"
    return f"{stream.gaps:,}, the longest {counted(stream.longest_gap, 'packet')}{before}"


def _milliseconds(value: float | None) -> Keyed | None:
    return None if value is None else Keyed(milliseconds(value), value)
