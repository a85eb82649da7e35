"""Files that one capture wrote one after the other: the ring buffers of dumpcap, Wireshark and tcpdump.

``trunk_00001_20260105100000.pcapng`` and its successors, as dumpcap and Wireshark name them (or with the time before
the number), or ``trunk.pcap``, ``trunk.pcap1``, ``trunk.pcap2`` …, as tcpdump -C does.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TypeAlias

_NUMBERED = re.compile(r"^(?P<stem>.+)_(?:\d{5}_\d{14}|\d{14}_\d{5})\.(?P<kind>pcap|pcapng)(?:\.gz)?$", re.IGNORECASE)
_COUNTED = re.compile(r"^(?P<stem>.+)\.(?P<kind>pcap|cap)\d*(?:\.gz)?$", re.IGNORECASE)
_COUNT = re.compile(r"\.p?cap(\d+)", re.IGNORECASE)
_TOLD = re.compile(r"^(?P<stem>.+)\.(?P<kind>pcap|pcapng)$", re.IGNORECASE)
"""What the program that captures was told to write."""

Group: TypeAlias = tuple[Path, ...]
"""Files that are one capture."""
_Series: TypeAlias = tuple[Path, str, str]
"""Folder, stem and suffix."""


def series(files: Iterable[Path]) -> list[Group]:
    """The files with those of one ring buffer together, in the order in which they were written."""
    groups: dict[object, list[Path]] = {}
    for file in files:
        groups.setdefault(_series_of(file) or file, []).append(file)
    return [tuple(sorted(group, key=_place)) for group in groups.values()]


def mates(file: Path) -> Group:
    """The files on disk of the ring buffer that *file* is one of, or is the name of, in the order of their writing."""
    told = _TOLD.match(file.name)
    own = _series_of(file) or (told and (file.parent, told["stem"], told["kind"].lower()))
    if not own or not file.parent.is_dir():
        return ()
    there = (each for each in file.parent.iterdir() if _series_of(each) == own)
    return tuple(sorted(there, key=_place))


def _series_of(file: Path) -> _Series | None:
    match = _NUMBERED.match(file.name) or _COUNTED.match(file.name)
    return match and (file.parent, match["stem"], match["kind"].lower())


def _place(file: Path) -> tuple[int, str]:
    """Tcpdump counts after the suffix, without leading zeros; other names sort as they are."""
    number = _COUNT.search(file.name)
    return (int(number[1]) if number else 0, file.name)
