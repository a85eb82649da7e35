"""Keys pressed (DTMF): what was entered, by which method; the keys themselves are dots."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from collabtrace.columns import Table
from collabtrace.reports.format import clock, duration, words
from collabtrace.reports.parts import Row, empty, table
from collabtrace.reports.section import Section
from collabtrace.schema import Digit
from collabtrace.sessions.digits import Entry, entries
from collabtrace.views.markup import join
from collabtrace.views.masking import KEY
from collabtrace.views.wording import counted

METHODS = {
    "rtp-event": "telephone-event in RTP (RFC 4733)",
    "kpml": "KPML in NOTIFY (RFC 4730)",
    "info": "INFO",
    "notify": "unsolicited NOTIFY (Cisco)",
}
"""How keys are told, by the name in the table."""

HEADINGS = ("Frames", "Capture", "Time (UTC)", "From", "To", "Keys", "Within", "Method", "Payload type", "Remarks")

MOST_ROWS = 500
"""Entries that are listed."""

MOST_DOTS = 32
"""Keys of one entry that are drawn as a dot each."""


@dataclass(frozen=True)
class Digits(Section):
    """Some key presses of a case."""

    digits: Table[Digit]
    rows: Sequence[int]
    title: str = "Keys pressed (DTMF)"

    def html(self) -> Markup:
        """A table with a row for each entry: keys that follow each other within seconds, up to a #."""
        found = entries(map(self.digits.__getitem__, self.rows))
        if not found:
            return empty("No key press that the capture can show.")
        several = len({entry.keys[0].file for entry in found}) > 1
        listed = [_entry(entry, several=several) for entry in found[:MOST_ROWS]]
        rest = len(found) - MOST_ROWS
        left_out = empty(f"{counted(rest, 'later entry', 'later entries')} left out.") if rest > 0 else None
        return join([table("Keys pressed", HEADINGS, listed, ("Frames",)), left_out])


def _entry(entry: Entry, *, several: bool) -> Row:
    first, last = entry.keys[0], entry.keys[-1]
    types = list(dict.fromkeys(key.payload_type for key in entry.keys if key.payload_type is not None))
    return Row(
        (
            f"{first.frame}" if first.frame == last.last_frame else f"{first.frame}–{last.last_frame}",
            first.file if several else None,
            clock(first.time_epoch),
            first.source,
            first.target,
            _dots(entry),
            duration(last.time_epoch - first.time_epoch) if len(entry.keys) > 1 else None,
            METHODS[first.method],
            words(types) if types else None,
            "; ".join(_remarks(entry)) or None,
        )
    )


def _dots(entry: Entry) -> str:
    """``•••• (4 keys, ends with #)``."""
    number = len(entry.keys)
    more = "…" if number > MOST_DOTS else ""
    end = ", ends with #" if entry.is_terminated and number > 1 else ""
    return f"{KEY * min(number, MOST_DOTS)}{more} ({counted(number, 'key')}{end})"


def _remarks(entry: Entry) -> list[str]:
    said = dict.fromkeys(flaw for key in entry.keys for flaw in key.flaws or ())
    if any(key.digit is None and not key.flaws for key in entry.keys):
        said["encrypted"] = None
    return list(said)
