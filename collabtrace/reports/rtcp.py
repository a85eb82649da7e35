"""What the receivers of streams reported: RTCP sender and receiver reports (RFC 3550 §6.4)."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from collabtrace.columns import Table
from collabtrace.reports.format import clock, endpoint, milliseconds, number, percent
from collabtrace.reports.parts import Keyed, Row, empty, table
from collabtrace.reports.section import Section
from collabtrace.schema import Report, Stream
from collabtrace.views.markup import join
from collabtrace.views.wording import counted

HEADINGS = ("Frame", "Time (UTC)", "From", "To", "About", "Loss since the last", "Lost in all", "Jitter", "Round trip")
NUMBERS = ("Frame", "Loss since the last", "Lost in all", "Jitter", "Round trip")

MOST_ROWS = 200
"""Reports that are listed: they go on as long as the call."""


@dataclass(frozen=True)
class Receptions(Section):
    """Those of some RTCP reports of a case that say how a stream was received."""

    reports: Table[Report]
    rows: Sequence[int]
    streams: Sequence[Stream]
    """Streams that the reports may be about: their clocks tell the jitter in milliseconds."""
    title: str = "What the receivers reported (RTCP)"

    def html(self) -> Markup:
        """A table with a row for each report block."""
        blocks = [report for row in self.rows if (report := self.reports[row]).fraction_lost is not None]
        if not blocks:
            return empty("No RTCP report in the capture says how a stream was received.")
        clocks = {stream.ssrc: stream.clock_rate for stream in self.streams}
        rest = len(blocks) - MOST_ROWS
        listed = [_block(report, clocks.get(report.about or "")) for report in blocks[:MOST_ROWS]]
        left_out = empty(f"{counted(rest, 'later report')} left out.") if rest > 0 else None
        return join([table("RTCP reports", HEADINGS, listed, NUMBERS, sortable=True), left_out])


def _block(report: Report, clock_rate: int | None) -> Row:
    jitter = None if clock_rate is None or report.jitter is None else 1000 * report.jitter / clock_rate
    return Row(
        (
            report.frame,
            Keyed(clock(report.time_epoch), report.time_epoch),
            endpoint(report.source, report.source_port),
            endpoint(report.target, report.target_port),
            report.about,
            Keyed(percent(report.fraction_lost), report.fraction_lost),
            None if report.lost is None else Keyed(number(report.lost), report.lost),
            None if jitter is None else Keyed(milliseconds(jitter), jitter),
            None if report.round_trip_ms is None else Keyed(milliseconds(report.round_trip_ms), report.round_trip_ms),
        )
    )
