"""BFCP messages and the m-line that negotiated each (RFC 8855, RFC 8856).

On a port that SDP named for BFCP every message counts, whatever its flaws. Elsewhere, as in a capture that began
after the call, one without any flaw and with nothing unknown in it does, and shows that all between its two ends are.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from collabtrace.capture.packets import Flows
from collabtrace.columns import Table
from collabtrace.errors import ParseError
from collabtrace.protocols import bfcp
from collabtrace.schema import Dialog, Floor, MediaLine
from collabtrace.sessions.negotiated import negotiated

NANO = 10**9
"""Nanoseconds in a second."""
INCOMPLETE = "fragments of it are missing"
MOST_FRAGMENTS = 64
"""Fragments of one message that wait for others: BFCP has no message of so many datagrams."""


class Item(Protocol):
    """One payload as the capture held it."""

    @property
    def frame(self) -> int:
        """Frame number."""

    @property
    def time(self) -> int:
        """Nanoseconds since the epoch."""

    @property
    def flow(self) -> int:
        """Number of its five-tuple."""

    @property
    def data(self) -> bytes:
        """The payload."""


def build(
    file: str,
    items: Sequence[Item],
    flows: Flows,
    media: Table[MediaLine],
    dialogs: Table[Dialog] | None = None,
) -> Table[Floor]:
    """The BFCP messages among *items*, which are those of one file; *dialogs* tell when calls ended."""
    if not items:
        return Table.empty(Floor)
    lines = negotiated(media, file, protocol="BFCP", dialogs=dialogs)
    call_ids = media.values("call_id")
    rows: list[Floor] = []
    found = list(whole(items))
    carrying = {frozenset(_ends(flows, item.flow)) for item, message in found if flawless(message)}
    asked: set[tuple[object, ...]] = set()
    for item, message in sorted(found, key=lambda pair: pair[0].frame):
        time = item.time / NANO
        source, target = _ends(flows, item.flow)
        row = lines.find(source, target, (time, time))
        if row is None and frozenset((source, target)) not in carrying:
            continue
        transaction = (message.conference, message.user, message.transaction)
        response = message.response
        if response and not message.responder and flows.transport[item.flow] == "udp":
            response = message.primitive in bfcp.ANSWERS or (target, source, *transaction) in asked
        if not response:
            asked.add((source, target, *transaction))
        ends = (*source, *target, flows.transport[item.flow])
        rows.append(_floor(file, item, ends, message, response, row, None if row is None else call_ids[row]))
    return Table.of(Floor, rows)


def _ends(flows: Flows, number: int) -> tuple[tuple[str, int], tuple[str, int]]:
    return (flows.source[number], flows.source_port[number]), (flows.target[number], flows.target_port[number])


def _floor(
    file: str,
    item: Item,
    ends: tuple[str, int, str, int, str],
    message: bfcp.Message,
    response: bool,
    row: int | None,
    call_id: str | None,
) -> Floor:
    return Floor(
        file,
        item.frame,
        item.time / NANO,
        *ends,
        version=message.version,
        primitive=message.primitive,
        name=message.name,
        response=response,
        conference=message.conference,
        transaction=message.transaction,
        user=message.user,
        floors=message.floors,
        floor_request=message.floor_request,
        status=message.status,
        error=message.error,
        flaws=_flaws(message) or None,
        call_id=call_id,
        media_row=row,
    )


def _flaws(message: bfcp.Message) -> tuple[str, ...]:
    known = message.primitive in bfcp.PRIMITIVES
    return message.flaws if known else (*message.flaws, f"no RFC names primitive {message.primitive}")


def flawless(message: bfcp.Message) -> bool:
    """Whether nothing in *message* is wrong or unknown."""
    known = all(attribute.type in bfcp.ATTRIBUTES for attribute in bfcp.walk(message.attributes))
    return not message.flaws and message.primitive in bfcp.PRIMITIVES and known


def whole(items: Sequence[Item]) -> Iterator[tuple[Item, bfcp.Message]]:
    """The messages in *items*; one that came in fragments stands where its last fragment came (RFC 8855 §6.2.3)."""
    partial: dict[tuple[int, ...], list[tuple[Item, bfcp.Message]]] = {}
    for item in items:
        try:
            message = bfcp.parse(item.data)
        except ParseError:
            continue
        if message.fragment is None:
            yield item, message
            continue
        key = (item.flow, message.conference, message.transaction, message.user, message.primitive, message.responder)
        parts = partial.setdefault(key, [])
        parts.append((item, message))
        joined = _joined([part for _, part in parts])
        if joined is not None:
            del partial[key]
            yield item, joined
        elif len(parts) >= MOST_FRAGMENTS:
            yield _incomplete(partial.pop(key))
    for parts in partial.values():
        yield _incomplete(parts)


def _incomplete(parts: list[tuple[Item, bfcp.Message]]) -> tuple[Item, bfcp.Message]:
    item, message = parts[0]
    return item, replace(message, flaws=(*message.flaws, INCOMPLETE))


def _joined(parts: list[bfcp.Message]) -> bfcp.Message | None:
    """The message that the fragments *parts* make, or None while it has a hole."""
    payload = b""
    for part in sorted(parts, key=lambda part: part.fragment.offset if part.fragment else 0):
        begin = part.fragment.offset * bfcp.UNIT if part.fragment else 0
        if begin > len(payload):
            return None
        payload += part.rest[len(payload) - begin :]
    first = parts[0]
    if first.fragment is None or len(payload) < first.fragment.total * bfcp.UNIT:
        return None
    return bfcp.parse(bytes(replace(first, fragment=None, rest=payload[: first.fragment.total * bfcp.UNIT])))
