"""A direction of an m-line that a capture hardly shows while it shows the other, and what may be it all the same."""

from functools import cached_property

from collabtrace.schema import Report, Stream, Unreachable
from collabtrace.subjects.line import Line
from collabtrace.subjects.media_flow import MediaFlow, Way
from collabtrace.subjects.sight import Sight

UNREADABLE = frozenset({None, "rtp", "turn_channel"})
"""What packets on the media port may be that is not known to be something else."""


class Silence:
    """The missing direction of a media flow; the other way has at least one stream."""

    def __init__(self, flow: MediaFlow, spoken: Way, missing: Way, sight: Sight) -> None:
        self.flow = flow
        self.spoken = spoken
        self.missing = missing
        self._sight = sight

    def __repr__(self) -> str:
        return f"<Silence of {self.silent} to {self.speaker} in {self.file}>"

    @property
    def line(self) -> Line:
        """The m-line."""
        return self.flow.line

    @property
    def file(self) -> str:
        """The capture."""
        return self.flow.file

    @cached_property
    def stream(self) -> Stream:
        """The stream that has most of what flows."""
        return max(self.spoken.streams, key=lambda stream: stream.packets)

    @property
    def speaker(self) -> str:
        """Address of the machine that sends."""
        return self.stream.source

    @property
    def silent(self) -> str:
        """Address of the machine that is sent to."""
        return self.stream.target

    def shown_in(self, flow: MediaFlow) -> Way:
        """The missing direction in another capture of the same line."""
        return flow.ways[self.flow.ways.index(self.missing)]

    @cached_property
    def _others(self) -> tuple[Stream, ...]:
        """RTP that came to the speaker while the line was in force and is not of the line."""
        own = {stream.first_frame for way in self.flow.ways for stream in way.streams}
        arriving = self._sight.arriving(self.file, self.speaker)
        return tuple(each for each in arriving if each.first_frame not in own and self.flow.packets([each]))

    @property
    def from_elsewhere(self) -> tuple[Stream, ...]:
        """RTP to the port that the speaker sends from, whoever sent it."""
        return tuple(each for each in self._others if each.target_port == self.stream.source_port)

    @property
    def astray(self) -> tuple[Stream, ...]:
        """RTP from the silent machine to ports of the speaker that no m-line names."""
        return tuple(each for each in self._others if each.source == self.silent and each.media_row is None)

    @property
    def unreadable(self) -> int:
        """Packets to the port that the speaker sends from which are not known to be anything."""
        back = (self.silent, self.stream.source_port)
        flows = self._sight.flows(self.file, self.speaker, self.silent)
        packets = sum(
            flow.packets
            for flow in flows
            if (flow.source, flow.target_port) == back and flow.protocol in UNREADABLE and flow.last >= self.flow.begin
        )
        arriving = self._sight.arriving(self.file, self.speaker)
        return packets - sum(each.packets for each in arriving if (each.source, each.target_port) == back)

    @property
    def sender_reports(self) -> tuple[Report, ...]:
        """What the silent machine says by RTCP that it has sent on this line."""
        record, end = self.line.record, self.stream
        ports = {end.target_port, end.target_port + 1, record.offer_rtcp_port, record.answer_rtcp_port}
        named = {stream.ssrc for stream in self.missing.streams}
        return tuple(
            report
            for report in self.line.leg.call.reports
            if report.kind == "sr"
            and (report.file, report.source) == (self.file, self.silent)
            and report.source_port in ports
            and self.flow.begin <= report.time_epoch <= self.flow.end
            and report.ssrc != end.ssrc
            and (not named or report.ssrc in named)
        )

    @property
    def refusals(self) -> list[Unreachable]:
        """ICMP errors about what the speaker sends."""
        return self._sight.refusals(self.spoken.streams)
