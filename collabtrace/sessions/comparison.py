"""What two captures of one case show of the same traffic: common and one-sided messages and streams, and their clocks.

Clocks: a message that went from A to B shows B's clock minus A's plus the way; one that went back shows it minus the
way. Half the sum of the two medians is the difference of the clocks, half their difference the way, as in NTP
(RFC 5905 §8). With messages of one direction only, the two cannot be told apart.
"""

from collections import defaultdict
from dataclasses import dataclass
from statistics import median

from collabtrace.sessions.case import Case
from collabtrace.sessions.sightings import Sighting


@dataclass(frozen=True, slots=True)
class Clocks:
    """How the two clocks differ."""

    ahead: float
    """Seconds by which the clock of the second capture is ahead of the first one's; the way is in it where ``way`` is
    None."""
    way: float | None
    """Seconds from one place to the other; None where messages of one direction only were seen."""
    messages: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """The captures *files* compared; rows are those of ``messages`` and ``streams``."""

    files: tuple[str, str]
    clocks: Clocks | None
    """None where no message was seen in both."""
    sightings: tuple[Sighting, ...]
    changed: tuple[Sighting, ...]
    """Those whose text differs."""
    lone: tuple[tuple[int, ...], tuple[int, ...]]
    """Messages of one capture alone, between machines whose messages of the same call both captures show."""
    streams: tuple[tuple[int, int], ...]
    """Streams with the same SSRC that both show, as far as they are at the same time by both clocks."""
    lone_streams: tuple[tuple[int, ...], tuple[int, ...]]


def build(case: Case, files: tuple[str, str]) -> Comparison:
    """Compare two captures of a case."""
    file = case.messages.columns["file"]
    both = [each for each in case.sightings if {file[row] for row in each} == set(files)]
    changed = set(zip(*map(case.rewrites.values, ("row_a", "row_b")), strict=True))
    clocks = _clocks(case, files, both)
    pairs, lone_streams = _streams(case, files, clocks)
    return Comparison(
        files,
        clocks,
        tuple(both),
        tuple(each for each in both if each in changed),
        (_lone(case, files[0], both), _lone(case, files[1], both)),
        pairs,
        lone_streams,
    )


def _clocks(case: Case, files: tuple[str, str], both: list[Sighting]) -> Clocks | None:
    times, file = case.messages.numbers("time_epoch"), case.messages.columns["file"]
    forth = [times[each.after] - times[each.before] for each in both if file[each.before] == files[0]]
    back = [times[each.before] - times[each.after] for each in both if file[each.before] == files[1]]
    if not both:
        return None
    if not forth or not back:
        return Clocks(float(median(forth or back)), None, len(both))
    one, other = float(median(forth)), float(median(back))
    return Clocks((one + other) / 2, (one - other) / 2, len(both))


def _lone(case: Case, file: str, both: list[Sighting]) -> tuple[int, ...]:
    """The messages of one capture without a sighting in the other, where others of the same hop have one."""
    names = ("file", "call_id", "source", "target", "duplicate_of")
    rows = list(zip(*map(case.messages.values, names), strict=True))
    seen = {row for each in both for row in each}
    hops = {(rows[row][1], frozenset(rows[row][2:4])) for row in seen if rows[row][0] == file}
    return tuple(
        row
        for row, (where, call_id, source, target, copy) in enumerate(rows)
        if where == file and copy is None and row not in seen and (call_id, frozenset((source, target))) in hops
    )


def _streams(
    case: Case, files: tuple[str, str], clocks: Clocks | None
) -> tuple[tuple[tuple[int, int], ...], tuple[tuple[int, ...], tuple[int, ...]]]:
    ahead = clocks.ahead if clocks else 0.0
    table = case.streams
    spans = list(zip(*map(table.values, ("first", "last")), strict=True))
    rows: tuple[list[int], list[int]] = ([], [])
    for row, file in enumerate(table.values("file")):
        if file in files:
            rows[files.index(file)].append(row)
    by_ssrc: defaultdict[str, list[int]] = defaultdict(list)
    for row in rows[1]:
        by_ssrc[table.columns["ssrc"][row]].append(row)
    pairs: list[tuple[int, int]] = []
    taken: set[int] = set()
    for row in rows[0]:
        first, last = (time + ahead for time in spans[row])
        for other in by_ssrc[table.columns["ssrc"][row]]:
            if other not in taken and spans[other][0] <= last and spans[other][1] >= first:
                pairs.append((row, other))
                taken.update((row, other))
                break
    lone = tuple(tuple(row for row in those if row not in taken) for those in rows)
    return tuple(pairs), (lone[0], lone[1])
