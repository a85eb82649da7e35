"""What opens for one call or one conversation: a line that names it, and everything about it behind."""

from collections.abc import Iterable, Iterator

from markupsafe import Markup

from collabtrace.reports.by_call import ByCall
from collabtrace.reports.call import OneCall
from collabtrace.reports.format import clock, identity, span
from collabtrace.reports.messages import Messages
from collabtrace.reports.packing import Article
from collabtrace.reports.parts import badge
from collabtrace.reports.tones import result_tone, severity_tone
from collabtrace.schema import CallRecord
from collabtrace.views.markup import element, join
from collabtrace.views.wording import counted


def articles(by_call: ByCall) -> Iterator[Article]:
    """The article of every call that has one, then of every conversation."""
    anchors = by_call.anchors
    for call in anchors.contents.calls:
        anchor = anchors.call(call.call)
        if anchor is not None:
            shown = OneCall(by_call, call)
            yield _article(anchor, shown.title, _call_badges(by_call, call), shown.html())
    for conversation in anchors.conversations:
        messages = Messages(anchors, conversation.rows)
        ends = f"{identity(conversation.from_uri)} → {identity(conversation.to_uri)}"
        title = f"{conversation.method or 'Responses'} {ends}"
        yield _article(conversation.anchor, title, [counted(len(conversation.rows), "message")], messages.html())


def _article(anchor: str, title: str, badges: Iterable[object], body: Markup) -> Article:
    summary = element("summary", element("h3", title), " ", join(badges, " "))
    behind = element("div", body, id=anchor, class_="body")
    opened = element("details", summary, behind, class_="article", data_anchor=anchor)
    return Article(anchor, opened)


def _call_badges(by_call: ByCall, call: CallRecord) -> Iterator[object]:
    yield badge(call.result, result_tone(call.result))
    yield from (badge(found.title, severity_tone(found.severity)) for found in by_call.findings(call))
    yield element("span", clock(call.started), class_="time")
    if call.answered is not None and call.ended is not None:
        yield element("span", span(call.answered, call.ended), class_="time")
