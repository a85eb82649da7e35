"""Work on many cases spread over processes of this machine, by joblib.

A process that is killed takes nothing with it that was finished: the cases that are left are tried again one by one,
each in a process of its own.
"""

from collections.abc import Callable, Iterator, Sequence

from collabtrace.reports.site.gathering import CaseFiles
from collabtrace.reports.site.record import Record


def spread(
    cases: Sequence[CaseFiles],
    work: Callable[[CaseFiles], Record],
    finished: Callable[[CaseFiles], Record | None],
    jobs: int,
) -> Iterator[tuple[CaseFiles, Record | None]]:
    """Each case with what *work* gives for it, as they are done; None for one that killed its process twice.

    *finished* knows what was done before a process could tell of it.
    """
    from joblib.externals.loky.process_executor import TerminatedWorkerError

    left = {each.name: each for each in cases}
    try:
        for told in _parallel(cases, work, jobs):
            yield left.pop(told.name), told
    except TerminatedWorkerError:
        # What is left is tried below, each by itself.
        pass
    for each in left.values():
        yield each, finished(each) or _alone(each, work)


def _alone(case: CaseFiles, work: Callable[[CaseFiles], Record]) -> Record | None:
    """Work on one case in a process of its own, even where one job at a time is wanted."""
    from joblib.externals.loky.process_executor import TerminatedWorkerError

    try:
        return next(_parallel([case], work, 2))
    except TerminatedWorkerError:
        return None


def _parallel(cases: Sequence[CaseFiles], work: Callable[[CaseFiles], Record], jobs: int) -> Iterator[Record]:
    from joblib import Parallel, delayed, parallel_config

    with parallel_config(backend="loky", n_jobs=jobs):
        yield from Parallel(return_as="generator_unordered", batch_size=1)(delayed(work)(each) for each in cases)
