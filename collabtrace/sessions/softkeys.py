"""Softkeys that phones tell CUCM of by REFER (``protocols.remotecc``): what was asked, about which calls."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from collabtrace.columns import MISSING, Table
from collabtrace.errors import ParseError
from collabtrace.protocols import remotecc, sip
from collabtrace.protocols.remotecc import RemoteRequest
from collabtrace.schema import Message, Transaction


class Pressed(NamedTuple):
    """One request, however often the captures show it."""

    row: int
    """In ``messages``: where it was seen first."""
    request: RemoteRequest
    status: int | None
    """Of the final response; None where none was seen."""
    answer_row: int | None
    """In ``messages``."""


def request_in(message: sip.Message) -> RemoteRequest | None:
    """What the body of a REFER asks, alone or as one of several parts; None where it asks nothing of this kind."""
    for part in message.parts:
        if part.media_type.name == remotecc.REQUEST:
            try:
                return remotecc.parse(part.body)
            except ParseError:
                continue
    return None


def pressed(
    messages: Table[Message], transactions: Table[Transaction], sip_of: Callable[[int], sip.Message]
) -> Iterator[Pressed]:
    """The softkeys of all captures, in the order of rows; one seen on several hops or in several files is one."""
    rows = [row for row, method in enumerate(messages.values("method")) if method == "REFER"]
    if not rows:
        return
    columns = [messages.columns[name] for name in ("call_id", "cseq", "from_tag")]
    copies = messages.numbers("retransmission_of")
    seen: dict[tuple[object, ...], list[int]] = {}
    for row in rows:
        if copies[row] == MISSING:
            seen.setdefault(tuple(column[row] for column in columns), []).append(row)
    answers = _answers(transactions)
    for hops in seen.values():
        request = request_in(sip_of(hops[0]))
        if request is not None and request.event is not None:
            answered = (answers[row] for row in hops if row in answers)
            yield Pressed(hops[0], request, *next(answered, (None, None)))


def _answers(transactions: Table[Transaction]) -> dict[int, tuple[int, int]]:
    """Status and row of the final response to each REFER, by the row of the request."""
    names = ("method", "request_row", "status", "answer_row")
    return {
        request: (status, answer)
        for method, request, status, answer in zip(*map(transactions.values, names), strict=True)
        if method == "REFER" and status is not None
    }
