"""Capturing is left to dumpcap; what it refuses is said in one line."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from collabtrace import recording
from collabtrace.capture import dissect
from collabtrace.errors import CaptureError
from collabtrace.sessions.case import read_case

needs_dumpcap = pytest.mark.skipif(dissect.find("dumpcap") is None, reason="dumpcap is not installed")
root_on_linux = pytest.mark.skipif(
    not sys.platform.startswith("linux") or os.geteuid() != 0, reason="capturing needs root, and lo is Linux's name"
)


@needs_dumpcap
def test_a_ring_buffer_has_a_size_and_a_number_of_files() -> None:
    words = recording.command("eth0", Path("x.pcapng"), megabytes=100, files=5, capture_filter="udp")
    assert words[1:5] == ["-i", "eth0", "-w", "x.pcapng"]
    assert words[words.index("-b") :] == ["-b", "filesize:100000", "-b", "files:5"]
    assert words[words.index("-f") + 1] == "udp"


@needs_dumpcap
@root_on_linux
def test_what_was_captured_opens(tmp_path: Path) -> None:
    words = ["capture", "-i", "lo", "-o", str(tmp_path / "x.pcapng"), "--seconds", "1"]
    done = subprocess.run(
        [sys.executable, "-m", "collabtrace", *words], capture_output=True, text=True, check=False
    )  # fmt: skip
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, str(tmp_path / "x.pcapng"), "")
    with read_case([tmp_path / "x.pcapng"]) as case:
        assert case.captures[0].format == "pcapng"


@needs_dumpcap
@root_on_linux
def test_ctrl_c_ends_it_in_peace(tmp_path: Path) -> None:
    target = tmp_path / "x.pcapng"
    words = [sys.executable, "-m", "collabtrace", "capture", "-i", "lo", "-o", str(target)]
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as running:
        while not target.exists():
            assert running.poll() is None
            time.sleep(0.05)
        os.killpg(running.pid, signal.SIGINT)
        said, complained = running.communicate(timeout=20)
    assert (running.returncode, said.strip(), complained) == (0, str(target), "")
    with read_case([target]) as case:
        assert not case.captures[0].truncated


@needs_dumpcap
def test_an_interface_that_is_none_is_refused_in_one_line(tmp_path: Path) -> None:
    words = recording.command("no-such-interface", tmp_path / "x.pcapng")
    with pytest.raises(CaptureError, match=r"^no-such-interface: .+") as raised:
        recording.run(words, "no-such-interface")
    assert "\n" not in str(raised.value)


def test_a_missing_right_is_told_with_what_to_do() -> None:
    said = "Capturing on 'eth0'\ndumpcap: You do not have permission to capture on device \"eth0\".\n(socket: …)\n"
    assert recording._reason(said).startswith('You do not have permission to capture on device "eth0"; run as root')
