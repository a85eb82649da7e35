"""Processes work on the cases; one that dies takes nothing with it that others did."""

import os
import signal
from pathlib import Path

import pytest

from collabtrace.reports.site import processes
from collabtrace.reports.site.gathering import CaseFiles
from collabtrace.reports.site.record import DONE, Record

pytest.importorskip("joblib", reason="joblib is not installed")

CASES = [CaseFiles(name, (Path(f"{name}.pcap"),)) for name in ("one", "two", "three", "four")]


def work(case: CaseFiles) -> Record:
    if case.name == "two":
        os.kill(os.getpid(), signal.SIGKILL)
    return Record(case.name, {}, {}, DONE)


def nothing_known(case: CaseFiles) -> Record | None:
    return None


@pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")
def test_the_case_that_kills_its_process_is_the_only_one_without_a_record() -> None:
    done = {case.name: told for case, told in processes.spread(CASES, work, nothing_known, jobs=2)}

    assert {name for name, told in done.items() if told is None} == {"two"}
    assert set(done) == {"one", "two", "three", "four"}


def test_what_a_process_finished_before_it_was_killed_is_not_done_again() -> None:
    known = Record("two", {}, {"kept": True}, DONE)

    done = dict(processes.spread(CASES, work, lambda case: known if case.name == "two" else None, jobs=2))

    assert done[CASES[1]] is known
