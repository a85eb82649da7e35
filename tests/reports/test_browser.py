"""The page in a real browser: Chromium without a window, driven by the address it opens."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from collabtrace.findings import Diagnosis
from collabtrace.reports.packing import PLAIN_SIZE
from collabtrace.reports.page import render
from collabtrace.sessions.case import Case
from tests.reports.markup_reader import Node, read

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")

OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--virtual-time-budget=10000",
    "--dump-dom",
)

Browse = Callable[..., Node]
"""What the page has become once it is open at an address: a query, a fragment."""


@pytest.fixture
def browse(tmp_path: Path) -> Browse:
    def opened(case: Case, diagnosis: Diagnosis, address: str = "", *, plain_size: int = PLAIN_SIZE) -> Node:
        page = tmp_path / "report.html"
        page.write_text("".join(render(case, diagnosis, plain_size=plain_size)), encoding="utf-8")
        command = [str(CHROMIUM), *OPTIONS, f"--user-data-dir={tmp_path / 'profile'}", page.as_uri() + address]
        shown = subprocess.run(command, capture_output=True, check=True, text=True, timeout=120).stdout
        return read(shown.removeprefix("<!DOCTYPE html>"))

    return opened


def open_articles(page: Node) -> list[str | None]:
    articles = page.one("div", id="opened").all("details", class_="article")
    return [each.attributes["data-anchor"] for each in articles if "open" in each.attributes]


def listed(page: Node) -> list[str | None]:
    rows = [row for row in page.all("tr") if "data-words" in row.attributes]
    return [row.attributes["data-article"] for row in rows if "hidden" not in row.attributes]


def open_messages(page: Node) -> list[str | None]:
    entries = [entry for listed in page.all("ol", class_="messages") for entry in listed.all("details")]
    return [entry.one("pre").attributes["id"] for entry in entries if "open" in entry.attributes]


@pytest.mark.parametrize("plain_size", [PLAIN_SIZE, 0], ids=["plain", "packed"])
def test_a_call_opens_by_its_address(browse: Browse, case: Case, diagnosis: Diagnosis, plain_size: int) -> None:
    page = browse(case, diagnosis, "#call-2", plain_size=plain_size)
    assert open_articles(page) == ["call-2"]
    assert "hidden" not in page.one("form").attributes


@pytest.mark.parametrize("plain_size", [PLAIN_SIZE, 0], ids=["plain", "packed"])
def test_a_message_opens_by_its_address(browse: Browse, case: Case, diagnosis: Diagnosis, plain_size: int) -> None:
    row = case.dialogs[case.calls[0].dialog_rows[0]].message_rows[0]
    page = browse(case, diagnosis, f"#call-1-m{row}", plain_size=plain_size)
    assert open_messages(page) == [f"call-1-m{row}"]


@pytest.mark.parametrize(
    ("query", "found", "plain_size"),
    [
        ("m%3dvideo", ["call-1"], PLAIN_SIZE),
        ("m%3dvideo", ["call-1"], 0),
        ("486%20busy", ["call-2"], 0),
        ("203.0.113.5%20register", ["other-1"], 0),
        ("<sip:alice@example.com>", ["call-1", "call-2", "other-1"], 0),
        ("nobody", [], 0),
    ],
)
def test_the_search_finds_rows_and_the_text_of_messages(
    browse: Browse, case: Case, diagnosis: Diagnosis, query: str, found: list[str], plain_size: int
) -> None:
    page = browse(case, diagnosis, f"?q={query}", plain_size=plain_size)
    assert listed(page) == found
    calls = sum(article.startswith("call") for article in found)
    assert page.one("p", id="shown").text.startswith(f"{calls} of 2 calls and {len(found) - calls} of 2 conversations")


def test_the_headings_of_long_tables_are_buttons_that_sort(browse: Browse, case: Case, diagnosis: Diagnosis) -> None:
    headings = browse(case, diagnosis).all("table", class_="sortable")[0].one("thead").all("th")
    assert all(heading.all("button") for heading in headings)


@pytest.mark.parametrize("plain_size", [PLAIN_SIZE, 0], ids=["plain", "packed"])
def test_what_an_attacker_wrote_does_not_run(
    browse: Browse, hostile: Case, hostile_diagnosis: Diagnosis, plain_size: int
) -> None:
    page = browse(hostile, hostile_diagnosis, "?q=document.title#call-1", plain_size=plain_size)
    assert open_articles(page) == ["call-1"]
    assert page.one("head").one("title").text.endswith("collabtrace")
    assert "document.title=1" in "".join(text.text for text in page.all("pre"))


def test_a_single_call_is_open_at_once(browse: Browse, sharing: Case, nothing_found: Diagnosis) -> None:
    assert open_articles(browse(sharing, nothing_found)) == ["call-1"]
