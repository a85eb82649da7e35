"""Floor control: the BFCP messages of a call (RFC 8855)."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from collabtrace.columns import Table
from collabtrace.reports.format import clock, endpoint, words
from collabtrace.reports.parts import Row, empty, table
from collabtrace.reports.section import Section
from collabtrace.schema import Floor
from collabtrace.views.markup import join
from collabtrace.views.wording import counted

HEADINGS = (
    "Frame",
    "Time (UTC)",
    "From",
    "To",
    "Message",
    "Outcome",
    "Floors",
    "Transaction",
    "User",
    "Version",
    "Flaws",
)

MOST_ROWS = 500
"""BFCP messages that are listed: keep-alives go on as long as the call."""


@dataclass(frozen=True)
class Floors(Section):
    """Some BFCP messages of a case."""

    floors: Table[Floor]
    rows: Sequence[int]
    title: str = "Floor control (BFCP)"

    def html(self) -> Markup:
        """A table with a row for each message."""
        if not self.rows:
            return empty("No BFCP message.")
        rest = len(self.rows) - MOST_ROWS
        listed = [_message(self.floors[row]) for row in self.rows[:MOST_ROWS]]
        left_out = empty(f"{counted(rest, 'later message')} left out.") if rest > 0 else None
        return join([table("BFCP messages", HEADINGS, listed, ("Frame",)), left_out])


def _message(floor: Floor) -> Row:
    return Row(
        (
            f"{floor.frame}",
            clock(floor.time_epoch),
            endpoint(floor.source, floor.source_port),
            endpoint(floor.target, floor.target_port),
            f"{floor.name} (response)" if floor.response else floor.name,
            floor.error or floor.status,
            words(floor.floors) if floor.floors else None,
            floor.transaction,
            floor.user,
            f"{floor.version}, {floor.transport.upper()}",
            "; ".join(floor.flaws) if floor.flaws else None,
        )
    )
