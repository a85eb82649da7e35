"""A folder of captures becomes a folder of reports: every case by itself, in parallel, and taken up again after a stop.

A worker that is killed takes nothing with it that was finished, and the case that kills its worker again and again is
recorded as failed.
"""

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from collabtrace.capture.series import series
from collabtrace.reports.site import (
    case_report,
    cluster,
    execution,
    findings_table,
    gathering,
    index,
    processes,
    record,
)
from collabtrace.reports.site.gathering import CaseFiles
from collabtrace.reports.site.record import Record
from collabtrace.sessions.case import read_case

KILLED = "the process that worked on it was killed, and so was the next; perhaps the memory was not enough"


@dataclass(frozen=True)
class Batch:
    """How the reports of many cases are made."""

    folder: Path
    """Where they go."""
    template: Path = execution.TEMPLATE
    formats: tuple[str, ...] = ("html",)
    jobs: int = 1
    """Processes at a time; ignored where a cluster does the work."""
    cluster: str | None = None
    """The address of a Dask scheduler."""
    resume: bool = False
    """Whether reports that are whole and current are left as they are."""

    @property
    def recipe(self) -> Mapping[str, Any]:
        """What a report depends on beside its captures."""
        own = self.template == execution.TEMPLATE
        return {
            "version": metadata.version("collabtrace"),
            "template": "" if own else next(iter(record.digests([self.template]).values())),
            "formats": list(self.formats),
        }

    def cases(self, paths: Iterable[Path]) -> list[CaseFiles]:
        """The cases in *paths*."""
        return gathering.cases(series(gathering.captures(paths)), _began)

    def run(self, cases: Sequence[CaseFiles], tell: Callable[[Record], None]) -> list[Record]:
        """Make all reports; *tell* is told of each case when it is done."""
        made = {each.name: told for each in cases if (told := self._kept(each)) is not None}
        for told in made.values():
            tell(told)
        for told in self._made([each for each in cases if each.name not in made]):
            made[told.name] = told
            tell(told)
        return [made[each.name] for each in cases]

    def publish(self, records: Sequence[Record]) -> list[str]:
        """Write the index and the tables; why, of each that cannot be written. What was there before is then left."""
        pages: dict[str, Callable[[Sequence[Record]], bytes]] = {
            "index.html": lambda told: index.page(told).encode(),
            "findings.csv": findings_table.csv,
            "findings.parquet": findings_table.parquet,
        }
        failed = []
        for name, page in pages.items():
            try:
                record.put(self.folder / name, page(records))
            except ImportError:
                # The table is there as CSV; pyarrow is a choice.
                (self.folder / name).unlink(missing_ok=True)
            except OSError as error:
                failed.append(f"{self.folder / name}: cannot be written: {error.strerror or error}")
        return failed

    def _kept(self, case: CaseFiles) -> Record | None:
        told = record.read(self.folder, case.name) if self.resume else None
        return told if record.is_current(self.folder, told, case.files, self.recipe) else None

    def _made(self, cases: Sequence[CaseFiles]) -> Iterator[Record]:
        for each in cases:
            # A record of an earlier run must not stand beside a report that is being written.
            record.path_of(self.folder, each.name).unlink(missing_ok=True)
        work = functools.partial(
            case_report.make, folder=self.folder, template=self.template, formats=self.formats, recipe=self.recipe
        )
        if self.cluster:
            done = cluster.spread(cases, work, self.cluster)
        else:
            done = processes.spread(cases, work, self._finished, self.jobs)
        for each, told in done:
            yield told or self._killed(each)

    def _finished(self, case: CaseFiles) -> Record | None:
        return record.read(self.folder, case.name)

    def _killed(self, case: CaseFiles) -> Record:
        killed = Record(case.name, record.digests(case.files), self.recipe, record.FAILED, error=KILLED)
        return case_report.settle(self.folder, killed)


def _began(files: tuple[Path, ...]) -> Mapping[str, float]:
    """When the calls of captures began, by Call-ID; nothing where they cannot be read, as their report will say."""
    try:
        with read_case(files) as case:
            ids, times = case.messages.values("call_id"), case.messages.values("time_epoch")
            return {call_id: time for call_id, time in reversed(list(zip(ids, times, strict=True))) if call_id}
    except Exception:
        return {}
