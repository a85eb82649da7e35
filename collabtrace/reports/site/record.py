"""What is remembered of each case beside its report: whether it is whole, and what the index and the table show.

A record is written after everything else of its case, at once (a new file that takes the name of the old one). So a
report whose record is missing, or tells of other captures, is not taken for a whole one.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from collabtrace.reports.draft import whole

DONE, FAILED = "done", "failed"
"""What became of a case."""


@dataclass(frozen=True, slots=True)
class Record:
    """One case of a batch."""

    name: str
    files: Mapping[str, str]
    """The captures: path as given, and SHA-256 of the bytes; empty where the file could not be read."""
    recipe: Mapping[str, Any]
    """All that the report depends on beside the captures: version, template, formats."""
    state: str
    reports: tuple[str, ...] = ()
    """The files of the report, relative to the folder of all reports."""
    error: str | None = None
    """Why it failed, in one line."""
    calls: int = 0
    parties: tuple[str, ...] = ()
    """Callers and callees, each once."""
    started: float | None = None
    """Time of the first packet."""
    ended: float | None = None
    findings: tuple[Mapping[str, Any], ...] = field(default=())
    """The rows of the table of findings."""
    seconds: float = 0.0
    """How long it took."""


def path_of(folder: Path, name: str) -> Path:
    """Where the record of the case *name* is."""
    return folder / f"{name}.json"


def write(folder: Path, record: Record) -> None:
    """Write a record, whole or not at all."""
    text = json.dumps(asdict(record), indent=1, ensure_ascii=False) + "\n"
    put(path_of(folder, record.name), text.encode())


def put(target: Path, data: bytes) -> None:
    """Write a file, whole or not at all; an OSError names it, and not the draft of it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with whole(target) as draft:
        draft.write_bytes(data)


def read(folder: Path, name: str) -> Record | None:
    """The record of the case *name*; None where there is none that can be read."""
    try:
        held = json.loads(path_of(folder, name).read_text(encoding="utf-8"))
        return Record(**{**held, **{key: tuple(held[key]) for key in ("reports", "parties", "findings")}})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def is_current(folder: Path, record: Record | None, files: Iterable[Path], recipe: Mapping[str, Any]) -> bool:
    """Whether a record is of these very captures, made in this very way, and its report is all there."""
    if record is None or record.state != DONE or record.recipe != recipe:
        return False
    if not all((folder / report).is_file() for report in record.reports):
        return False
    return record.files == digests(files)


def digests(files: Iterable[Path]) -> dict[str, str]:
    """The SHA-256 of each file by its path; empty for one that cannot be read."""
    return {str(file): _digest(file) for file in files}


def _digest(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError:
        return ""
