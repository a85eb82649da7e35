"""Where things are on the page: the article of each call, the place of each message in it.

An article is what opens when a reader asks for one call, or for one conversation outside calls. The
anchor of a message begins with its article's, so that the page knows which article to open first.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

from collabtrace.reports.section import Case
from collabtrace.views.contents import Contents, contents_of

MOST_CONVERSATIONS = 5000
"""Conversations outside calls that can be opened."""


@dataclass(frozen=True)
class Conversation:
    """Messages outside calls of one kind between the same two identities: all registrations of one phone."""

    number: int
    """From 1, in the order in which they began."""
    method: str | None
    """Of the first request; None where only responses were seen."""
    from_uri: str | None
    to_uri: str | None
    rows: list[int]
    """In ``messages``."""

    @property
    def anchor(self) -> str:
        """Of its article."""
        return f"other-{self.number}"


class Anchors:
    """The anchors of one report."""

    def __init__(
        self, case: Case, detailed: Collection[int] | None = None, *, conversations: int = MOST_CONVERSATIONS
    ) -> None:
        """*detailed* are the numbers of the calls that have an article, None for all; *conversations* how many have."""
        self.case = case
        self._most = conversations
        self.contents: Contents = contents_of(case)
        self.detailed = frozenset(self.contents.call_rows if detailed is None else detailed)

    def call(self, number: int) -> str | None:
        """The anchor of a call's article; None where it has none."""
        return f"call-{number}" if number in self.detailed else None

    def call_of(self, call_id: str) -> str | None:
        """The anchor of the call that a Call-ID is a leg of."""
        number = self.contents.call_of_id.get(call_id)
        return None if number is None else self.call(number)

    def message(self, row: int) -> str | None:
        """The anchor of a message of ``messages``."""
        article = self._articles.get(row)
        return None if article is None else f"{article}-m{row}"

    def frame(self, file: str, frame: int) -> str | None:
        """The anchor of the message in a frame; None where the frame holds none."""
        row = self._frames.get((file, frame))
        return None if row is None else self.message(row)

    @cached_property
    def conversations(self) -> list[Conversation]:
        """The messages outside calls, grouped, as many groups as have an article."""
        return self._grouped[: self._most]

    @property
    def conversations_left_out(self) -> int:
        """Groups that have no article."""
        return len(self._grouped) - len(self.conversations)

    @cached_property
    def _grouped(self) -> list[Conversation]:
        return _conversations(self.case, self.contents.messages_outside)

    @cached_property
    def _articles(self) -> dict[int, str]:
        articles = {row: each.anchor for each in self.conversations for row in each.rows}
        for number in sorted(self.detailed, reverse=True):
            articles |= dict.fromkeys(self.contents.message_rows(number), f"call-{number}")
        return articles

    @cached_property
    def _frames(self) -> dict[tuple[str, int], int]:
        messages = self.case.messages
        places = zip(messages.values("file"), messages.values("frame"), strict=True)
        return {place: row for row, place in reversed(list(enumerate(places)))}


def _conversations(case: Case, rows: list[int]) -> list[Conversation]:
    messages = case.messages
    times, call_ids, methods = (messages.values(name) for name in ("time_epoch", "call_id", "cseq_method"))
    from_uris, to_uris = messages.values("from_uri"), messages.values("to_uri")
    key_of_id: dict[str | None, tuple[str | None, str | None, str | None]] = {}
    found: dict[tuple[str | None, str | None, str | None], list[int]] = {}
    for row in sorted(rows, key=lambda row: (times[row], row)):
        key = key_of_id.setdefault(call_ids[row], (methods[row], from_uris[row], to_uris[row]))
        found.setdefault(key, []).append(row)
    return [Conversation(number, *key, listed) for number, (key, listed) in enumerate(found.items(), 1)]
