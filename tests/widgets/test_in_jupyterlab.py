"""The explorer in a real JupyterLab, driven by a real browser."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from collabtrace import samples

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
SECONDS = 90_000
"""Milliseconds, as Playwright counts, until something must be there: machines of a test farm are slow."""

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytest.importorskip("jupyterlab", reason="jupyterlab is not installed")


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A JupyterLab with one notebook that opens the explorer."""
    folder = tmp_path_factory.mktemp("lab")
    source = f"import collabtrace as ct\nct.open({str(samples.find('sipp-udp'))!r}).explore()"
    cell: dict[str, Any] = {
        "cell_type": "code",
        "execution_count": None,
        "id": "a",
        "metadata": {},
        "outputs": [],
        "source": source,
    }
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    book = {"cells": [cell], "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    (folder / "x.ipynb").write_text(json.dumps(book), encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = [f"--port={port}", f"--ServerApp.root_dir={folder}", "--IdentityProvider.token="]
    words = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", *settings]
    home = {**os.environ, "JUPYTERLAB_SETTINGS_DIR": str(folder / ".settings"), "HOME": str(folder)}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(words, start_new_session=True, env=home, **quiet) as run:  # type: ignore[call-overload]
        try:
            wait(f"http://127.0.0.1:{port}/api")
            yield f"http://127.0.0.1:{port}/lab/tree/x.ipynb?reset"
        finally:
            os.killpg(run.pid, signal.SIGKILL)


def wait(url: str) -> None:
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


@pytest.fixture(scope="module")
def page(lab: str) -> Iterator[Any]:
    """The page with the explorer, once its cell has run."""
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        opened = browser.new_page(viewport={"width": 1600, "height": 1200})
        opened.set_default_timeout(SECONDS)
        opened.goto(lab)
        opened.wait_for_selector(".jp-Notebook .jp-Cell")
        # Only a kernel that is up runs what is asked of it.
        opened.wait_for_selector("text=| Idle")
        opened.click(".jp-Notebook .jp-Cell .jp-Editor")
        opened.keyboard.press("Shift+Enter")
        opened.wait_for_selector(".ct-explorer svg .row")
        yield opened
        browser.close()


def test_an_arrow_opens_its_message(page: Any) -> None:
    page.locator(".ct-explorer .list tbody tr").first.click()
    page.locator(".ct-explorer svg .row[data-table=messages]").first.click()
    page.wait_for_function("document.querySelector('.ct-explorer .message pre')?.textContent.startsWith('INVITE')")
    assert page.locator(".ct-explorer .message table").count() >= 1


def test_the_search_leaves_what_fits(page: Any) -> None:
    page.fill(".ct-explorer input[type=search]", "busy")
    page.wait_for_function("document.querySelector('.ct-explorer output').textContent === '1 of 3 calls'")
    page.fill(".ct-explorer input[type=search]", "")


def test_the_keyboard_goes_from_call_to_call(page: Any) -> None:
    page.locator(".ct-explorer .list tbody tr").first.click()
    page.keyboard.press("ArrowDown")
    page.wait_for_function("document.querySelector('.ct-explorer .article').textContent.includes('486 Busy Here')")


def test_the_ladder_grows_and_shrinks(page: Any) -> None:
    drawing = page.locator(".ct-explorer .drawing svg").first
    before = float(drawing.get_attribute("width"))
    page.locator(".ct-explorer .zoom button[title='Zoom in']").first.click()
    assert float(drawing.get_attribute("width")) > before


def test_it_follows_the_theme_of_jupyterlab(page: Any) -> None:
    ground = "getComputedStyle(document.querySelector('.ct-explorer .article')).backgroundColor"
    light = page.evaluate(ground)
    page.evaluate("document.body.dataset.jpThemeLight = 'false'")
    assert page.evaluate(ground) != light
    page.evaluate("document.body.dataset.jpThemeLight = 'true'")
    assert page.evaluate(ground) == light
