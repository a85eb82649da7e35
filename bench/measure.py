"""What one run of a program costs: processor time and peak memory, its own and its children's."""

import os
import statistics
import subprocess
import tempfile
from pathlib import Path
from typing import NamedTuple

ENOUGH_SECONDS = 30.0
"""A program that takes longer is not run again."""


class Cost(NamedTuple):
    """What a program cost: medians of several runs."""

    seconds: float
    """Processor time, user and system."""
    wall_seconds: float
    mebibytes: float
    """Peak resident memory of its largest process."""
    runs: int


class FailedError(Exception):
    """The program ended with an error; the text is the last line of what it said."""


def measure(command: list[str], repetitions: int, environment: dict[str, str] | None = None) -> Cost:
    """Run a program several times; nothing that one run leaves in memory helps the next."""
    costs = [_run(command, environment)]
    while len(costs) < repetitions and costs[0].wall_seconds < ENOUGH_SECONDS:
        costs.append(_run(command, environment))
    return Cost(
        statistics.median(cost.seconds for cost in costs),
        statistics.median(cost.wall_seconds for cost in costs),
        statistics.median(cost.mebibytes for cost in costs),
        len(costs),
    )


def read(file: Path) -> None:
    """Read a file once, so that no program pays for the disk."""
    with file.open("rb") as opened:
        while opened.read(1 << 24):
            pass


def _run(command: list[str], environment: dict[str, str] | None) -> Cost:
    # The kernel counts the memory of the process that starts a program to the program's peak: this one stays small.
    began = os.times().elapsed
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=said, env=environment
        )
        _, status, usage = os.wait4(process.pid, 0)
        said.seek(0)
        complaint = said.read().decode(errors="replace").strip()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise FailedError(complaint.splitlines()[-1] if complaint else f"status {process.returncode}")
    elapsed = os.times().elapsed - began
    return Cost(usage.ru_utime + usage.ru_stime, elapsed, usage.ru_maxrss / 1024, 1)
