"""The SIP messages of a call, each of which opens to its text.

What nobody may read in a shared report is masked (``views.masking``).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from collabtrace.reports.anchors import Anchors
from collabtrace.reports.format import clock, since, size
from collabtrace.reports.parts import empty
from collabtrace.reports.section import Case, Section
from collabtrace.schema import Message
from collabtrace.views import labels
from collabtrace.views.markup import element
from collabtrace.views.masking import mask

LONGEST_TEXT = 65_536
"""Bytes of a message that are shown; a longer one is no SIP that a network carries."""

MANY = 200
"""Messages from which on a browser lays out only those in sight."""


@dataclass(frozen=True)
class Messages(Section):
    """Some messages of a case, in the order given."""

    anchors: Anchors
    rows: Sequence[int]
    title: str = "Messages"

    def html(self) -> Markup:
        """A list whose entries open to the text of the message."""
        if not self.rows:
            return empty("No SIP message.")
        case = self.anchors.case
        start = case.messages[self.rows[0]].time_epoch
        several = len(case.captures) > 1
        entries = [self._entry(row, case.messages[row], start, several=several) for row in self.rows]
        return element("ol", *entries, class_="messages long" if len(entries) > MANY else "messages")

    def _entry(self, row: int, message: Message, start: float, *, several: bool) -> Markup:
        file = element("span", message.file, class_="file") if several else None
        said = list(_remarks(message))
        summary = element(
            "summary",
            element("span", f"{message.frame}", class_="frame"),
            element("span", clock(message.time_epoch), class_="time"),
            element("span", since(message.time_epoch, start), class_="since"),
            element("b", labels.of_message(message, labels.body(message.content_type))),
            element("span", _route(message), class_="route"),
            element("small", labels.cseq(message)),
            element("span", "; ".join(said), class_="remarks") if said else None,
            file,
        )
        return element("li", element("details", summary, self._text(row)), class_=_kind(message))

    def _text(self, row: int) -> Markup:
        text = self.anchors.case.text(row)
        cut = f"\n… {size(len(text) - LONGEST_TEXT)} more" if len(text) > LONGEST_TEXT else ""
        return element("pre", readable(text[:LONGEST_TEXT]) + cut, id=self.anchors.message(row), tabindex=0)


def _route(message: Message) -> str:
    return labels.ports(message, message.transport.upper())


def readable(text: bytes) -> str:
    r"""The text of a message with secrets masked, bytes that are no UTF-8 written ``\xff``, and plain line ends."""
    return mask(text).decode("utf-8", "backslashreplace").replace("\r\n", "\n").rstrip("\n")


def in_time(case: Case, rows: Sequence[int]) -> list[int]:
    """Rows of ``messages`` in the order of time: several files are one after another in the table."""
    times = case.messages.columns["time_epoch"]
    return sorted(rows, key=lambda row: (times[row], row))


def _remarks(message: Message) -> Iterator[str]:
    if message.retransmission_of is not None:
        yield f"sent again, first in frame {message.retransmission_of}"
    if message.duplicate_of is not None:
        yield f"second copy of frame {message.duplicate_of}"
    if message.cause:
        yield f"Reason: {message.cause}"
    if message.warning:
        yield f"Warning: {message.warning}"
    yield from message.flaws or ()


def _kind(message: Message) -> str | None:
    if message.duplicate_of is not None or message.retransmission_of is not None:
        return "again"
    return "refused" if message.status is not None and message.status >= 400 else None
