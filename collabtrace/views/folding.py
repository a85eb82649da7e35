"""Puts together what says the same thing: retransmissions, second capture points, keep-alives."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from collabtrace.schema import Message
from collabtrace.views.rows import Arrow, Sighting
from collabtrace.views.tries import chapters
from collabtrace.views.wording import counted

Record = TypeVar("Record")

KEEP_ALIVES = frozenset(["OPTIONS", "REGISTER", "PUBLISH", "Hello"])
"""Repeated to keep something alive: worth one arrow, however often (RFC 3261 §10.2.4, §11; RFC 8855 §13.7)."""

REPEATED = 4
"""So many arrows that say the same, one after another, are put together even where each could matter."""

MOMENT = 1.0
"""Seconds within which it is not worth saying when the last of several was sent."""

STEPS = frozenset(["INVITE", "ACK", "BYE", "CANCEL", "PRACK", "REFER"])
"""Methods that move a call on: never put together, and nothing is put together across them."""


def sendings(messages: Iterable[tuple[int, Message]]) -> list[list[tuple[int, Message]]]:
    """Messages with their row, grouped: a message, its retransmissions, and the same at other capture points.

    Second copies of packets are left out. The messages have to be in the order of time.
    """
    groups: list[list[tuple[int, Message]]] = []
    origins: dict[Hashable, list[tuple[int, Message]]] = {}
    places: dict[Hashable, int] = {}
    for row, message in messages:
        if message.duplicate_of is not None:
            continue
        step = (message.method, message.status)
        group = origins.get((message.file, message.retransmission_of, step))
        if message.retransmission_of is None or group is None:
            same = _identity(message)
            place = places[message.file, same] = places.get((message.file, same), 0) + 1
            group = origins.get((same, place))
            if group is None:
                group = origins[same, place] = []
                groups.append(group)
            origins[message.file, message.frame, step] = group
        group.append((row, message))
    return groups


def alike(rows: Iterable[tuple[int, Record]], same: Callable[[Record], Hashable]) -> list[list[tuple[int, Record]]]:
    """Records with their row, grouped by what *same* says of them; groups in the order of their first record."""
    groups: dict[Hashable, list[tuple[int, Record]]] = {}
    for row, record in rows:
        groups.setdefault(same(record), []).append((row, record))
    return list(groups.values())


def sent(files: Iterable[str]) -> int:
    """How often something was sent, from the files of its sightings: the capture point that saw most counts."""
    seen: dict[str, int] = {}
    for file in files:
        seen[file] = seen.get(file, 0) + 1
    return max(seen.values())


def repeats(arrows: Sequence[Arrow], *, everything: bool = False) -> list[Arrow]:
    """Put keep-alives together, and runs of arrows that say the same; *everything* puts together all that is alike.

    An arrow stays where the first of its kind is. Nothing is moved across a step of a call, nor across a change of the
    outcome: tries that failed are never one arrow with tries that did not.
    """
    kept: list[list[Arrow]] = []
    open_runs: dict[Hashable, list[Arrow]] = {}
    for arrow, chapter in zip(arrows, chapters(arrows), strict=True):
        method = _method(arrow)
        if method in STEPS and arrow.kind == "sip" and not everything:
            open_runs.clear()
            kept.append([arrow])
            continue
        same = (arrow.kind, arrow.label, arrow.source, arrow.target, arrow.leg, method, chapter)
        run = open_runs.get(same)
        if run is None:
            run = open_runs[same] = []
            kept.append(run)
        run.append(arrow)
    together = [
        [_together(run)] if everything or len(run) > REPEATED or _method(run[0]) in KEEP_ALIVES else run for run in kept
    ]
    return sorted((arrow for run in together for arrow in run), key=lambda arrow: arrow.time)


def timed(arrows: Iterable[Arrow], start: float) -> list[Arrow]:
    """The arrows, of which those for several sendings say until when, in seconds from *start*, and what repeats."""
    return [replace(arrow, info=", ".join(filter(None, [arrow.info, _until(arrow, start)]))) for arrow in arrows]


def _until(arrow: Arrow, start: float) -> str:
    if arrow.count == 1 or arrow.until is None or (not arrow.again and arrow.until - arrow.time < MOMENT):
        return ""
    until = f"until {arrow.until - start:.3f} s"
    if arrow.again == arrow.count - 1:
        return f"retransmitted {until}"
    return f"{until}, {counted(arrow.again, 'retransmission')}" if arrow.again else until


def _together(run: list[Arrow]) -> Arrow:
    """One arrow for all of *run*, which is in the order of time."""
    if len(run) == 1:
        return run[0]
    seen: list[Sighting] = [sighting for arrow in run for sighting in arrow.seen]
    ends = [arrow.until or arrow.time for arrow in run]
    return replace(
        run[0],
        seen=tuple(seen),
        count=sum(arrow.count for arrow in run),
        again=sum(arrow.again for arrow in run),
        until=max(ends),
        info=f"{len(run)} streams" if run[0].kind == "rtp" else run[0].info,
    )


def _method(arrow: Arrow) -> str | None:
    """The method of a SIP arrow, request or response; the first word of another arrow's label."""
    if arrow.cseq is not None:
        return arrow.cseq.rpartition(" ")[2]
    return arrow.label.rpartition("BFCP ")[2].removesuffix("Ack")


def _identity(message: Message) -> Hashable:
    """What tells a message from others, the same at every capture point that shows the same addresses."""
    return (
        message.call_id,
        message.cseq,
        message.cseq_method,
        message.method,
        message.status,
        message.branch,
        message.to_tag,
        message.source,
        message.source_port,
        message.target,
        message.target_port,
    )
