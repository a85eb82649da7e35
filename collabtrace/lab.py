"""JupyterLab on a working copy of the guided notebooks, with the sample captures beside them."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from collabtrace import samples

PLACES = (Path(__file__).parent / "notebooks", Path(__file__).parent.parent / "notebooks")
"""Where the notebooks are: inside an installed package, or beside it in a checkout."""
SAMPLES = "sample_captures"
"""The folder of the captures in a working copy."""

FRESH = "fresh.ipynb"
"""A notebook that waits for a capture of the reader's own."""
FIRST_CELL = """import collabtrace as ct

trace = ct.open("sample_captures/sipp_udp.pcapng")  # the path of your own capture
trace"""


def notebooks() -> Path:
    """The folder of the guided notebooks as they come with the package; a LookupError where they are missing."""
    for place in PLACES:
        if place.is_dir():
            return place
    raise LookupError("the guided notebooks are missing from this installation: install collabtrace again")


def prepare(folder: Path) -> Path:
    """Make or complete the working copy in *folder*: what is there already is the reader's own and stays as it is."""
    for source in sorted(notebooks().iterdir()):
        if source.suffix in (".ipynb", ".md"):
            _copy(source, folder / source.name)
    if not (folder / FRESH).exists():
        (folder / FRESH).write_text(json.dumps(_fresh(), indent=1) + "\n", encoding="utf-8")
    for capture in samples.files():
        _copy(capture, folder / SAMPLES / capture.name)
    return folder


def start(folder: Path, *, browser: bool, port: int | None) -> int:
    """Run JupyterLab on *folder* until it is ended; its exit status. An ImportError where it is not installed.

    Where there are such, it takes the place of this process, so that what is said to the one is said to the other.
    """
    import jupyterlab  # noqa: F401 - to say before a process is started that it is missing

    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={folder.absolute()}"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        # In a container the reader is root, and Jupyter would refuse to start.
        command.append("--allow-root")
    command += [] if browser else ["--no-browser"]
    command += [] if port is None else [f"--port={port}"]
    if os.name == "posix":
        sys.stdout.flush()
        os.execv(sys.executable, command)  # noqa: S606 - our own interpreter, arguments of ours
    return subprocess.run(command, check=False).returncode  # noqa: S603 - our own interpreter, arguments of ours


def _fresh() -> dict[str, object]:
    cell: dict[str, object] = {
        "cell_type": "code",
        "execution_count": None,
        "id": "open",
        "metadata": {},
        "outputs": [],
    }
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {
        "cells": [{**cell, "metadata": {}, "source": FIRST_CELL}],
        "metadata": {"kernelspec": kernel},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _copy(source: Path, target: Path) -> None:
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
