"""A message whole: its text, and its session description beside those that it is worth being compared with."""

from dataclasses import dataclass

from markupsafe import Markup

from collabtrace.reports.messages import LONGEST_TEXT, readable
from collabtrace.reports.parts import Row, badge, table
from collabtrace.reports.section import Section
from collabtrace.sessions.case import Case
from collabtrace.views import labels, sdp_comparison
from collabtrace.views.markup import element, join

TONES = {"kept": "plain", "changed": "warn", "dropped": "bad", "added": "good"}
"""How the states of a line are coloured."""


@dataclass(frozen=True)
class OneMessage(Section):
    """One SIP message."""

    case: Case
    row: int

    @property
    def title(self) -> str:
        """What it is, and where it stands."""
        message = self.case.messages[self.row]
        return f"{labels.of_message(message, labels.body(message.content_type))}, frame {message.frame}"

    def html(self) -> Markup:
        """The text, and a table for each comparison."""
        text = element("pre", readable(self.case.text(self.row)[:LONGEST_TEXT]), tabindex=0)
        compared = [_compared(each) for each in sdp_comparison.plan(self.case, self.row)]
        return join([text, *compared])


def _compared(comparison: sdp_comparison.Comparison) -> Markup:
    changed = [pair for pair in comparison.pairs if pair.state != sdp_comparison.KEPT]
    rows = [
        Row((badge(pair.state, TONES[pair.state]), element("code", pair.left or ""), element("code", pair.right or "")))
        for pair in comparison.pairs
    ]
    said = f"{len(changed)} of {len(rows)} lines differ" if changed else "every line is the same"
    summary = element("summary", f"Beside {comparison.left}: {said}")
    shown = table("Two descriptions side by side", ("", comparison.left, comparison.right), rows)
    return element("details", summary, shown, open=bool(changed))
