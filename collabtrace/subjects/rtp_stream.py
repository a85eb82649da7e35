"""One RTP stream, with the call that it belongs to where SDP names it."""

from collections.abc import Iterator
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from collabtrace.schema import Report, Stream
from collabtrace.sessions.gaps import Gaps
from collabtrace.sessions.timeline import Timeline
from collabtrace.subjects.call import Call
from collabtrace.subjects.line import Line, Side
from collabtrace.subjects.related import NONE, Related

JUMP_SECONDS = 2.0
"""By how much time a gap may be shorter than its packets take: queues that drop may also hurry by less."""
BY_CHANCE = 3.0
"""How many times as often as by chance packets of two streams must be missing together."""


class RtpStream:
    """An RTP stream (RFC 3550)."""

    def __init__(self, related: Related, row: int) -> None:
        self._related = related
        self.row = row
        """In the table ``streams``."""
        self.record: Stream = related.case.streams[row]

    def __repr__(self) -> str:
        stream = self.record
        return f"<RtpStream {stream.ssrc} {stream.source} to {stream.target}, {stream.packets} packets>"

    @cached_property
    def call(self) -> Call | None:
        """Its call; None where no SDP names its ends."""
        call_id = self.record.call_id
        row = None if call_id is None else self._related.calls_of_id.get(call_id)
        return None if row is None else Call(self._related, row)

    @cached_property
    def line(self) -> Line | None:
        """The m-line that negotiated it; None where no SDP names its ends."""
        wanted = self.record.media_row
        if self.call is None or wanted is None:
            return None
        return next((line for line in self.call.lines if line.row == wanted), None)

    @property
    def seconds(self) -> float:
        """From its first packet to its last."""
        return self.record.last - self.record.first

    @property
    def call_ids(self) -> tuple[str, ...]:
        """The Call-IDs of its call; empty where no SDP names it."""
        return () if self.call is None else self.call.call_ids

    @cached_property
    def gaps(self) -> Gaps:
        """When packets were missing."""
        return self._related.case.gaps(self.row)

    @cached_property
    def skipped(self) -> int:
        """Of the missing numbers those that nothing shows to have been sent this way.

        They are skipped where its sender was told meanwhile to send elsewhere or nothing at all, and in sound where far
        less time passed than so many packets take: the sender jumped.
        """
        return int(self.gaps.missing[self._skips].sum())

    @property
    def skips_longest(self) -> bool:
        """Whether its longest gap is skipped so."""
        return bool(len(self.gaps)) and bool(self._skips[int(np.argmax(self.gaps.missing))])

    @cached_property
    def _skips(self) -> NDArray[np.bool_]:
        gaps = self.gaps
        skips = np.zeros(len(gaps), np.bool_)
        for begin, end in self._elsewhere():
            skips |= (gaps.begin < end) & (gaps.end > begin)
        if self.record.kind != "audio":
            return skips
        took = gaps.missing * (self.seconds / max(1, self.record.expected))
        return skips | (took - (gaps.end - gaps.begin) > JUMP_SECONDS)

    def _elsewhere(self) -> Iterator[tuple[float, float]]:
        """When rounds of its m-line were in force that name other addresses, or in which its receiver wants nothing."""
        twins = () if self.line is None else self.line.twins
        # The clocks of captures differ, so the rounds of its own capture count where there are any.
        here = tuple(line for line in twins if line.leg.file == self.record.file)
        for line in here or twins:
            receiver = self._receiver(line)
            if receiver is None:
                continue
            by_caller = (receiver is line.offer) == line.offered_by_caller
            for other in line.leg.lines:
                answered = other.record.answer_time
                if other.record.index != line.record.index or answered is None:
                    continue
                side = other.offer if other.offered_by_caller == by_caller else other.answer
                if side is not None and not (other.ends == line.ends and other.lets_flow(side)):
                    yield answered, other.end

    def _receiver(self, line: Line) -> Side | None:
        """The side of the line that it flows to."""
        flows = (flow for flow in line.media_flows if flow.file == self.record.file)
        ways = (way for flow in flows for way in flow.ways)
        return next((way.receiver for way in ways if self.record in way.streams), None)

    @cached_property
    def timeline(self) -> Timeline:
        """Loss and jitter in steps of equal length."""
        return self._related.case.timeline(self.row)

    @cached_property
    def reports(self) -> tuple[Report, ...]:
        """What its receiver says of it by RTCP, in the order of the capture that holds the stream."""
        stream, reports = self.record, self._related.case.reports
        about = map(reports.__getitem__, self._related.reports_about.get(stream.ssrc, NONE))
        return tuple(
            each
            for each in about
            if each.file == stream.file
            and each.kind == "rr"
            and (each.source == stream.target or each.target == stream.source)
        )

    @cached_property
    def views(self) -> tuple["RtpStream", ...]:
        """The same packets elsewhere: at another capture point, or passed on by a machine that keeps the SSRC."""
        stream = self.record
        rows = (row for row in self._related.streams_of_ssrc.get(stream.ssrc, NONE) if row != self.row)
        others = (RtpStream(self._related, row) for row in rows)
        return tuple(each for each in others if _is_same(stream, each.record))

    @cached_property
    def missed_together(self) -> float:
        """Share of its missing packets that were missing while packets of the way back were missing too.

        0 where that is no more than chance, and where nothing came back.
        """
        stream, case = self.record, self._related.case
        most = 0.0
        for row in self._way_back():
            other, gaps = case.streams[row], case.gaps(row)
            begin, end = max(stream.first, other.first), min(stream.last, other.last)
            share = self.gaps.missing_during(gaps) / max(1, int(self.gaps.missing.sum()))
            if share * (end - begin) > BY_CHANCE * gaps.seconds_within(begin, end):
                most = max(most, share)
        return most

    def _way_back(self) -> list[int]:
        """Rows of the streams from its receiver to its sender that lack packets and flowed at the same time."""
        stream, table = self.record, self._related.case.streams
        back = self._related.lossy_streams.get((stream.file, stream.target, stream.source), NONE)
        first, last = table.numbers("first"), table.numbers("last")
        return [row for row in back if row != self.row and first[row] < stream.last and last[row] > stream.first]


def _is_same(one: Stream, other: Stream) -> bool:
    """Whether two streams with one SSRC are the same packets: at the same time, as many, and not there and back."""
    if other.source == one.target and other.target == one.source:
        return False
    together = min(one.last, other.last) > max(one.first, other.first)
    return together and 2 * min(one.expected, other.expected) > max(one.expected, other.expected)
