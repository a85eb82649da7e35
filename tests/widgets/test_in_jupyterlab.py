"""The explorer, and a guided notebook, in a real JupyterLab, driven by a real browser."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from collabtrace import samples
from collabtrace.testing import Scene
from tests import lab_browser

pytestmark = pytest.mark.skipif(lab_browser.CHROMIUM is None, reason="chromium is not installed")
pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytest.importorskip("jupyterlab", reason="jupyterlab is not installed")

GUIDED = "first_look.ipynb"
HOLDS = 40
"""A call with so many holds and resumes has a ladder of which only a part is in the page."""


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that ``collabtrace lab`` is told to work in; it has notebooks of the reader's own already."""
    folder = tmp_path_factory.mktemp("lab")
    growing, long = folder / "growing.pcapng", folder / "long.pcapng"
    whole = samples.find("sipp-udp").read_bytes()
    growing.write_bytes(whole[: len(whole) // 3])
    long.write_bytes(long_call())
    (folder / "short.pcapng").write_bytes(whole)
    for name in ("short", "growing", "long"):
        source = f"import collabtrace as ct\nct.open('{name}.pcapng').explore()"
        lab_browser.write_notebook(folder / f"{name}.ipynb", source)
    lab_browser.write_notebook(folder / "tables.ipynb", "import collabtrace as ct\nct.open('long.pcapng').messages")
    return folder


def long_call() -> bytes:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    call = scene.call(alice, bob, via=[scene.proxy("proxy", "203.0.113.1")])
    for _ in range(HOLDS):
        call.hold(alice)
        call.resume(alice)
    call.hang_up(alice)
    return scene.pcapng()


@pytest.fixture(scope="module")
def lab(work: Path) -> Iterator[str]:
    port = lab_browser.free_port()
    words = lab_browser.module("collabtrace", "lab", str(work), "--no-browser", "--port", str(port))
    with lab_browser.serving(words, port, work / ".home") as url:
        yield url


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with lab_browser.browsing() as page:
        yield page


def explorer(browser: Any, url: str) -> Any:
    """The page, once the only cell of a notebook has shown the explorer."""
    lab_browser.open_notebook(browser, url)
    browser.click(".jp-Notebook .jp-Cell .jp-Editor")
    browser.keyboard.press("Shift+Enter")
    browser.wait_for_selector(".ct-explorer svg .row")
    return browser


@pytest.fixture(scope="module")
def page(lab: str, browser: Any) -> Any:
    return explorer(browser, f"{lab}/short.ipynb")


def test_an_arrow_opens_its_message(page: Any) -> None:
    page.locator(".ct-explorer .list tr[data-call='1']").click()
    page.locator(".ct-explorer svg .row[data-table=messages]").first.click()
    page.wait_for_function("document.querySelector('.ct-explorer .message pre')?.textContent.startsWith('INVITE')")
    assert page.locator(".ct-explorer .message table").count() >= 1


def test_the_search_leaves_what_fits(page: Any) -> None:
    page.fill(".ct-explorer input[type=search]", "busy")
    page.wait_for_function("document.querySelector('.ct-explorer output').textContent === '1 of 3 calls'")
    page.fill(".ct-explorer input[type=search]", "")


def test_the_keyboard_goes_from_call_to_call(page: Any) -> None:
    page.locator(".ct-explorer .list tr[data-call='1']").click()
    page.keyboard.press("ArrowDown")
    page.wait_for_function("document.querySelector('.ct-explorer .article').textContent.includes('486 Busy Here')")
    page.keyboard.press("End")
    page.wait_for_function("document.activeElement.dataset.call === '3'")


def test_all_messages_are_listed_when_asked_for(page: Any) -> None:
    page.locator(".ct-explorer .list tr[data-call='1']").click()
    page.locator(".ct-explorer .listed button").click()
    page.wait_for_selector(".ct-explorer .listed .messages summary")
    listed = page.locator(".ct-explorer .listed .messages > li").count()
    assert listed == int(page.locator(".ct-explorer .list tr[data-call='1'] td").nth(7).text_content())


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


def test_what_was_captured_since_comes_at_the_press_of_a_button(lab: str, browser: Any, work: Path) -> None:
    page = explorer(browser, f"{lab}/growing.ipynb")
    (work / "growing.pcapng").write_bytes(samples.find("sipp-udp").read_bytes())
    page.locator(".ct-explorer .bar button").click()
    page.wait_for_function("document.querySelector('.ct-explorer .told').textContent.endsWith('new calls')")
    page.wait_for_selector(".ct-explorer .list tr[data-call='3']")


def test_of_a_long_ladder_only_what_is_in_sight_is_in_the_page(lab: str, browser: Any) -> None:
    page = explorer(browser, f"{lab}/long.ipynb")
    rows = page.locator(".ct-explorer svg .row")
    assert rows.count() < HOLDS * 4
    rows.nth(3).focus()
    for _ in range(60):
        page.keyboard.press("Tab")
    focused = page.evaluate("Number(document.activeElement.dataset.row)")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('.ct-explorer .message h4')")
    assert focused >= 60
    page.evaluate("document.querySelector('.ct-explorer .drawing').scrollTop = 1e6")
    page.wait_for_selector(".ct-explorer svg .row title:text('BYE')", state="attached")


def test_a_long_table_can_be_searched(lab: str, browser: Any) -> None:
    lab_browser.open_notebook(browser, f"{lab}/tables.ipynb")
    browser.click(".jp-Notebook .jp-Cell .jp-Editor")
    browser.keyboard.press("Shift+Enter")
    browser.fill(".dt-search input", "BYE")
    browser.wait_for_function("document.querySelector('.dt-info').textContent.includes('filtered from')")
    assert "BYE" in browser.locator("table.dataTable tbody tr").first.text_content()


def test_a_guided_notebook_runs_to_its_end(lab: str, browser: Any, work: Path) -> None:
    lab_browser.open_notebook(browser, f"{lab}/{GUIDED}")
    browser.click("text=Run >> nth=0")
    browser.click("text=Run All Cells >> nth=0")
    browser.wait_for_selector(".ct-explorer svg .row")
    browser.locator(".ct-explorer .list tr[data-call]").last.click()
    browser.locator(".ct-explorer svg .row[data-table=messages]").first.click()
    browser.wait_for_selector(".ct-explorer .message pre")
    browser.wait_for_selector("text=| Idle")
    browser.keyboard.press("Control+s")
    cells = saved(browser, work / GUIDED)
    assert [output for cell in cells for output in cell["outputs"] if output["output_type"] == "error"] == []


def saved(browser: Any, path: Path) -> list[dict[str, Any]]:
    """The cells of code of a notebook, once it is on disk with all that they gave."""
    for _ in range(lab_browser.SECONDS // 200):
        cells = [each for each in json.loads(path.read_text(encoding="utf-8"))["cells"] if each["cell_type"] == "code"]
        if all(cell["execution_count"] for cell in cells):
            return cells
        browser.wait_for_timeout(200)
    raise AssertionError(f"{path.name} was not run to its end")
