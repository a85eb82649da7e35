"""A Dask cluster works on the cases; a worker that dies takes nothing with it that others did."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from collabtrace.reports.site import cluster
from collabtrace.reports.site.gathering import CaseFiles
from collabtrace.reports.site.record import DONE, Record

dask = pytest.importorskip("dask", reason="dask is not installed")
distributed = pytest.importorskip("distributed", reason="distributed is not installed")

CASES = [CaseFiles(name, (Path(f"{name}.pcap"),)) for name in ("one", "two", "three", "four")]


def work(case: CaseFiles) -> Record:
    if case.name == "two":
        os.kill(os.getpid(), signal.SIGKILL)
    return Record(case.name, {}, {"process": os.getpid()}, DONE)


@pytest.fixture
def scheduler() -> Iterator[str]:
    """A scheduler with a single worker, behind which all cases wait together."""
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 1}),
        distributed.LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as started,
    ):
        yield started.scheduler_address


@pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")
@pytest.mark.filterwarnings("ignore")
def test_the_case_that_kills_its_workers_is_the_only_one_without_a_record(scheduler: str) -> None:
    done = {case.name: told for case, told in cluster.spread(CASES, work, scheduler)}

    assert {name for name, told in done.items() if told is None} == {"two"}
    assert set(done) == {"one", "two", "three", "four"}
    assert os.getpid() not in {told.recipe["process"] for told in done.values() if told}
