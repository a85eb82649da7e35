"""The legs of a call: its dialogs, hop by hop."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from collabtrace.reports.format import clock, identity, span
from collabtrace.reports.parts import Row, badge, code, empty, table
from collabtrace.reports.section import Section
from collabtrace.reports.tones import state_tone
from collabtrace.schema import Dialog
from collabtrace.views.contents import Contents
from collabtrace.views.markup import element, join

HEADINGS = ("Leg", "From", "To", "Caller", "Callee", "State", "Started (UTC)", "Setup", "Duration", "End", "Call-ID")


@dataclass(frozen=True)
class Legs(Section):
    """Some dialogs of a case."""

    contents: Contents
    rows: Sequence[int]
    title: str = "Legs"

    def html(self) -> Markup:
        """A table with a row for each dialog."""
        if not self.rows:
            return empty("No dialog.")
        return table("Legs of the call", HEADINGS, [self._leg(*each) for each in enumerate(self.rows, 1)])

    def _leg(self, number: int, row: int) -> Row:
        dialog = self.contents.dialogs[row]
        # Where the opening was not seen, the leg began before the first message that is there.
        opened, started = self.contents.opening_seen(row), clock(dialog.started)
        setup = span(dialog.started, dialog.answered) if opened and dialog.answered is not None else None
        return Row(
            (
                number,
                identity(dialog.from_uri),
                identity(dialog.to_uri),
                _machine(dialog.caller, dialog.caller_agent),
                _machine(dialog.callee, dialog.callee_agent),
                badge(dialog.state, state_tone(dialog.state)),
                started if opened else f"before {started}",
                setup,
                span(dialog.answered, dialog.ended) if dialog.answered is not None else None,
                _end(dialog),
                code(dialog.call_id),
            )
        )


def _end(dialog: Dialog) -> str | None:
    if dialog.ended is None:
        return dialog.end_reason
    return f"{dialog.end_reason or 'ended'}, {clock(dialog.ended)}"


def _machine(address: str, agent: str | None) -> object:
    return address if agent is None else join([address, element("small", agent)], " ")
