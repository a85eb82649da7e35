"""ICMP errors: a device on the way, or the target itself, says that a packet did not arrive."""

from collections import Counter
from dataclasses import dataclass

from markupsafe import Markup

from collabtrace.columns import Table
from collabtrace.reports.format import clock, endpoint
from collabtrace.reports.parts import Row, empty, table
from collabtrace.reports.section import Section
from collabtrace.schema import Unreachable
from collabtrace.views.labels import unreachable
from collabtrace.views.markup import join
from collabtrace.views.wording import counted

HEADINGS = (
    "First frame",
    "First (UTC)",
    "Reported by",
    "Error",
    "Packet from",
    "Packet to",
    "Transport",
    "Times",
    "File",
)
NUMBERS = ("First frame", "Times")

MOST_ROWS = 200
"""Kinds of errors that are listed."""


@dataclass(frozen=True)
class Unreachables(Section):
    """All ICMP errors of a case; the same error about the same packets is one row."""

    errors: Table[Unreachable]
    title: str = "Network errors (ICMP)"

    def html(self) -> Markup:
        """A table with a row for each kind of error."""
        if not len(self.errors):
            return empty("No ICMP error was seen.")
        first: dict[tuple[object, ...], Unreachable] = {}
        times: Counter[tuple[object, ...]] = Counter()
        for error in self.errors:
            times[_kind(error)] += 1
            first.setdefault(_kind(error), error)
        several = len(set(self.errors.values("file"))) > 1
        rows = [_row(error, times[kind], several=several) for kind, error in first.items()]
        rest = len(rows) - MOST_ROWS
        left_out = empty(f"{counted(rest, 'more kind')} left out.") if rest > 0 else None
        return join([table("ICMP errors", HEADINGS, rows[:MOST_ROWS], NUMBERS, sortable=True), left_out])


def _kind(error: Unreachable) -> tuple[object, ...]:
    return (error.file, error.source, error.type, error.code, error.quoted_source, error.quoted_source_port,
            error.quoted_target, error.quoted_target_port, error.quoted_transport)  # fmt: skip


def _row(error: Unreachable, times: int, *, several: bool) -> Row:
    return Row(
        (
            f"{error.frame}",
            clock(error.time_epoch),
            error.source,
            unreachable(error),
            endpoint(error.quoted_source, error.quoted_source_port),
            endpoint(error.quoted_target, error.quoted_target_port),
            error.quoted_transport,
            times,
            error.file if several else None,
        )
    )
