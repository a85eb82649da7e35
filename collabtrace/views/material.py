"""The records that one ladder shows, each with its row in its table."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias, TypeVar

from collabtrace.columns import Table
from collabtrace.schema import Digit, Floor, MediaLine, Message, Report, Stream, Unreachable
from collabtrace.views.contents import Contents

Record = TypeVar("Record")
Rows: TypeAlias = list[tuple[int, Record]]

ANSWER_WAIT = 32.0
"""Seconds after the last message in which an ICMP error may still be about it: 64·T1 (RFC 3261 §17.1.1.2)."""


class Described(NamedTuple):
    """A media line with the messages that described it, where the capture shows them."""

    line: MediaLine
    offer: Message | None
    answer: Message | None


@dataclass(frozen=True, slots=True)
class Material:
    """What belongs to one call, or to none; messages are in the order of time."""

    messages: Rows[Message]
    lines: Mapping[int, MediaLine]
    """Media lines by row."""
    streams: Rows[Stream]
    reports: Rows[Report]
    floors: Rows[Floor]
    digits: Rows[Digit]
    errors: Rows[Unreachable]

    @property
    def described(self) -> list[Described]:
        """The media lines with their messages."""
        shown: dict[int | None, Message] = dict(self.messages)
        return [Described(line, shown.get(line.offer_row), shown.get(line.answer_row)) for line in self.lines.values()]


def of(contents: Contents, call: int | None) -> Material:
    """The material of the call with that number; None for what belongs to no call."""
    rows = contents.messages_outside if call is None else contents.message_rows(call)
    messages = _records(contents.messages, rows)
    messages.sort(key=lambda entry: (entry[1].time_epoch, entry[1].file, entry[1].frame))
    streams = _records(contents.streams, contents.streams_of.get(call, ()))
    floors = _records(contents.floors, contents.floors_of.get(call, ()))
    carriers: list[Message | Stream | Floor] = []
    for table in (messages, streams, floors):
        carriers += [record for _, record in table]
    return Material(
        messages=messages,
        lines=dict(_records(contents.media, contents.media_of.get(call, ()))),
        streams=streams,
        reports=_records(contents.reports, contents.reports_of.get(call, ())),
        floors=floors,
        digits=_records(contents.digits, contents.digits_of.get(call, ())),
        errors=_errors(contents, messages, carriers),
    )


def flow(record: Message | Stream | Floor | Digit) -> tuple[str, int | None, str, int | None]:
    """The addresses and ports of a record, as an ICMP error quotes them."""
    return record.source, record.source_port, record.target, record.target_port


def _errors(
    contents: Contents, messages: Rows[Message], records: Iterable[Message | Stream | Floor]
) -> Rows[Unreachable]:
    """ICMP errors that quote a packet between the same ports, while the messages were sent or shortly after."""
    if not contents.errors_of or not messages:
        return []
    first, last = messages[0][1].time_epoch, messages[-1][1].time_epoch + ANSWER_WAIT
    rows = {row for ports in {flow(record) for record in records} for row in contents.errors_of.get(ports, ())}
    errors = _records(contents.unreachables, sorted(rows))
    return [(row, error) for row, error in errors if first <= error.time_epoch <= last]


def _records(table: Table[Record], rows: Iterable[int]) -> Rows[Record]:
    return [(row, table[row]) for row in rows]
