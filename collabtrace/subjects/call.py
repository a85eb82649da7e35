"""One call: all its legs together, whoever stood between them."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

import numpy as np

from collabtrace.schema import CallRecord, Dialog, Digit, Floor, Report, Rewrite, Stream
from collabtrace.sessions.case import Case
from collabtrace.sessions.formats import numbers
from collabtrace.sessions.offer_answer import REJECTED
from collabtrace.subjects.channel import Channel
from collabtrace.subjects.expectation import Expectation, expectations
from collabtrace.subjects.joint import Joint, Relay, joints, relays
from collabtrace.subjects.key_subscription import KeySubscription
from collabtrace.subjects.leg import Leg
from collabtrace.subjects.line import Line
from collabtrace.subjects.message import SipMessage
from collabtrace.subjects.press import Press
from collabtrace.subjects.refusal import Known, Refusal, own_offers, refusals
from collabtrace.subjects.related import NONE, Related

RETRIED_WITHIN = 5.0
"""Seconds after a call began in which a program tries again by itself if it is refused: people take longer."""


class Call:
    """A call and what belongs to it."""

    def __init__(self, related: Related, row: int) -> None:
        self._related = related
        self.row = row
        """In the table ``calls``."""
        self.record: CallRecord = related.case.calls[row]

    def __repr__(self) -> str:
        call = self.record
        return f"<Call {call.call}: {call.caller} to {call.callee}, {call.result}, {len(call.dialog_rows)} legs>"

    @property
    def case(self) -> Case:
        """The case that it is in, for what reaches beyond one call."""
        return self._related.case

    @property
    def number(self) -> int:
        """Its number, from 1."""
        return self.record.call

    @property
    def call_ids(self) -> tuple[str, ...]:
        """The Call-ID of every leg."""
        return self.record.call_ids

    @cached_property
    def legs(self) -> tuple[Leg, ...]:
        """Its legs in the order in which they began; a leg seen in two captures is there twice."""
        return tuple(Leg(self._related, row, self) for row in self.record.dialog_rows)

    def ends_of_kind(self, product: str) -> frozenset[str]:
        """Addresses of the ends of its legs that are machines of a product, as ``hosts`` names it."""
        if product not in self._related.products or not (machines := self._related.machines.get(product)):
            return frozenset()
        dialogs = self._related.case.dialogs.columns
        return machines & {dialogs[end][row] for row in self.record.dialog_rows for end in ("caller", "callee")}

    def others_with(self, machine: str) -> Iterator["Call"]:
        """The other calls of the case of which a machine is an end."""
        return (Call(self._related, row) for row in self._related.calls_of_end.get(machine, NONE) if row != self.row)

    def other(self, number: int) -> "Call":
        """The call of the case with that number; this one where it is its own."""
        return self if number == self.number else Call(self._related, number - 1)

    def ended_at(self, machine: str, begin: float, end: float) -> Iterator[Dialog]:
        """The legs of any call of which a machine is an end and that ended from *begin* to *end*."""
        dialogs = self._related.case.dialogs
        ended = dialogs.numbers("ended")
        for row in np.flatnonzero((ended >= begin) & (ended <= end)).tolist():
            ends = dialogs.columns["caller"][row], dialogs.columns["callee"][row]
            if machine in ends and dialogs.columns["method"][row] == "INVITE":
                yield dialogs[row]

    def ended_together(self, machine: str, ended: float, apart: float) -> tuple["Call", ...]:
        """The calls whose legs with a machine ended around a time, none more than *apart* seconds from the next.

        They are in the order of their numbers.
        """
        first = last = ended
        while True:
            near = list(self.ended_at(machine, first - apart, last + apart))
            ends = [leg.ended for leg in near if leg.ended is not None]
            if not ends or (min(ends) >= first and max(ends) <= last):
                return tuple(map(self.other, sorted({leg.call for leg in near if leg.call is not None})))
            first, last = min(ends), max(ends)

    @cached_property
    def methods(self) -> frozenset[str]:
        """The methods of its requests."""
        return frozenset().union(*(leg.methods for leg in self.legs))

    @cached_property
    def messages(self) -> tuple[SipMessage, ...]:
        """The messages of all legs in the order of time."""
        return tuple(sorted((each for leg in self.legs for each in leg.messages), key=lambda each: each.time))

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Every m-line of every round of every leg."""
        return tuple(line for leg in self.legs for line in leg.lines)

    @cached_property
    def streams(self) -> tuple[Stream, ...]:
        """The RTP streams of all its lines, each once."""
        return tuple(map(self._related.case.streams.__getitem__, self.stream_rows))

    @cached_property
    def floors(self) -> tuple[Floor, ...]:
        """The BFCP messages of all its lines, each once."""
        rows = self._rows(self._related.floors_of_line)
        return tuple(map(self._related.case.floors.__getitem__, rows))

    @cached_property
    def presses(self) -> tuple[Press, ...]:
        """The keys pressed on any of its legs, in the order of time."""
        found = self._related.digits_of_call_id
        rows = [row for call_id in dict.fromkeys(self.call_ids) for row in found.get(call_id, NONE)]
        pressed = map(self._related.case.digits.__getitem__, rows)
        presses = [Press(digit, leg) for digit in pressed if (leg := self._leg_of(digit)) is not None]
        return tuple(sorted(presses, key=lambda press: press.time))

    @cached_property
    def joints(self) -> tuple[Joint, ...]:
        """The machines in the middle (B2BUAs), each with two of its legs."""
        return joints(self) if len(set(self.call_ids)) > 1 else ()

    @cached_property
    def relays(self) -> tuple[Relay, ...]:
        """Those by way of which it went on from one of its answered legs to the next."""
        return relays(self) if len(set(self.call_ids)) > 1 else ()

    @cached_property
    def key_subscriptions(self) -> tuple[KeySubscription, ...]:
        """The subscriptions to the keys pressed on any of its legs (KPML), in the order of time."""
        found = self._related.key_subscriptions
        mine = (each for call_id in dict.fromkeys(self.call_ids) for each in found.get(call_id, ()))
        return tuple(sorted(mine, key=lambda each: each.hops[0].started))

    def _leg_of(self, digit: Digit) -> Leg | None:
        """The leg that carried a key; several forks have one Call-ID, and each capture has its own legs."""
        legs = [leg for leg in self.legs if leg.call_id == digit.call_id]
        carrier = (
            None if digit.media_row is None else int(self._related.case.media.numbers("dialog_row")[digit.media_row])
        )
        exact = (leg for leg in legs if leg.row == carrier or digit.message_row in leg.record.message_rows)
        return next(exact, legs[0] if legs else None)

    @cached_property
    def rewrites(self) -> tuple[Rewrite, ...]:
        """What changed in the text of its messages between two places that saw them."""
        found = self._related.rewrites_of_id
        rows = [row for call_id in dict.fromkeys(self.call_ids) for row in found.get(call_id, NONE)]
        return tuple(map(self._related.case.rewrites.__getitem__, rows))

    @property
    def sightings(self) -> int:
        """How many of its messages were seen at two places."""
        found = self._related.sightings_of_id
        return sum(len(found.get(call_id, NONE)) for call_id in set(self.call_ids))

    @cached_property
    def reports(self) -> tuple[Report, ...]:
        """What RTCP says of its media, in all captures."""
        found = self._related.reports_of_id
        rows = sorted({row for call_id in self.call_ids for row in found.get(call_id, NONE)})
        return tuple(map(self._related.case.reports.__getitem__, rows))

    @cached_property
    def refusals(self) -> tuple[Refusal, ...]:
        """The session descriptions that were refused as a whole (488, 606), in the order of time."""
        return refusals(self._related, self)

    @cached_property
    def next_try(self) -> CallRecord | None:
        """The call that its caller made to the same party at once after it, as a program does that tries otherwise."""
        mine, calls = self.record, self._related.case.calls
        rows = self._related.calls_of_parties.get((mine.caller or "", mine.callee or ""), NONE)
        after = bisect_right(rows, self.row)
        later = calls[rows[after]] if after < len(rows) else None
        return later if later is not None and later.started - mine.started <= RETRIED_WITHIN else None

    def offers_of(self, machine: str) -> tuple[Known, ...]:
        """What a machine offered for itself, in any call of the case."""
        return tuple(own_offers(self._related, machine))

    @property
    def has_floor_control(self) -> bool:
        """Whether any description of it has a BFCP m-line."""
        return not self._related.floor_control.isdisjoint(self.record.dialog_rows)

    @cached_property
    def channels(self) -> tuple[Channel, ...]:
        """The floor control channels that were agreed on, in the order of time."""
        if not self.has_floor_control:
            return ()
        found: defaultdict[object, list[Line]] = defaultdict(list)
        for line in self.lines:
            if line.is_bfcp and line.is_agreed:
                found[line.ends].append(line)
        channels = [Channel(self._related, tuple(lines)) for lines in found.values()]
        return tuple(sorted(channels, key=lambda channel: channel.begin))

    @cached_property
    def floor_control(self) -> tuple[tuple[Channel, ...], ...]:
        """The same, those that a leg had one after the other together.

        Where a B2BUA lets media flow through it, the legs on its two sides have channels of their own.
        """
        groups: list[list[Channel]] = []
        for channel in self.channels:
            kin = [group for group in groups if any(each.call_ids & channel.call_ids for each in group)]
            groups = [group for group in groups if group not in kin]
            groups.append([*(each for group in kin for each in group), channel])
        return tuple(tuple(sorted(group, key=lambda each: each.begin)) for group in groups)

    @property
    def secured_rows(self) -> frozenset[int]:
        """The rows in ``media`` of its lines that have to do with encryption."""
        return self._related.secured_lines.intersection(self.line_rows)

    def extra_bytes(self, line_row: int) -> float:
        """Bytes by which the packets on one of its lines are longer on average than its codec needs."""
        return self._related.extra_bytes.get(line_row, 0.0)

    @cached_property
    def stream_rows(self) -> tuple[int, ...]:
        """The rows in ``streams`` of the RTP streams of all its lines, each once."""
        return tuple(self._rows(self._related.streams_of_line))

    @cached_property
    def common_types(self) -> Mapping[str, frozenset[int]]:
        """The payload types that every description of the call names for a kind of media, of all legs and rounds."""
        names = ("kind", "state", "offer_payload_types", "answer_payload_types")
        columns = [self._related.case.media.columns[name] for name in names]
        named: defaultdict[str, set[tuple[str, ...] | None]] = defaultdict(set)
        for row in self.line_rows:
            kind, state, offered, answered = (column[row] for column in columns)
            if state != REJECTED:
                named[kind] |= {offered, answered}
        return {
            kind: frozenset.intersection(*(frozenset() if types is None else numbers(types) for types in said))
            for kind, said in named.items()
        }

    def expectations(self, stream: Stream) -> tuple[Expectation, ...] | None:
        """Which payload types the receiver of one of its streams wanted, and when; None where no capture shows it."""
        return expectations(self, stream)

    @cached_property
    def line_rows(self) -> tuple[int, ...]:
        """The rows in ``media`` of its lines, for questions that the columns answer."""
        return tuple(row for leg in self.record.dialog_rows for row in self._related.lines_of_leg.get(leg, NONE))

    def _rows(self, of_line: Mapping[int, Sequence[int]]) -> list[int]:
        return sorted({row for line in self.line_rows for row in of_line.get(line, NONE)})
