"""One call whole: the facts, the findings, the ladder, the legs, the media and every message."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from markupsafe import Markup

from collabtrace.reports.by_call import ByCall
from collabtrace.reports.digits import Digits
from collabtrace.reports.findings import finding_card
from collabtrace.reports.floors import Floors
from collabtrace.reports.format import clock, identity, moment, span, words
from collabtrace.reports.ladder import Ladder
from collabtrace.reports.legs import Legs
from collabtrace.reports.media import Media
from collabtrace.reports.messages import Messages, in_time
from collabtrace.reports.parts import badge, code, facts
from collabtrace.reports.paths import Paths
from collabtrace.reports.rtcp import Receptions
from collabtrace.reports.section import Section
from collabtrace.reports.streams import Streams
from collabtrace.reports.tones import result_tone
from collabtrace.schema import CallRecord
from collabtrace.views.absence import NO_STREAM
from collabtrace.views.markup import join
from collabtrace.views.wording import sentence

MESSAGES = "messages"
"""The anchor of the section that has the text of every message, and is most of a long call."""

MOST_CALL_IDS = 8
"""Legs that the display filter of a call names."""

NOT_SEEN = "not in the capture"
"""Of what may well have happened before the capture, or beside it."""

UP = ("answered", "ongoing")
"""Results of calls that were answered, whether or not the capture shows by what."""


@dataclass(frozen=True)
class OneCall(Section):
    """One call of a case."""

    by_call: ByCall
    call: CallRecord
    without: Collection[str] = ()
    """Sections to leave out, by their anchor."""

    @property
    def title(self) -> str:
        """Who called whom."""
        return f"Call {self.call.call}: {identity(self.call.caller)} → {identity(self.call.callee)}"

    def html(self) -> Markup:
        """The facts, the findings, and the sections."""
        anchors = self.by_call.anchors
        cards = [finding_card(finding, anchors, level=4, folded=True) for finding in self.by_call.findings(self.call)]
        sections = [
            section.framed(f"call-{self.call.call}-{name}", 4)
            for name, section in self.sections()
            if name not in self.without
        ]
        shown = facts([("Wireshark display filter", code(display_filter(self.call.call_ids)))])
        return join([self._facts(), shown, *cards, *sections])

    def _facts(self) -> Markup:
        call = self.call
        opened = self.by_call.anchors.contents.call_opening_seen(call)
        answered = call.answered is not None
        return facts(
            [
                ("Result", badge(call.result, result_tone(call.result))),
                ("Ended by", call.end_reason),
                ("Caller", identity(call.caller)),
                ("Callee", identity(call.callee)),
                ("Started", moment(call.started) if opened else f"{NOT_SEEN}; first message {moment(call.started)}"),
                ("Answered", _answered(call, opened=opened)),
                ("Ended", clock(call.ended) if call.ended is not None else NOT_SEEN),
                ("Talked", span(call.answered, call.ended) if answered and call.ended is not None else None),
                ("Media", call.media),
                ("Legs", f"{len(call.call_ids)}, joined by {call.joined_by}" if call.joined_by else len(call.call_ids)),
                ("Seen in", words(call.files) if len(call.files) > 1 else None),
            ]
        )

    def sections(self) -> Iterator[tuple[str, Section]]:
        """The sections of the call by their anchor; what the call has nothing of is left out."""
        anchors, number = self.by_call.anchors, self.call.call
        contents = anchors.contents
        yield "ladder", Ladder(anchors.case, number, self.by_call.findings(self.call))
        yield "legs", Legs(contents, self.call.dialog_rows)
        yield "media", Media(anchors, contents.media_of.get(number, []))
        yield (
            "streams",
            Streams(anchors, contents.streams_of.get(number, []), none=f"{sentence(NO_STREAM)} in this call."),
        )
        if any(contents.reports.columns["about"][row] for row in contents.reports_of.get(number, [])):
            streams = [contents.streams[row] for row in contents.streams_of.get(number, [])]
            yield "rtcp", Receptions(contents.reports, contents.reports_of[number], streams)
        yield "paths", Paths(anchors.case, number)
        if number in contents.digits_of:
            yield "digits", Digits(contents.digits, contents.digits_of[number])
        if number in contents.floors_of:
            yield "floors", Floors(contents.floors, contents.floors_of[number])
        yield MESSAGES, Messages(anchors, in_time(anchors.case, contents.message_rows(number)))


def _answered(call: CallRecord, *, opened: bool) -> str:
    """When the call was answered; *never* only where the capture shows how the INVITE came to nothing."""
    if call.answered is not None:
        return f"{clock(call.answered)}, after {span(call.started, call.answered)}" if opened else clock(call.answered)
    came_to_nothing = call.ended is not None and call.result not in UP
    return "never" if opened and came_to_nothing else NOT_SEEN


def display_filter(call_ids: tuple[str, ...]) -> str:
    """A Wireshark display filter that shows the SIP messages of some Call-IDs."""
    quoted = (call_id.replace("\\", "\\\\").replace('"', '\\"') for call_id in call_ids[:MOST_CALL_IDS])
    return " || ".join(f'sip.Call-ID == "{call_id}"' for call_id in quoted)
