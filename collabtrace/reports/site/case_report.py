"""The report of one case of a batch, from captures to the files in the folder of all reports.

Runs in a process of its own, perhaps on another machine; whatever happens, a record tells of it.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from collabtrace.errors import CaptureError
from collabtrace.findings import diagnose
from collabtrace.reports.site import execution, failure, record
from collabtrace.reports.site.gathering import CaseFiles
from collabtrace.reports.site.record import Record
from collabtrace.sessions.case import Case, read_case
from collabtrace.views.tables import rows


def make(case: CaseFiles, folder: Path, template: Path, formats: Sequence[str], recipe: Mapping[str, Any]) -> Record:
    """Write the report of *case* into *folder*, and its record last; gives the record."""
    began = time.monotonic()
    known = Record(case.name, record.digests(case.files), recipe, record.FAILED)
    try:
        known = _facts(known, case.files)
        documents = execution.run(template, case.files, formats, Path(case.name).name)
        reports = tuple(f"{case.name}.{suffix}" for suffix in documents)
        for report, document in zip(reports, documents.values(), strict=True):
            record.put(folder / report, document)
        done = replace(known, state=record.DONE, reports=reports)
    except (CaptureError, execution.NotebookError) as error:
        done = replace(known, error=str(error))
    except ImportError as error:
        extra = "pdf" if error.name == "weasyprint" else "batch"
        done = replace(known, error=f"{error.name} is not installed: pip install 'collabtrace[{extra}]'")
    except OSError as error:
        done = replace(known, error=f"{error.filename or folder}: {error.strerror or error}")
    except MemoryError:
        done = replace(known, error="the memory was not enough")
    except Exception as error:
        # A flaw of the program, or of what a template brings, ends one report and not the batch.
        done = replace(known, error=f"an unexpected {type(error).__name__} while the report was made: {error}")
    return settle(folder, replace(done, seconds=round(time.monotonic() - began, 3)))


def settle(folder: Path, told: Record) -> Record:
    """Write a record, and the page that tells of a failure; where the disk is full, the record given says so."""
    try:
        if told.state == record.FAILED:
            page = f"{told.name}.html"
            record.put(folder / page, failure.page(told).encode())
            told = replace(told, reports=(page,))
        record.write(folder, told)
    except OSError as error:
        reason = f"{error.filename or folder}: {error.strerror or error}"
        return replace(told, state=record.FAILED, error=told.error or reason, reports=())
    return told


def _facts(known: Record, files: Sequence[Path]) -> Record:
    """What the index and the table say of the case."""
    with read_case(files) as case:
        found = tuple(rows(diagnose(case).findings))
        return replace(
            known,
            calls=len(case.calls),
            parties=_parties(case),
            started=min((time for time in case.captures.values("first") if time is not None), default=None),
            ended=max((time for time in case.captures.values("last") if time is not None), default=None),
            findings=tuple({**row, "evidence": [_plain(proof) for proof in row["evidence"]]} for row in found),
        )


def _plain(proof: Any) -> dict[str, Any]:
    return {"file": proof.file, "frame": proof.frame, "shows": proof.shows}


def _parties(case: Case) -> tuple[str, ...]:
    both = zip(case.calls.values("caller"), case.calls.values("callee"), strict=True)
    return tuple(dict.fromkeys(party for pair in both for party in pair if party))
