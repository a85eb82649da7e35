"""Two captures side by side, as text for a terminal."""

from collections.abc import Iterator

from collabtrace.console import CONTROL
from collabtrace.schema import Message, Stream
from collabtrace.sessions.case import Case
from collabtrace.sessions.comparison import Clocks, Comparison

MOST = 40
"""Messages or streams of a kind that are listed."""


def as_text(case: Case, found: Comparison) -> str:
    """What both captures show, what differs, and what only one of them shows."""
    lines = [f"A = {found.files[0]}", f"B = {found.files[1]}", "", _clocks(found.clocks), ""]
    lines += _changed(case, found)
    for letter, rows in zip("AB", found.lone, strict=True):
        shown = [_message(case.messages[row]) for row in rows]
        lines += _listed(f"{len(rows)} messages only in {letter}, though others of the same hop are in both", shown)
    lines += _listed(f"{len(found.streams)} RTP streams in both", [_pair(case, pair) for pair in found.streams])
    for letter, rows in zip("AB", found.lone_streams, strict=True):
        lines += _listed(f"{len(rows)} RTP streams only in {letter}", [_stream(case.streams[row]) for row in rows])
    return "".join(line.translate(CONTROL) + "\n" for line in lines)


def _clocks(clocks: Clocks | None) -> str:
    if clocks is None:
        return "No SIP message is in both, so nothing tells how the clocks differ."
    ahead = (
        f"The clock of B is {abs(clocks.ahead) * 1000:.3f} ms {'ahead of' if clocks.ahead >= 0 else 'behind'} that of A"
    )
    if clocks.way is None:
        return f"{ahead}, the way between them included ({clocks.messages} messages, all of one direction)."
    return f"{ahead}, and a message is {clocks.way * 1000:.3f} ms on its way between them ({clocks.messages} messages)."


def _changed(case: Case, found: Comparison) -> Iterator[str]:
    """The messages that differ, each with its differences."""
    yield f"{len(found.sightings)} messages in both, {len(found.changed)} of them with another text"
    wanted = set(found.changed[:MOST])
    for change in case.rewrites:
        pair = (change.row_a, change.row_b)
        if pair in wanted:
            wanted.discard(pair)
            one, other = (case.messages[row] for row in pair)
            letters = [("A", "B")[found.files.index(each.file)] for each in (one, other)]
            yield f"  {_name(one)}  {letters[0]}#{one.frame} → {letters[1]}#{other.frame}  {one.call_id}"
        if pair in found.changed[:MOST]:
            before, after = (value or "–" for value in (change.before, change.after))
            yield f"    {change.field:16} {before}"
            yield f"    {'':16} {after}"


def _listed(title: str, items: list[str]) -> list[str]:
    more = [f"  and {len(items) - MOST} more"] if len(items) > MOST else []
    return ["", title, *(f"  {item}" for item in items[:MOST]), *more]


def _name(message: Message) -> str:
    return message.method or f"{message.status} {message.reason or ''}/{message.cseq_method}"


def _message(message: Message) -> str:
    return f"#{message.frame}  {_name(message)}  {message.source} → {message.target}  {message.call_id}"


def _stream(stream: Stream) -> str:
    ends = f"{stream.source}:{stream.source_port} → {stream.target}:{stream.target_port}"
    return f"{stream.ssrc}  {ends}  {stream.packets} packets, {stream.lost} lost"


def _pair(case: Case, pair: tuple[int, int]) -> str:
    one, other = (case.streams[row] for row in pair)
    return f"{_stream(one)} in A; {other.packets} packets, {other.lost} lost in B"
