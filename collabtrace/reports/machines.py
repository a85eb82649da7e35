"""The machines of a case, and what their packets tell about where the capture was taken."""

from dataclasses import dataclass

from markupsafe import Markup

from collabtrace.columns import Table
from collabtrace.reports.parts import Row, empty, table
from collabtrace.reports.section import Section
from collabtrace.schema import Host
from collabtrace.views.markup import join
from collabtrace.views.wording import counted

HEADINGS = ("Address", "Name", "Kind", "TTL", "Routers on the way", "First frame", "File")
NUMBERS = ("TTL", "Routers on the way", "First frame")

MOST_ROWS = 1000
"""Machines that are listed."""


@dataclass(frozen=True)
class Machines(Section):
    """All machines of a case."""

    hosts: Table[Host]
    title: str = "Machines"

    def html(self) -> Markup:
        """A table with a row for each machine in each file."""
        if not len(self.hosts):
            return empty("No machine was seen to send or receive SIP, media or floor control.")
        several = len(set(self.hosts.values("file"))) > 1
        shown = range(min(len(self.hosts), MOST_ROWS))
        rows = [_machine(self.hosts[row], several=several) for row in shown]
        rest = len(self.hosts) - MOST_ROWS
        left_out = empty(f"{counted(rest, 'more machine')} left out.") if rest > 0 else None
        return join([table("Machines", HEADINGS, rows, NUMBERS, sortable=True), left_out])


def _machine(host: Host, *, several: bool) -> Row:
    first = f"{host.first_frame}"
    return Row((host.address, host.name, host.kind, host.ttl, host.hops, first, host.file if several else None))
