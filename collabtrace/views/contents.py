"""Which rows of a case belong to which call: looked up once, so that thousands of calls can be drawn one by one."""

from collections.abc import Hashable, Iterable
from functools import cached_property
from typing import Any, Protocol, TypeVar
from weakref import WeakKeyDictionary

from collabtrace.columns import Table
from collabtrace.schema import (
    CallRecord,
    Capture,
    Dialog,
    Digit,
    Floor,
    Flow,
    Host,
    MediaLine,
    Message,
    Path,
    Report,
    Stream,
    Unreachable,
)

Owner = TypeVar("Owner", bound=Hashable)


class Case(Protocol):
    """The tables that views draw; ``sessions.case.Case`` has them."""

    @property
    def captures(self) -> Table[Capture]: ...  # noqa: D102 - the tables are described in schema.py
    @property
    def flows(self) -> Table[Flow]: ...  # noqa: D102
    @property
    def messages(self) -> Table[Message]: ...  # noqa: D102
    @property
    def dialogs(self) -> Table[Dialog]: ...  # noqa: D102
    @property
    def calls(self) -> Table[CallRecord]: ...  # noqa: D102
    @property
    def media(self) -> Table[MediaLine]: ...  # noqa: D102
    @property
    def streams(self) -> Table[Stream]: ...  # noqa: D102
    @property
    def reports(self) -> Table[Report]: ...  # noqa: D102
    @property
    def floors(self) -> Table[Floor]: ...  # noqa: D102
    @property
    def digits(self) -> Table[Digit]: ...  # noqa: D102
    @property
    def paths(self) -> Table[Path]: ...  # noqa: D102
    @property
    def hosts(self) -> Table[Host]: ...  # noqa: D102
    @property
    def unreachables(self) -> Table[Unreachable]: ...  # noqa: D102


class Contents:
    """The tables of a case, and the rows of each call; None stands for what belongs to no call."""

    def __init__(self, case: Case) -> None:
        self.messages, self.dialogs, self.calls, self.media = case.messages, case.dialogs, case.calls, case.media
        self.streams, self.reports, self.floors = case.streams, case.reports, case.floors
        self.digits = case.digits
        self.paths, self.unreachables, self.flows = case.paths, case.unreachables, case.flows
        self.hosts = _hosts(case.hosts)
        """What is known of each machine, by address."""
        self.call_rows = {call: row for row, call in enumerate(self.calls.values("call"))}
        """Row of ``calls`` by the number of the call."""
        self.call_of_id = {
            call_id: call
            for call, ids in zip(self.calls.values("call"), self.calls.values("call_ids"), strict=True)
            for call_id in ids
        }

    def call(self, number: int) -> CallRecord:
        """The call *number*; a KeyError where there is none."""
        return self.calls[self.call_rows[number]]

    def message_rows(self, number: int) -> list[int]:
        """The messages of all legs of a call, each once, in the order of the table."""
        dialogs = self.dialogs.columns["message_rows"]
        legs = self.calls.columns["dialog_rows"][self.call_rows[number]]
        return sorted({row for dialog in legs for row in dialogs[dialog]})

    def opening_seen(self, dialog: int) -> bool:
        """Whether the capture holds the request that opened the leg in row *dialog* of ``dialogs``.

        Without it nothing tells when the leg began, and an answer that is missing may have come before.
        """
        opener, rows = (self.dialogs.columns[name][dialog] for name in ("method", "message_rows"))
        methods, to_tags = self.messages.columns["method"], self.messages.columns["to_tag"]
        return any(methods[row] == opener and to_tags[row] is None for row in rows)

    def call_opening_seen(self, call: CallRecord) -> bool:
        """Whether the capture holds the INVITE of the caller's leg."""
        call_ids = self.dialogs.columns["call_id"]
        return any(self.opening_seen(leg) for leg in call.dialog_rows if call_ids[leg] == call.call_ids[0])

    @cached_property
    def files(self) -> tuple[str, ...]:
        """The capture files with anything to show, in the order in which they were given."""
        seen: dict[str, None] = {}
        for table in (self.flows, self.messages, self.streams, self.floors, self.reports, self.unreachables):
            seen.update(dict.fromkeys(table.values("file")))
        return tuple(seen)

    @cached_property
    def streams_of(self) -> dict[int | None, list[int]]:
        """Rows of ``streams``: those that the SDP of a call names, and those that its paths name besides."""
        owners = self._owners(self.streams)
        for call, rows in zip(self.paths.values("call"), self.paths.values("stream_rows"), strict=True):
            for row in rows:
                owners[row] = call if owners[row] is None else owners[row]
        return _by_owner(owners)

    @cached_property
    def reports_of(self) -> dict[int | None, list[int]]:
        """Rows of ``reports``."""
        return _by_owner(self._owners(self.reports))

    @cached_property
    def floors_of(self) -> dict[int | None, list[int]]:
        """Rows of ``floors``."""
        return _by_owner(self._owners(self.floors))

    @cached_property
    def digits_of(self) -> dict[int | None, list[int]]:
        """Rows of ``digits``."""
        return _by_owner(self._owners(self.digits))

    @cached_property
    def media_of(self) -> dict[int | None, list[int]]:
        """Rows of ``media``."""
        return _by_owner(self._owners(self.media))

    @cached_property
    def paths_of(self) -> dict[int | None, list[int]]:
        """Rows of ``paths``."""
        calls: list[int | None] = self.paths.values("call")
        return _by_owner(calls)

    @cached_property
    def errors_of(self) -> dict[tuple[str, int | None, str, int | None], list[int]]:
        """Rows of ``unreachables`` by the addresses and ports that they quote."""
        names = ("quoted_source", "quoted_source_port", "quoted_target", "quoted_target_port")
        quoted = list(zip(*map(self.unreachables.values, names), strict=True))
        return _by_owner(quoted)

    @cached_property
    def described(self) -> frozenset[int | None]:
        """Rows of the messages that hold an SDP, whatever body it is in."""
        return frozenset(self.media.values("offer_row")) | frozenset(self.media.values("answer_row"))

    @cached_property
    def messages_outside(self) -> list[int]:
        """Rows of the messages that are part of no call: registrations, keep-alives, presence."""
        inside = bytearray(len(self.messages))
        dialogs = self.dialogs.columns["message_rows"]
        for legs in self.calls.columns["dialog_rows"]:
            for row in (row for dialog in legs for row in dialogs[dialog]):
                inside[row] = 1
        return [row for row, known in enumerate(inside) if not known]

    def _owners(self, table: Table[Any]) -> list[int | None]:
        return [self.call_of_id.get(call_id) if call_id else None for call_id in table.columns["call_id"]]


_KNOWN: "WeakKeyDictionary[Hashable, Contents]" = WeakKeyDictionary()


def contents_of(case: Case) -> Contents:
    """The contents of *case*, made once as long as the case lives; its tables never change."""
    if not isinstance(case, Hashable):
        return Contents(case)
    known = _KNOWN.get(case)
    if known is None:
        known = _KNOWN[case] = Contents(case)
    return known


def _by_owner(owners: Iterable[Owner]) -> dict[Owner, list[int]]:
    rows: dict[Owner, list[int]] = {}
    for row, owner in enumerate(owners):
        rows.setdefault(owner, []).append(row)
    return rows


def _hosts(table: Table[Host]) -> dict[str, Host]:
    """The machines by address; the first file that knows the name of one counts."""
    known: dict[str, Host] = {}
    for host in table:
        if host.address not in known or (host.name and not known[host.address].name):
            known[host.address] = host
    return known
