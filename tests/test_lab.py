"""JupyterLab opens on a working copy, which belongs to the reader."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from collabtrace import lab


def test_the_copy_has_the_notebooks_and_the_captures(tmp_path: Path) -> None:
    folder = lab.prepare(tmp_path / "work")
    assert (folder / "first_look.ipynb").is_file()
    assert (folder / "README.md").is_file()
    assert 'ct.open("sample_captures' in json.loads((folder / "fresh.ipynb").read_text())["cells"][0]["source"]
    assert (folder / "sample_captures" / "sipp_udp.pcapng").is_file()


def test_what_the_reader_changed_stays(tmp_path: Path) -> None:
    (tmp_path / "first_look.ipynb").write_text("mine", encoding="utf-8")
    lab.prepare(tmp_path)
    assert (tmp_path / "first_look.ipynb").read_text(encoding="utf-8") == "mine"


def test_jupyterlab_serves_the_copy(tmp_path: Path) -> None:
    pytest.importorskip("jupyterlab", reason="jupyterlab is not installed")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    words = [sys.executable, "-m", "collabtrace", "lab", str(tmp_path / "work"), "--no-browser", "--port", str(port)]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True) as run:
        try:
            assert b'"version"' in answer(f"http://127.0.0.1:{port}/api")
        finally:
            os.killpg(run.pid, signal.SIGKILL)
    assert (tmp_path / "work" / "first_look.ipynb").is_file()


def answer(url: str) -> bytes:
    """What the server says once it is up."""
    deadline = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(url) as opened:
                said: bytes = opened.read()
                return said
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
