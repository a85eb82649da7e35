"""Which captures there are, and which of them are one case.

* The files of a ring buffer belong together (``capture.series``).
* Captures in one folder that saw the same call at the same time are capture points of one case. Call-IDs alone do not
  tell: test tools number their calls from 1 again and again.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import NamedTuple

from collabtrace.capture.series import Group

_CAPTURE = re.compile(r"\.(?:pcap|pcapng|cap)\d*(?:\.gz)?$", re.IGNORECASE)
"""The suffixes of captures; tcpdump -C counts behind them."""

RESERVED = "index"
"""The name of the page that lists all reports."""
NAMELESS = "capture"
"""What a file is called that has nothing before its suffix."""

APART = 300.0
"""Seconds by which the clocks of two capture points may differ, and the same call be captured from its middle on."""


class CaseFiles(NamedTuple):
    """The captures of one case."""

    name: str
    """Where its report goes, relative to the folder of all reports and without a suffix."""
    files: tuple[Path, ...]


def captures(paths: Iterable[Path]) -> list[Path]:
    """Every capture in *paths*: files as named, folders searched through, each once and in order."""
    found: dict[Path, None] = {}
    for path in paths:
        inside = sorted(each for each in path.rglob("*") if _CAPTURE.search(each.name) and each.is_file())
        found.update(dict.fromkeys(inside if path.is_dir() else [path]))
    return list(found)


def cases(groups: Sequence[Group], began: Callable[[Group], Mapping[str, float]]) -> list[CaseFiles]:
    """The groups of files as cases: those in one folder that saw the same call are one.

    *began* tells when the calls of a group began, by Call-ID; it is asked only where a folder holds several groups.
    """
    folders: defaultdict[Path, list[Group]] = defaultdict(list)
    for group in groups:
        folders[group[0].parent].append(group)
    found = [files for those in folders.values() for files in _together(those, began)]
    return list(_named(found))


def _together(groups: list[Group], began: Callable[[Group], Mapping[str, float]]) -> Iterator[Group]:
    if len(groups) == 1:
        yield groups[0]
        return
    parts: list[tuple[list[Group], list[Mapping[str, float]]]] = []
    for group in groups:
        own = began(group)
        mates = [part for part in parts if any(_share(own, other) for other in part[1])]
        parts = [part for part in parts if part not in mates]
        joined = [each for part in mates for each in part[0]], [each for part in mates for each in part[1]]
        parts.append(([*joined[0], group], [*joined[1], own]))
    yield from (tuple(file for group in sorted(part) for file in group) for part, _ in parts)


def _share(one: Mapping[str, float], other: Mapping[str, float]) -> bool:
    return any(abs(one[call_id] - other[call_id]) <= APART for call_id in one.keys() & other.keys())


def _named(found: Sequence[tuple[Path, ...]]) -> Iterator[CaseFiles]:
    """A name for each case: where its first file is below what all files share, without the suffix."""
    if not found:
        return
    root = _shared(files[0].parent.absolute() for files in found)
    taken = {RESERVED}
    for files in sorted(found):
        place = files[0].absolute().relative_to(root)
        name = place.with_name(_CAPTURE.sub("", place.name) or NAMELESS).as_posix()
        numbered = (name if number == 1 else f"{name}-{number}" for number in count(1))
        # Not every file system tells capitals apart.
        free = next(each for each in numbered if each.casefold() not in taken)
        taken.add(free.casefold())
        yield CaseFiles(free, files)


def _shared(folders: Iterable[Path]) -> Path:
    """The deepest folder that all are in."""
    first, *others = dict.fromkeys(folders)
    shared = first
    for other in others:
        while not other.is_relative_to(shared):
            shared = shared.parent
    return shared
