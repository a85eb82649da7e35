"""A folder of captures becomes a folder of reports: every case by itself, in parallel, and taken up again after a stop.

joblib spreads the cases over processes, or over the workers of a Dask cluster that see the same files. A worker that
is killed takes nothing with it that was finished: the cases that are left are tried again one by one, each in a
process of its own, and the one that kills its process again is recorded as failed.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from collabtrace.capture.series import series
from collabtrace.reports.site import case_report, execution, findings_table, gathering, index, record
from collabtrace.reports.site.gathering import CaseFiles
from collabtrace.reports.site.record import Record
from collabtrace.sessions.case import read_case

KILLED = "the process that worked on it was killed twice; perhaps the memory was not enough"


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
        from joblib.externals.loky.process_executor import TerminatedWorkerError

        left = {each.name: each for each in cases}
        for each in cases:
            # A record of an earlier run must not stand beside a report that is being written.
            record.path_of(self.folder, each.name).unlink(missing_ok=True)
        try:
            for told in self._parallel(cases, self.jobs):
                del left[told.name]
                yield told
        except TerminatedWorkerError:
            # What is left is tried below, each by itself.
            pass
        for each in left.values():
            yield record.read(self.folder, each.name) or self._alone(each)

    def _alone(self, case: CaseFiles) -> Record:
        """Make one report in a process of its own, even where one job at a time is wanted."""
        from joblib.externals.loky.process_executor import TerminatedWorkerError

        try:
            return next(self._parallel([case], 2))
        except TerminatedWorkerError:
            killed = Record(case.name, record.digests(case.files), self.recipe, record.FAILED, error=KILLED)
            return case_report.settle(self.folder, killed)

    def _parallel(self, cases: Sequence[CaseFiles], jobs: int) -> Iterator[Record]:
        from joblib import Parallel, delayed

        work = (
            delayed(case_report.make)(each, self.folder, self.template, self.formats, self.recipe) for each in cases
        )
        with self._backend(jobs):
            yield from Parallel(return_as="generator_unordered", batch_size=1)(work)

    @contextmanager
    def _backend(self, jobs: int) -> Iterator[None]:
        from joblib import parallel_config

        with _client(self.cluster) if self.cluster else nullcontext():
            backend = {"backend": "dask"} if self.cluster else {"backend": "loky", "n_jobs": jobs}
            with parallel_config(**backend):
                yield


@contextmanager
def _client(address: str) -> Iterator[None]:
    """A connection to a Dask scheduler; a ConnectionError that names it where there is none."""
    from distributed import Client

    try:
        client = Client(address, timeout=10)  # type: ignore[no-untyped-call]
    except (OSError, TimeoutError, ValueError) as error:
        raise ConnectionError(f"{address}: no Dask scheduler answers ({error})") from error
    with client:
        yield


def _began(files: tuple[Path, ...]) -> Mapping[str, float]:
    """When the calls of captures began, by Call-ID; nothing where they cannot be read, as their report will say."""
    try:
        with read_case(files) as case:
            ids, times = case.messages.values("call_id"), case.messages.values("time_epoch")
            return {call_id: time for call_id, time in reversed(list(zip(ids, times, strict=True))) if call_id}
    except Exception:
        return {}
