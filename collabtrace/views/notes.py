"""What a ladder says between its arrows: what was agreed, hold, how long people talked, how long nothing happened."""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from collabtrace.schema import CallRecord, MediaLine
from collabtrace.views.lanes import Ends
from collabtrace.views.material import Described
from collabtrace.views.rows import Arrow, Gap, Note, Row
from collabtrace.views.wording import codec, duration, one_line

SILENCE = 2.0
"""Seconds without an arrow that are worth a line; below that, a ladder is read by its times."""


def of_media(described: Iterable[Described], ends: Ends) -> list[Note]:
    """A note for every offer/answer round: what was agreed, and afterwards only what it changed."""
    rounds: dict[tuple[int, int], list[Described]] = {}
    for entry in described:
        if entry.line.answer_time is not None:
            rounds.setdefault((entry.line.dialog_row, entry.line.round), []).append(entry)
    before: dict[int, dict[int, MediaLine]] = {}
    told: dict[Hashable, Note] = {}
    for (dialog, _), entries in sorted(rounds.items(), key=lambda item: item[0]):
        known = before.get(dialog, {})
        changed = [
            line for line, _, _ in entries if line.index not in known or _agreed(known[line.index]) != _agreed(line)
        ]
        before[dialog] = known | {entry.line.index: entry.line for entry in entries}
        note = _round(entries[0], f"{_state(changed, known)}: {', '.join(map(_agreed, changed))}", ends)
        if changed and note is not None:
            # The same round at another capture point is another dialog there.
            same = (entries[0].line.call_id, _offer(entries[0]), note.text)
            told[same] = min(note, told.get(same, note), key=lambda each: each.time)
    return list(told.values())


def _state(changed: Sequence[MediaLine], known: Mapping[int, MediaLine]) -> str:
    """What a round did: a stream that flowed both ways and does no longer is on hold (RFC 3264 §8.4)."""
    turns = {
        (known[line.index].direction == "sendrecv", line.direction == "sendrecv")
        for line in changed
        if line.index in known and line.kind == "audio" and line.state != "rejected"
    }
    if (True, False) in turns:
        return "hold"
    if (False, True) in turns:
        return "resumed"
    return "early media" if any(line.state == "early" for line in changed) else "media"


def _round(entry: Described, text: str, ends: Ends) -> Note | None:
    line, offer, answer = entry
    said = offer or answer
    if said is None or line.answer_time is None:
        return None
    source, target = ends.key(said.source, said.source_port), ends.key(said.target, said.target_port)
    return Note(line.answer_time, text, source, target)


def _offer(entry: Described) -> Hashable:
    """What tells an offer, or the answer where no offer was captured, at every capture point."""
    said = entry.offer or entry.answer
    return said and (said.cseq, said.cseq_method, said.from_tag, said.status)


def of_call(call: CallRecord, order: Sequence[str], drawn: Sequence[Arrow]) -> Iterator[Note]:
    """How long the call was up, before the first arrow that ends it."""
    if call.answered is None or not order:
        return
    if call.ended is None:
        last = max((arrow.until or arrow.time for arrow in drawn), default=call.answered)
        yield Note(last, f"no end seen: up for {duration(last - call.answered)} so far", order[0], order[-1])
        return
    byes = [arrow.time for arrow in drawn if arrow.label == "BYE" and abs(arrow.time - call.ended) < SILENCE]
    until = min([call.ended, *byes])
    yield Note(until, f"talking {duration(call.ended - call.answered)}", order[0], order[-1], closes=True)


def interleaved(arrows: Iterable[Arrow], notes: Iterable[Note]) -> tuple[Row, ...]:
    """Arrows and notes in the order of time, with the times between arrows, and gaps where nothing was seen.

    A note that ends a state comes before the arrow that ended it, any other one after the arrow of its time.
    """
    events: list[Arrow | Note] = sorted([*arrows, *notes], key=_order)
    rows: list[Row] = []
    before: Arrow | None = None
    for event in events:
        if isinstance(event, Note):
            rows.append(event)
            continue
        delta = None if before is None else max(0.0, event.time - before.time)
        if delta is not None and delta >= SILENCE and not _closes(rows[-1]):
            rows.append(Gap(delta))
        before = replace(event, delta=delta)
        rows.append(before)
    return tuple(rows)


def _order(event: Arrow | Note) -> tuple[float, int, int]:
    if isinstance(event, Arrow):
        return event.time, 1, event.frame
    return event.time, 0 if event.closes else 2, 0


def _closes(row: Row) -> bool:
    """Whether *row* tells already what the time until the next arrow was filled with."""
    return isinstance(row, Note) and row.closes


def _agreed(line: MediaLine) -> str:
    """``audio PCMU``, ``video (slides) H264 sendonly``, ``BFCP``, ``video rejected``."""
    protocol = line.protocol.rpartition("/")[2]
    kind = line.kind if line.kind != "application" or "RTP" in line.protocol else protocol
    words = [one_line(kind, 16), f"({one_line(line.content, 12)})" if line.content else ""]
    if line.state == "rejected":
        return " ".join(filter(None, [*words, "rejected"]))
    words.append(codec(line.codecs))
    words.append(line.direction if line.direction != "sendrecv" and "RTP" in line.protocol else "")
    return " ".join(filter(None, words))
