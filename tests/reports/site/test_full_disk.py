"""A disk that is full, for real: a file system of a few MiB."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from collabtrace.testing import Scene
from tests.reports.site.conftest import notebook

pytest.importorskip("papermill", reason="papermill is not installed")
pytest.importorskip("joblib", reason="joblib is not installed")

MEBIBYTES = 4
LARGE_FOR_TWO = "'x' * (6_000_000 if 'two' in captures[0] else 1)"
"""Makes one report of several larger than the disk."""
FULL = "No space left on device"

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux") or os.geteuid() != 0, reason="mounting a small file system needs root on Linux"
)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "disk"
    place.mkdir()
    size = f"size={MEBIBYTES}m"
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", place], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip(f"no file system can be mounted here: {mounted.stderr.decode().strip()}")
    yield place
    subprocess.run(["umount", place], check=True)


def batch(captures: Path, out: Path, *options: str) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "collabtrace", "batch", str(captures), "-o", str(out), *options]
    return subprocess.run(words, capture_output=True, text=True, check=False)


def fill(disk: Path) -> None:
    """Leave not a byte free."""
    with (disk / "filling").open("wb", buffering=0) as filling, suppress(OSError):
        while True:
            filling.write(bytes(1 << 12))


def reports(out: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in out.glob("*.html") if path.name != "index.html"}


def test_a_report_that_finds_no_room_is_told_and_made_later(captures: Path, small_disk: Path) -> None:
    (captures / "broken.pcap").unlink()
    template, out = notebook(captures.parent / "large.ipynb", LARGE_FOR_TWO), small_disk / "out"
    done = batch(captures, out, "--template", str(template))
    assert done.returncode == 2
    assert "1 of 3 cases have no report; the first: two: " in done.stderr
    assert FULL in done.stderr
    assert FULL in (out / "index.html").read_text(encoding="utf-8")
    assert not list(out.glob(".*"))
    made = reports(out)
    assert {"one.html", "three.html"} <= made.keys()

    subprocess.run(["mount", "-o", "remount,size=64m", small_disk], check=True)
    assert batch(captures, out, "--template", str(template), "--resume").returncode == 0
    assert {name for name, time in reports(out).items() if made.get(name) != time} == {"two.html"}
    assert FULL not in (out / "index.html").read_text(encoding="utf-8")


def test_without_room_even_for_the_index_the_one_before_stays_whole(captures: Path, small_disk: Path) -> None:
    (captures / "broken.pcap").unlink()
    template, out = notebook(captures.parent / "quick.ipynb", "captures"), small_disk / "out"
    assert batch(captures, out, "--template", str(template)).returncode == 0
    made, index = reports(out), (out / "index.html").read_bytes()

    fill(small_disk)
    (captures / "four.pcapng").write_bytes(Scene().pcapng())
    done = batch(captures, out, "--template", str(template), "--resume")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert f"{out / 'index.html'}: cannot be written: {FULL}" in done.stderr
    assert "1 of 4 cases have no report; the first: four: " in done.stderr
    assert (reports(out), (out / "index.html").read_bytes()) == (made, index)
