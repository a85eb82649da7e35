"""Media paths: for every line of a call, each direction with what was agreed and what the capture shows of it.

The last answered round of a leg counts, as it is what the call ended with; one that was answered in the leg's last
second does not, because a server that takes the media back before it hangs up promises nothing that anyone could see.
Nor is anything agreed by the early media of a leg that was refused in the end: its paths only tell what was seen.
Legs and capture points that name the same two endpoints are one path. A stream belongs to the direction whose receiver
it goes to, else to the one whose sender it comes from: behind a NAT one of the two is not what the SDP says. Streams
that two machines send to each other are never of the same direction: where they would be, all their addresses and
ports together tell. What is no RTP is counted by its flow. Packets are those of the capture point that saw most.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from collabtrace.columns import Table
from collabtrace.schema import CallRecord, Dialog, Flow, MediaLine, Path, Stream
from collabtrace.sessions.dialog_states import FAILED
from collabtrace.sessions.offer_answer import AGREED, ANSWER_ONLY, EARLY, REJECTED
from collabtrace.sessions.path_lines import Endpoint, Line, answered_lines, goes_to_answerer, likeness, settled
from collabtrace.sessions.rows import Rows

FLOWING = frozenset({AGREED, EARLY, ANSWER_ONLY})
"""States of a line in which media may flow."""

TOWARDS_ANSWERER = frozenset({"sendrecv", "sendonly"})
TOWARDS_OFFERER = frozenset({"sendrecv", "recvonly"})
"""Directions of a line, as the offerer sees them, that let media flow that way."""


class _Seen(NamedTuple):
    """What was seen in one direction."""

    packets: int
    lost: int | None
    first_frame: int | None
    rows: tuple[int, ...]
    sender: Endpoint


NOT_SEEN = _Seen(0, None, None, (), (None, None))


def build(
    calls: Table[CallRecord],
    dialogs: Table[Dialog],
    media: Table[MediaLine],
    streams: Table[Stream],
    flows: Table[Flow],
) -> Table[Path]:
    """All paths, call by call."""
    lines = settled(media, dialogs)
    streams_of = _Streams(dialogs, media, streams)
    flows_of = _Flows(flows, (line for group in lines.values() for line in group))
    call_ids, files, states = dialogs.values("call_id"), dialogs.values("file"), dialogs.values("state")
    found = Rows(Path)
    for call, rows in zip(calls.values("call"), calls.values("dialog_rows"), strict=True):
        for same in _by_endpoints([line for row in rows for line in lines.get(row, ())]):
            first = same[0]
            both = streams_of.seen(same) if first.is_rtp else flows_of.seen(first, files[first.dialog_row])
            may_flow = any(_may_flow(line, states[line.dialog_row]) for line in same)
            for values in _directions(call, call_ids[first.dialog_row], first, both, may_flow=may_flow):
                found.add(*values)
    return found.table()


def _by_endpoints(lines: list[Line]) -> Iterable[list[Line]]:
    """The lines of a call that are at the same position and name the same two endpoints, together."""
    if len(lines) < 2:
        return [lines] if lines else []
    found: dict[object, list[Line]] = {}
    for line in lines:
        found.setdefault((frozenset((line.offerer, line.answerer)), line.position), []).append(line)
    return found.values()


def _may_flow(line: Line, state: str) -> bool:
    """Whether a line lets media flow, if its leg is in that state."""
    return line.state in FLOWING and not (line.state == EARLY and state == FAILED)


def _directions(
    call: int, call_id: str, line: Line, both: tuple[_Seen, _Seen], *, may_flow: bool
) -> Iterator[tuple[Any, ...]]:
    """The rows of a line: from the offerer to the answerer, and back; a rejected line only where media was seen."""
    ways = (
        (line.offerer, line.answerer, TOWARDS_ANSWERER, both[0]),
        (line.answerer, line.offerer, TOWARDS_OFFERER, both[1]),
    )
    for sender, receiver, allowing, seen in ways:
        if line.state == REJECTED and not seen.packets:
            continue
        yield (
            call,
            call_id,
            line.kind,
            line.content,
            line.protocol,
            *(sender if sender[0] is not None else seen.sender),
            *receiver,
            may_flow and line.direction in allowing,
            seen.packets,
            seen.lost,
            line.frame if seen.first_frame is None else seen.first_frame,
            seen.rows,
            line.row,
        )


class _Streams:
    """The RTP streams by the leg and m-line that negotiated them."""

    def __init__(self, dialogs: Table[Dialog], media: Table[MediaLine], streams: Table[Stream]) -> None:
        names = ("call_id", "from_tag", "to_tag")
        self._legs = [
            (call_id, frozenset((one, other))) for call_id, one, other in zip(*map(dialogs.values, names), strict=True)
        ]
        self._file = streams.values("file")
        self._packets, self._lost = streams.values("packets"), streams.values("lost")
        self._first_frame = streams.values("first_frame")
        self._source = list(zip(streams.values("source"), streams.values("source_port"), strict=True))
        self._target = list(zip(streams.values("target"), streams.values("target_port"), strict=True))
        self._named = {line.row: line for line in answered_lines(media)} if len(streams) else {}
        dialog_row, index = media.values("dialog_row"), media.values("index")
        self._rows: defaultdict[tuple[object, int], list[int]] = defaultdict(list)
        self._media_row = {row: named for row, named in enumerate(streams.values("media_row")) if named is not None}
        for row, media_row in self._media_row.items():
            self._rows[self._legs[dialog_row[media_row]], index[media_row]].append(row)

    def seen(self, lines: list[Line]) -> tuple[_Seen, _Seen]:
        """The streams of lines between the same endpoints: from the offerer of the first to its answerer, and back."""
        side: dict[int, bool] = {}
        fit: dict[int, int] = {}
        once = {(self._legs[line.dialog_row], line.position): line for line in reversed(lines)}
        for place, line in reversed(once.items()):
            turned = line.offerer != lines[0].offerer
            for row in self._rows.get(place, ()):
                side[row] = self._goes_forth(row, line) is not turned
                fits = likeness(self._source[row], self._target[row], line.offerer, line.answerer)
                fit[row] = -fits if turned else fits
        self._part(side, fit)
        return self._sum([row for row in side if side[row]]), self._sum([row for row in side if not side[row]])

    def _part(self, side: dict[int, bool], fit: dict[int, int]) -> None:
        """Give the streams between two machines that go opposite ways opposite sides, by what fits both ways best."""
        ways: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        for row in side:
            ways[self._source[row][0], self._target[row][0]].append(row)
        for (source, target), rows in ways.items():
            others = ways.get((target, source), []) if source < target else []
            one, other = {side[row] for row in rows}, {side[row] for row in others}
            if not others or (len(one) == len(other) == 1 and one != other):
                continue
            fits = sum(fit[row] for row in rows) - sum(fit[row] for row in others)
            forth = fits > 0 if fits else side[min(*rows, *others)] is (min(*rows, *others) in rows)
            side.update(dict.fromkeys(rows, forth) | dict.fromkeys(others, not forth))

    def _goes_forth(self, row: int, line: Line) -> bool:
        """Whether a stream goes to the answerer of *line*, even if its own round had other ports or another offerer."""
        source, target = self._source[row], self._target[row]
        named = self._named.get(self._media_row[row], line)
        for judged in (line, named) if named.row != line.row else (line,):
            side = goes_to_answerer(source, target, judged.offerer, judged.answerer)
            if side is not None:
                return side if judged is line or judged.offerer[0] != line.answerer[0] else not side
        return True

    def _sum(self, rows: list[int]) -> _Seen:
        if not rows:
            return NOT_SEEN
        by_file: defaultdict[str, list[int]] = defaultdict(list)
        for row in rows:
            by_file[self._file[row]].append(row)
        most = max(by_file.values(), key=lambda found: sum(self._packets[row] for row in found))
        return _Seen(
            sum(self._packets[row] for row in most),
            sum(self._lost[row] for row in most),
            min(self._first_frame[row] for row in most),
            tuple(rows),
            self._source[most[0]],
        )


class _Flows:
    """Packets of lines that are no RTP, by the ends of their flows."""

    def __init__(self, flows: Table[Flow], lines: Iterable[Line]) -> None:
        wanted = {end for line in lines if not line.is_rtp for end in (line.offerer, line.answerer)}
        self._found: defaultdict[tuple[str, Endpoint], list[tuple[Endpoint, Endpoint, int, int]]] = defaultdict(list)
        names = ("file", "source", "source_port", "target", "target_port", "packets", "first_frame")
        columns = zip(*map(flows.values, names), strict=True) if wanted else ()
        for file, source, source_port, target, target_port, packets, frame in columns:
            ends = ((source, source_port), (target, target_port))
            for end in ends:
                if end in wanted:
                    self._found[file, end].append((*ends, packets, frame))

    def seen(self, line: Line, file: str) -> tuple[_Seen, _Seen]:
        """The packets between the ends of a line: from the offerer to the answerer, and back."""
        forth, back = NOT_SEEN, NOT_SEEN
        for end in (line.offerer, line.answerer):
            for source, target, packets, frame in self._found.get((file, end), ()):
                if {source[0], target[0]} != {line.offerer[0], line.answerer[0]}:
                    continue
                seen = _Seen(packets, None, frame, (), source)
                if goes_to_answerer(source, target, line.offerer, line.answerer):
                    forth = max(forth, seen, key=lambda each: each.packets)
                else:
                    back = max(back, seen, key=lambda each: each.packets)
        return forth, back
