"""The table of all calls: who called whom, when, how it ended, and how the media went."""

from dataclasses import dataclass

from markupsafe import Markup

from collabtrace.reports.by_call import ByCall
from collabtrace.reports.format import clock, identity, milliseconds, percent, span
from collabtrace.reports.parts import Keyed, Row, badge, empty, link, table
from collabtrace.reports.section import Section
from collabtrace.reports.tones import result_tone, severity_tone
from collabtrace.schema import CallRecord, Finding
from collabtrace.views.markup import element, join

HEADINGS = ("Call", "Started (UTC)", "Caller", "Callee", "Result", "Findings", "Setup", "Duration", "Legs", "Media",
            "Worst loss", "Worst jitter", "Messages")  # fmt: skip
NUMBERS = ("Call", "Setup", "Duration", "Legs", "Worst loss", "Worst jitter", "Messages")


@dataclass(frozen=True)
class Calls(Section):
    """All calls of a case."""

    by_call: ByCall
    title: str = "Calls"

    def html(self) -> Markup:
        """A table with a row for each call."""
        contents = self.by_call.anchors.contents
        if not len(contents.calls):
            return empty("No call was seen.")
        rows = [self._row(contents.call(number)) for number in sorted(self.by_call.anchors.detailed)]
        listed = table("All calls in the order in which they began", HEADINGS, rows, NUMBERS, sortable=True)
        return join([self._left_out(), listed])

    def _left_out(self) -> Markup | None:
        every, detailed = len(self.by_call.anchors.contents.calls), len(self.by_call.anchors.detailed)
        if detailed == every:
            return None
        return empty(
            f"{detailed:,} of {every:,} calls: those with findings, then those that were not answered, then the others "
            "in their order. The command “collabtrace tables --table calls” lists all, “collabtrace ladder” draws any."
        )

    def _row(self, call: CallRecord) -> Row:
        anchor = self.by_call.anchors.call(call.call)
        found = self.by_call.findings(call)
        opened = self.by_call.anchors.contents.call_opening_seen(call)
        loss, jitter = self.by_call.worst(call.call)
        return Row(
            (
                link(call.call, anchor),
                Keyed(clock(call.started) if opened else f"before {clock(call.started)}", call.started),
                identity(call.caller),
                identity(call.callee),
                badge(call.result, result_tone(call.result)),
                element("span", join(map(_told, found), " "), class_="findings") if found else None,
                _length(call.started, call.answered) if opened else None,
                _length(call.answered, call.ended),
                len(call.call_ids),
                call.media,
                None if loss is None else Keyed(percent(loss), loss),
                None if jitter is None else Keyed(milliseconds(jitter), jitter),
                call.messages,
            ),
            {
                "data_article": anchor,
                "data_result": call.result,
                "data_media": call.media or "none",
                "data_findings": " ".join(each.rule for each in found) or "none",
                "data_words": self.by_call.words(call),
            },
        )


def _told(found: Finding) -> Markup:
    return badge(found.title, severity_tone(found.severity))


def _length(start: float | None, end: float | None) -> Keyed | None:
    return None if start is None or end is None else Keyed(span(start, end), round(end - start, 6))
