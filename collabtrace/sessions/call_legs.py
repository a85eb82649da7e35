"""The legs as the search for calls sees them: a few columns of the dialogs, and what their messages say."""

import functools
import re
from collections.abc import Iterator

from collabtrace.columns import Table
from collabtrace.schema import Dialog, Message

NIL = "0" * 32
"""The UUID of a Session-ID that is not known yet (RFC 7989 §5)."""

Pair = frozenset[str]
"""The two UUIDs of a Session-ID, or the one that is known."""

_UNKNOWN = frozenset({NIL, None})
# session-id = local-uuid *(SEMI sess-id-param);  sess-id-param = remote-param / generic-param (RFC 7989 §5)
_SESSION_ID = re.compile(r"\s*([0-9a-f]{32})(?:.*?;\s*remote\s*=\s*([0-9a-f]{32}))?")


class CallLegs:
    """The INVITE legs of a case; a leg is named by its row in the dialogs."""

    def __init__(self, messages: Table[Message], dialogs: Table[Dialog]) -> None:
        column = dialogs.values
        self.size = len(dialogs)
        self.invites = [row for row, method in enumerate(column("method")) if method == "INVITE"]
        self.others = [row for row, method in enumerate(column("method")) if method != "INVITE"]
        self.file, self.call_id, self.method = column("file"), column("call_id"), column("method")
        self.from_uri, self.to_uri = column("from_uri"), column("to_uri")
        self.from_tag, self.to_tag = column("from_tag"), column("to_tag")
        self.caller, self.callee = column("caller"), column("callee")
        self.started, self.answered, self.ended = column("started"), column("answered"), column("ended")
        self.rows: list[tuple[int, ...]] = column("message_rows")
        self._time = messages.numbers("time_epoch")
        self._request_uri = messages.values("request_uri")
        self._correlation = messages.values("correlation")
        self._session_id = messages.values("session_id")

    @functools.cached_property
    def by_call_id(self) -> dict[str, list[int]]:
        """The INVITE legs of each Call-ID, in all files."""
        found: dict[str, list[int]] = {}
        for leg in self.invites:
            found.setdefault(self.call_id[leg], []).append(leg)
        return found

    def named(self, call_id: str) -> int | None:
        """The first leg with that Call-ID, an INVITE's before a subscription's."""
        found = self.by_call_id.get(call_id)
        return found[0] if found else self._others_by_call_id.get(call_id)

    @functools.cached_property
    def _others_by_call_id(self) -> dict[str, int]:
        return {self.call_id[leg]: leg for leg in reversed(self.others)}

    def last(self, leg: int) -> float:
        """When it ended, else the time of its last message."""
        ended: float | None = self.ended[leg]
        return ended if ended is not None else float(self._time[self.rows[leg][-1]])

    def overlap(self, one: int, other: int) -> bool:
        """Whether both were there at some moment."""
        return bool(self.started[one] <= self.last(other) and self.started[other] <= self.last(one))

    def request_uri(self, leg: int) -> str | None:
        """The Request-URI of the first message, where that is a request."""
        uri: str | None = self._request_uri[self.rows[leg][0]]
        return uri

    def marks(self, leg: int) -> Iterator[str]:
        """What its INVITEs say of other legs."""
        correlation = self._correlation
        for row in self.rows[leg]:
            if correlation[row] is not None:
                yield from correlation[row]

    @functools.cached_property
    def has_marks(self) -> bool:
        """Whether any message of the case has marks."""
        return any(self._correlation)

    @functools.cached_property
    def has_session_ids(self) -> bool:
        """Whether any message of the case has a Session-ID."""
        return any(self._session_id)

    def has_session_id(self, leg: int) -> bool:
        """Whether its first message has a Session-ID."""
        return self._session_id[self.rows[leg][0]] is not None

    def session_ids(self, leg: int) -> set[Pair]:
        """The Session-IDs of its messages: both UUIDs of each, or the one that is known."""
        session_id = self._session_id
        return {pair for text in {session_id[row] for row in self.rows[leg]} if text and (pair := session_pair(text))}


@functools.lru_cache(maxsize=4096)
def session_pair(text: str) -> Pair:
    """The UUIDs of a Session-ID header without the nil UUID; the order tells only who sent it (RFC 7989 §6)."""
    match = _SESSION_ID.match(text.lower())
    return frozenset(match.groups()) - _UNKNOWN if match is not None else frozenset()


@functools.lru_cache(maxsize=8192)
def user(uri: str | None) -> str | None:
    """The user part of a SIP or tel URI, in lower case; None where there is none or it is anonymous (RFC 3323 §4.1)."""
    if not uri:
        return None
    scheme, colon, rest = uri.partition(":")
    name, at, _ = rest.partition("@")
    if not colon or not (at or scheme.lower() == "tel"):
        return None
    name = name.partition(";")[0].lower()
    return None if name in ("", "anonymous", "unavailable", "restricted") else name
