"""What is no call: registrations, subscriptions, keep-alives, and requests that stand alone."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from collabtrace.reports.anchors import Conversation
from collabtrace.reports.by_call import ByCall
from collabtrace.reports.format import clock, identity
from collabtrace.reports.parts import Keyed, Row, badge, empty, link, table
from collabtrace.reports.section import Section
from collabtrace.reports.tones import status_tone
from collabtrace.views.markup import join
from collabtrace.views.wording import counted

HEADINGS = ("No.", "Method", "From", "To", "First (UTC)", "Last (UTC)", "Between", "Responses", "Messages")
NUMBERS = ("No.", "Messages")


@dataclass(frozen=True)
class Outside(Section):
    """All conversations outside calls."""

    by_call: ByCall
    title: str = "Outside calls"

    def html(self) -> Markup:
        """A table with a row for each conversation."""
        conversations = self.by_call.anchors.conversations
        if not conversations:
            seen = len(self.by_call.anchors.contents.messages)
            return empty("Every SIP message belongs to a call." if seen else "No SIP message was seen.")
        rows = [self._row(each) for each in conversations]
        rest = self.by_call.anchors.conversations_left_out
        left_out = empty(f"{counted(rest, 'later conversation')} left out.") if rest > 0 else None
        return join([table("SIP outside calls", HEADINGS, rows, NUMBERS, sortable=True), left_out])

    def _row(self, conversation: Conversation) -> Row:
        messages = self.by_call.anchors.contents.messages
        columns = messages.columns
        first, last = (float(columns["time_epoch"][conversation.rows[i]]) for i in (0, -1))
        machines = dict.fromkeys(columns[name][row] for row in conversation.rows for name in ("source", "target"))
        return Row(
            (
                link(conversation.number, conversation.anchor),
                conversation.method,
                identity(conversation.from_uri),
                identity(conversation.to_uri),
                Keyed(clock(first), first),
                Keyed(clock(last), last),
                ", ".join(machines),
                self._responses(conversation.rows),
                len(conversation.rows),
            ),
            {"data_article": conversation.anchor, "data_words": self._words(conversation)},
        )

    def _responses(self, rows: Sequence[int]) -> Markup | None:
        """The final responses: first copies only, how often each."""
        messages = self.by_call.anchors.contents.messages
        statuses, reasons, again = (messages.values(name) for name in ("status", "reason", "retransmission_of"))
        final = [row for row in rows if (statuses[row] or 0) >= 200 and again[row] is None]
        counts = Counter((statuses[row], reasons[row] or "") for row in final)
        badges = [
            badge(f"{status} {reason}{f' ×{n}' if n > 1 else ''}", status_tone(status))
            for (status, reason), n in counts.most_common()
        ]
        return join(badges, " ") if badges else badge("no final response seen", "warn")

    def _words(self, conversation: Conversation) -> str:
        call_ids = self.by_call.anchors.contents.messages.columns["call_id"]
        ids = dict.fromkeys(call_id for row in conversation.rows if (call_id := call_ids[row]))
        return " ".join([*ids, *self.by_call.words_of_messages(conversation.rows)])
