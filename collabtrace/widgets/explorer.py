"""The explorer: calls to search and filter, the chosen call with its ladder, and the message behind each arrow.

The notebook's page asks, and this side answers with HTML that the report's own sections made; so the explorer shows
what the report shows, and nothing that a capture holds becomes code. Where widgets do not run, as in an exported
document, the static twin stands in its place.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from collabtrace.errors import CaptureError
from collabtrace.findings import Diagnosis
from collabtrace.reports.anchors import Anchors
from collabtrace.reports.by_call import ByCall
from collabtrace.reports.call import MESSAGES, OneCall
from collabtrace.reports.calls import Calls
from collabtrace.reports.comparison import OneMessage
from collabtrace.reports.details import Details
from collabtrace.reports.format import clock, identity, span
from collabtrace.reports.section import CLASS, style
from collabtrace.schema import CallRecord
from collabtrace.sessions.case import Case
from collabtrace.views.markup import element, join, verbatim

FOLDER = Path(__file__).parent
MOST_STATIC = 50
"""Calls that the static twin unfolds: a document should still open."""


class Explorer(anywidget.AnyWidget):
    """Clicks through one case."""

    _esm = "".join((FOLDER / name).read_text(encoding="utf-8") for name in ("windows.js", "explorer.js"))
    _css = FOLDER / "explorer.css"

    calls: traitlets.List[dict[str, Any]] = traitlets.List().tag(sync=True)
    """A row for each call."""
    chosen = traitlets.Int(0).tag(sync=True)
    """The number of the call that is open; 0 for none."""
    article = traitlets.Unicode("").tag(sync=True)
    """All about it, as HTML."""
    listed = traitlets.Unicode("").tag(sync=True)
    """All messages of the call, as HTML, once the reader asked for them."""
    asked = traitlets.Int(-1).tag(sync=True)
    """The row of the message that is open; -1 for none."""
    message = traitlets.Unicode("").tag(sync=True)
    """The message, as HTML."""
    look = traitlets.Unicode("").tag(sync=True)
    """The style of the sections."""
    told = traitlets.Unicode("").tag(sync=True)
    """What came of the last refresh."""

    def __init__(self, case: Case, diagnosis: Diagnosis, refresh: Callable[[], object]) -> None:
        """Open the first call with a finding, else the first call.

        *refresh* reads the captures again where they grew, has ``show`` show it, and gives what came.
        """
        self._refresh = refresh
        super().__init__(look=style())
        self._take(case, diagnosis)
        self.observe(lambda _: self._open(), "chosen")
        self.observe(lambda _: self._show(), "asked")
        self.on_msg(self._on_message)
        telling = next((row["call"] for row in self.calls if row["rules"]), 1)
        self.chosen = telling if len(self.calls) else 0

    def show(self, case: Case, diagnosis: Diagnosis) -> None:
        """Show the case as it is now; the call and the message that are open stay open."""
        call = self._call()
        place = self._place(self.asked)
        self._take(case, diagnosis)
        self.chosen = (case.call_again(call) if call else None) or min(1, len(case.calls))
        self._open()
        self.asked = next((row for row in range(len(case.messages)) if place and self._place(row) == place), -1)

    def _take(self, case: Case, diagnosis: Diagnosis) -> None:
        self._case = case
        self._by_call = ByCall(Anchors(case, conversations=0), diagnosis)
        self.calls = [self._row(number) for number in case.calls.values("call")]

    def _place(self, row: int) -> tuple[str, int] | None:
        """File and frame of a message."""
        columns = self._case.messages.columns
        return (columns["file"][row], int(columns["frame"][row])) if 0 <= row < len(self._case.messages) else None

    def _on_message(self, _: object, content: object, __: object) -> None:
        """The reader pressed a button."""
        if content == "refresh":
            try:
                self.told = str(self._refresh())
            except CaptureError as error:
                self.told = str(error)
        elif content == "list" and (call := self._call()):
            messages = dict(OneCall(self._by_call, call).sections())[MESSAGES]
            self.listed = str(messages.framed(f"call-{call.call}-{MESSAGES}", 4))

    def _call(self) -> CallRecord | None:
        """The call that is open."""
        return self._case.calls[self.chosen - 1] if 1 <= self.chosen <= len(self._case.calls) else None

    def _open(self) -> None:
        """Answer with the article of the call that was chosen; what is no call opens nothing."""
        self.asked = -1
        self.listed = ""
        call = self._call()
        self.article = str(OneCall(self._by_call, call, without=(MESSAGES,)).html()) if call else ""

    def _show(self) -> None:
        """Answer with the message that was asked for."""
        known = 0 <= self.asked < len(self._case.messages)
        self.message = str(OneMessage(self._case, self.asked).framed("message", 4)) if known else ""

    def _row(self, number: int) -> dict[str, Any]:
        call = self._case.calls[number - 1]
        found = self._by_call.findings(call)
        lasted = None if call.answered is None or call.ended is None else span(call.answered, call.ended)
        return {
            "call": number,
            "started": clock(call.started),
            "caller": str(identity(call.caller) or ""),
            "callee": str(identity(call.callee) or ""),
            "result": call.result,
            "lasted": lasted or "",
            "media": call.media or "",
            "messages": call.messages,
            "severity": found[0].severity if found else "",
            "rules": list(dict.fromkeys(each.rule for each in found)),
            "words": self._by_call.words(call),
        }

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """The widget, and its twin for where no widget runs."""
        bundle = super()._repr_mimebundle_(**kwargs)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        return {
            **(data or {}),
            "text/html": self.static(),
            "text/plain": f"<Explorer of {len(self.calls)} calls>",
        }, metadata

    def static(self) -> str:
        """The same as a document: all calls, and the first of them unfolded."""
        detailed = [row["call"] for row in sorted(self.calls, key=lambda row: not row["rules"])][:MOST_STATIC]
        by_call = ByCall(Anchors(self._case, detailed, conversations=0), self._by_call.diagnosis)
        shown = element("div", Calls(by_call).html(), Details(by_call).html(), class_=CLASS)
        return str(join([verbatim("style", style()), shown]))
