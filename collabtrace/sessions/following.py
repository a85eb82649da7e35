"""A case whose captures may still be written: the files that it now has, and whether they grew since they were read.

A file counts up to where it ends when its reading begins. Of a ring buffer, files that appear later belong to the
case, and files that were deleted to make room for them do not any more.
"""

import stat
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from collabtrace.capture import series
from collabtrace.sessions.case import Case, read_case

_HEADER = 24
"""Bytes without which no file is a capture yet."""


class Stamp(NamedTuple):
    """What changes when a file is written."""

    size: int
    modified: int
    """Nanoseconds since the epoch."""
    number: int
    """Of the file on its disk: another file may have taken the name."""


class Following:
    """The captures given, read as often as they change."""

    def __init__(self, captures: Sequence[Path | str]) -> None:
        """Each is a file, or the name under which a ring buffer is written and no file is."""
        self._given = [Path(capture) for capture in captures]
        self._old = {mate for file in self._given if file.exists() for mate in series.mates(file)}
        """What was in the ring buffers already, and was not asked for where it was not given."""
        self._stamps: dict[Path, Stamp | None] = {}

    def read(self) -> Case:
        """Read all anew; a CaptureError names the first file that cannot be read."""
        files = self._files()
        # Before the reading, so that what is written meanwhile is seen the next time.
        stamps = _stamps(files)
        case = read_case(files)
        self._stamps = stamps
        return case

    def changed(self) -> bool:
        """Whether there is something else to read than there was."""
        return _stamps(self._files()) != self._stamps

    def _files(self) -> list[Path]:
        here = [file for file in self._given if file.exists()]
        return list(dict.fromkeys([*here, *self._appeared()])) or self._given

    def _appeared(self) -> Iterator[Path]:
        """Files of the ring buffers that are new, once there is something in them."""
        for file in self._given:
            for mate in series.mates(file):
                if mate not in self._old and (stamp := _stamp(mate)) and stamp.size >= _HEADER:
                    yield mate


def _stamps(files: Iterable[Path]) -> dict[Path, Stamp | None]:
    return {file: _stamp(file) for file in files}


def _stamp(file: Path) -> Stamp | None:
    """None for what is no file that could grow."""
    try:
        told = file.stat()
    except OSError:
        return None
    return Stamp(told.st_size, told.st_mtime_ns, told.st_ino) if stat.S_ISREG(told.st_mode) else None
