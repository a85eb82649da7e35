"""A real JupyterLab and a real browser, for the tests that need both."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
TOKEN = "of-these-tests"
"""Jupyter lets nobody in without one."""
SECONDS = 90_000
"""Milliseconds, as Playwright counts, until something must be there: machines of a test farm are slow."""


@contextmanager
def serving(words: Sequence[str], port: int, home: Path) -> Iterator[str]:
    """The address of a JupyterLab that *words* starts, with no settings but its own."""
    home.mkdir()
    own = {"HOME": str(home), "JUPYTERLAB_SETTINGS_DIR": str(home / ".settings"), "JUPYTER_TOKEN": TOKEN}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(words, start_new_session=True, env={**os.environ, **own}, **quiet) as run:  # type: ignore[call-overload]
        try:
            _wait(f"http://127.0.0.1:{port}/api")
            yield f"http://127.0.0.1:{port}/lab/tree"
        finally:
            os.killpg(run.pid, signal.SIGKILL)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


def module(name: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", name, *arguments]


def _wait(url: str) -> None:
    deadline = time.monotonic() + SECONDS / 1000
    while True:
        try:
            urllib.request.urlopen(url).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
        else:
            return


def write_notebook(path: Path, *sources: str) -> None:
    """A notebook with a cell for each of *sources*."""
    empty: dict[str, Any] = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": []}
    cells = [{**empty, "id": f"c{place}", "source": source} for place, source in enumerate(sources)]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    book = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(book), encoding="utf-8")


@contextmanager
def browsing() -> Iterator[Any]:
    """A page of a browser without a window."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1600, "height": 1200})
        page.set_default_timeout(SECONDS)
        yield page
        browser.close()


def open_notebook(page: Any, url: str) -> None:
    """Show a notebook, its kernel up: only then it runs what is asked of it."""
    page.goto(f"{url}?reset&token={TOKEN}")
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    page.wait_for_selector("text=| Idle")
