"""Keys sent as telephone-events in RTP (RFC 4733): one row for each press, whatever its packets got wrong.

What is an event is told by the SDP of the m-line: either side's, as a sender may mistake its own number for the one
that it has to use. Where no SDP names the payload type, a run of packets that could be nothing else shows what all
packets of that type from that source are. Of SRTP only the header can be read: that a key was pressed, and when.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from collabtrace.capture.packets import Flows
from collabtrace.columns import Table
from collabtrace.protocols import telephone_event
from collabtrace.schema import Dialog, Digit, MediaLine
from collabtrace.sessions.event_runs import UNREADABLE, Run, Runs, readable, unreadable
from collabtrace.sessions.event_types import Ends, EventTypes, flags
from collabtrace.sessions.media_packets import EVENT_BYTES, MediaPackets
from collabtrace.sessions.negotiated import negotiated

METHOD = "rtp-event"
NANO = 10**9
"""Nanoseconds in a second."""
NEXT_REPORT = NANO // 2
"""Nanoseconds within which the next report of the same press comes: senders report every 50 ms or more often."""
LONG = 0xFF00
"""Duration from which on an event goes on as a new one, with the timestamp where the first ends (RFC 4733 §2.5.1.3)."""
CYCLE = 1 << 32
"""Timestamps begin again."""

NO_END = "no packet says that it ended"
NO_DURATION = "its duration is 0"
MOVES = "the timestamp moves within the event"


class Press(NamedTuple):
    """One press: a run, or several that its sender made of it."""

    run: Run
    """The first; with the end of the last."""
    duration: int
    """Of all of them, in timestamp units."""
    moves: bool
    """Whether the timestamp moved though it must not (RFC 4733 §2.5.1.2)."""


def build(
    file: str, packets: MediaPackets, flows: Flows, media: Table[MediaLine], dialogs: Table[Dialog] | None = None
) -> list[Digit]:
    """The keys in the RTP of one file; *dialogs* tell when calls ended."""
    types = flags(media.values("payload_types"))
    seen = readable(packets.events)
    shown = np.unique(seen.only(seen.columns["orderly"].astype(np.bool_)).key())
    seen = seen.only(types[seen.columns["payload_type"]] | np.isin(seen.key(), shown))
    hidden = unreadable(packets.chunks, types) if types.any() else seen.only(np.zeros(len(seen), dtype=np.bool_))
    if not len(seen) and not len(hidden):
        return []
    reading = _Reading(file, packets, flows, media, dialogs)
    rows = [*reading.presses(seen, frozenset(shown.tolist())), *reading.headers(hidden)]
    return sorted(rows, key=lambda row: row.frame)


class _Reading:
    """What is known while the keys of one file are read."""

    def __init__(
        self, file: str, packets: MediaPackets, flows: Flows, media: Table[MediaLine], dialogs: Table[Dialog] | None
    ) -> None:
        self._file = file
        self._sources, self._flows = packets.sources, flows
        self._until = packets.last_times().tolist()
        self._types = EventTypes(media, negotiated(media, file, protocol="RTP", dialogs=dialogs))
        self._security, self._call_id, self._kind = (media.values(name) for name in ("security", "call_id", "kind"))

    def presses(self, runs: Runs, shown: frozenset[int]) -> Iterator[Digit]:
        """The keys of runs that can be read; *shown* are the sources and payload types that show what they are."""
        for press in merged(list(runs)):
            run, ends = press.run, self._ends(press.run)
            by_form = run.source << 8 | run.payload_type in shown
            if ends is None:
                if by_form:
                    yield self._row(press, None, _flaws(press))
            elif _is_named(run.payload_type, ends) or (by_form and self._kind[ends.row] == "audio"):
                yield self._row(press, ends, _flaws(press) if self._security[ends.row] is None else [])

    def headers(self, runs: Runs) -> Iterator[Digit]:
        """The keys of runs of which only the header can be read: SRTP, or payloads of another length."""
        for run in runs:
            ends = self._ends(run)
            if ends is None or not _is_named(run.payload_type, ends) or run.payload_type in ends.receives_other:
                continue
            if self._security[ends.row] is not None:
                yield self._row(Press(run, 0, moves=False), ends, [])
            elif run.packets > 1:
                # One timestamp in several packets is what sound never has, and events do.
                odd = f"its payload has {run.length} bytes, a telephone-event {EVENT_BYTES}"
                yield self._row(Press(run, 0, moves=False), ends, [odd])

    def _ends(self, run: Run) -> Ends | None:
        flow, flows = self._sources.flow[run.source], self._flows
        source, target = (flows.source[flow], flows.source_port[flow]), (flows.target[flow], flows.target_port[flow])
        return self._types.ends(source, target, run.time / NANO, self._until[run.source] / NANO)

    def _row(self, press: Press, ends: Ends | None, flaws: Sequence[str]) -> Digit:
        run, flow, flows = press.run, self._sources.flow[press.run.source], self._flows
        secured = ends is not None and self._security[ends.row] is not None
        read = run.event != UNREADABLE and not secured
        clock_rate = ends.clock_rate(run.payload_type) if ends else None
        return Digit(
            file=self._file,
            frame=run.frame,
            last_frame=run.last_frame,
            time_epoch=run.time / NANO,
            source=flows.source[flow],
            source_port=flows.source_port[flow],
            target=flows.target[flow],
            target_port=flows.target_port[flow],
            method=METHOD,
            digit=telephone_event.name(run.event) if read else None,
            duration_ms=press.duration * 1000 / clock_rate if read and clock_rate else None,
            ended=read and run.ended,
            packets=run.packets,
            payload_type=run.payload_type,
            receiver_types=_numbers(None if ends is None or ends.later else ends.receiver),
            sender_types=_numbers(None if ends is None or ends.later else ends.sender),
            ssrc=f"0x{self._sources.ssrc[run.source]:08x}",
            timestamp=run.timestamp,
            flaws=tuple(flaws) or None,
            call_id=None if ends is None else self._call_id[ends.row],
            media_row=None if ends is None else ends.row,
            message_row=None,
        )


def merged(runs: Sequence[Run]) -> Iterator[Press]:
    """The presses: runs that the sender went on with under another timestamp are one."""
    current: Press | None = None
    for run in sorted(runs, key=lambda run: (run.source, run.payload_type, run.event, run.frame)):
        if current is not None and (joined := _continued(current, run)) is not None:
            current = joined
            continue
        if current is not None:
            yield current
        current = Press(run, run.duration, moves=False)
    if current is not None:
        yield current


def _continued(press: Press, run: Run) -> Press | None:
    """The press with *run* added, or None where *run* is another press."""
    before = press.run
    same = (before.source, before.payload_type, before.event) == (run.source, run.payload_type, run.event)
    if not same or run.marked or run.time - before.last_time > NEXT_REPORT:
        return None
    begins_where_it_ended = (before.end_timestamp + before.duration) % CYCLE == run.timestamp
    whole = before._replace(
        end_timestamp=run.timestamp,
        duration=run.duration,
        last_frame=run.last_frame,
        last_time=run.last_time,
        packets=before.packets + run.packets,
        ended=before.ended or run.ended,
    )
    if begins_where_it_ended and before.duration >= LONG and not before.ended:
        return Press(whole, press.duration + run.duration, press.moves)
    if before.duration and run.first_duration >= before.duration and (run.begins_ended or not before.ended):
        return Press(whole, run.duration, moves=True)
    return None


def _is_named(payload_type: int, ends: Ends) -> bool:
    return payload_type in (ends.receiver or ()) or payload_type in (ends.sender or ())


def _flaws(press: Press) -> list[str]:
    said = [] if press.run.ended else [NO_END]
    said += [NO_DURATION] if not press.duration else []
    return [*said, MOVES] if press.moves else said


def _numbers(named: object) -> tuple[int, ...] | None:
    return tuple(sorted(named)) if isinstance(named, dict) else None
