"""Many cases: each by itself, nothing finished is lost, and what is whole is not made again."""

import json
import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from collabtrace.reports.site.batch import Batch
from collabtrace.reports.site.record import Record
from tests.reports.site.conftest import notebook

pytest.importorskip("papermill", reason="papermill is not installed")
pytest.importorskip("joblib", reason="joblib is not installed")

KILLS_ITS_WORKER = """
import os, signal, time
if "two" in captures[0]:
    parent = os.getppid()
    os.kill(parent, signal.SIGKILL)
    time.sleep(30)
"""


def quick(folder: Path, source: str = "captures") -> Path:
    """A report notebook that shows one cell."""
    return notebook(folder / "quick.ipynb", source)


def run(batch: Batch, captures: Path) -> dict[str, Record]:
    records = batch.run(batch.cases([captures]), lambda told: None)
    assert batch.publish(records) == []
    return {told.name: told for told in records}


def test_every_case_gets_a_report_and_a_broken_one_a_page(captures: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    told = run(Batch(out, quick(tmp_path), jobs=2), captures)
    assert {name: each.state for name, each in told.items()} == {
        "broken": "failed", "one": "done", "three": "done", "two": "done",
    }  # fmt: skip
    assert {"index.html", "findings.csv", "one.html", "broken.html"} <= {path.name for path in out.iterdir()}
    assert "no report: broken.pcap" in (out / "index.html").read_text(encoding="utf-8")


def test_resumed_it_makes_only_what_is_missing(captures: Path, tmp_path: Path) -> None:
    batch = Batch(tmp_path / "out", quick(tmp_path), jobs=1)
    run(batch, captures)
    made = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "out").glob("*.html")}
    (tmp_path / "out" / "two.json").unlink()
    run(replace(batch, resume=True), captures)
    again = {path.name for path in (tmp_path / "out").glob("*.html") if path.stat().st_mtime_ns != made[path.name]}
    assert again == {"two.html", "broken.html", "index.html"}


def test_another_template_makes_all_again(captures: Path, tmp_path: Path) -> None:
    batch = Batch(tmp_path / "out", quick(tmp_path))
    run(batch, captures)
    before = json.loads((tmp_path / "out" / "one.json").read_text(encoding="utf-8"))
    told = run(replace(batch, template=quick(tmp_path, "len(captures)"), resume=True), captures)
    assert told["one"].recipe["template"] != before["recipe"]["template"]


@pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")
def test_a_killed_worker_takes_nothing_with_it_that_was_finished(captures: Path, tmp_path: Path) -> None:
    assert signal.SIGKILL
    told = run(Batch(tmp_path / "out", quick(tmp_path, KILLS_ITS_WORKER), jobs=2), captures)
    assert {name for name, each in told.items() if each.state == "done"} == {"one", "three"}
    assert "was killed, and so was the next" in (told["two"].error or "")
    assert "was killed, and so was the next" in (tmp_path / "out" / "two.html").read_text(encoding="utf-8")


@pytest.fixture
def cluster() -> Iterator[str]:
    distributed = pytest.importorskip("distributed", reason="distributed is not installed")
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as started:
        yield started.scheduler_address


@pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")
@pytest.mark.filterwarnings("ignore")
def test_a_worker_of_a_cluster_that_is_killed_takes_nothing_with_it(captures: Path, tmp_path: Path) -> None:
    dask = pytest.importorskip("dask", reason="dask is not installed")
    distributed = pytest.importorskip("distributed", reason="distributed is not installed")
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 1}),
        distributed.LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as started,
    ):
        template = quick(tmp_path, KILLS_ITS_WORKER)
        told = run(Batch(tmp_path / "out", template, cluster=started.scheduler_address), captures)
    assert {name for name, each in told.items() if each.state == "done"} == {"one", "three"}
    assert "was killed, and so was the next" in (told["two"].error or "")


@pytest.mark.filterwarnings("ignore")
def test_a_dask_cluster_makes_the_same_reports(captures: Path, tmp_path: Path, cluster: str) -> None:
    told = run(Batch(tmp_path / "out", quick(tmp_path), cluster=cluster), captures)
    assert {name: each.state for name, each in told.items()} == {
        "broken": "failed", "one": "done", "three": "done", "two": "done",
    }  # fmt: skip


def test_a_scheduler_that_does_not_answer_is_named(captures: Path, tmp_path: Path) -> None:
    pytest.importorskip("distributed", reason="distributed is not installed")
    with pytest.raises(ConnectionError, match=r"tcp://127\.0\.0\.1:9: no Dask scheduler answers"):
        run(Batch(tmp_path / "out", quick(tmp_path), cluster="tcp://127.0.0.1:9"), captures)
