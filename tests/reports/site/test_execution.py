"""A report notebook is run on the captures and becomes one page that stands alone."""

import json
import re
from pathlib import Path

import pytest

from collabtrace import samples
from collabtrace.reports.site.execution import TEMPLATE, NotebookError, check, run
from tests.reports.markup_reader import read
from tests.reports.site.conftest import notebook

pytest.importorskip("papermill", reason="papermill is not installed")
pytest.importorskip("nbconvert", reason="nbconvert is not installed")


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    return dict(run(TEMPLATE, [samples.find("sipp-udp")], ["html", "ipynb"], "Ticket <7>"))


def test_the_page_has_every_section_and_no_code(made: dict[str, bytes]) -> None:
    page = read(made["html"].decode())
    titles = [heading.text for heading in page.all("h3")]
    assert {"Summary", "Findings", "Calls", "Details", "Machines", "How this report was made"} <= set(titles)
    assert page.one("head").all("title")[0].text == "Ticket <7> – collabtrace"
    assert "trace.section" not in made["html"].decode()


def test_the_page_needs_no_network_and_runs_nothing(made: dict[str, bytes]) -> None:
    assert not re.findall(rb"https?://", made["html"])
    assert not read(made["html"].decode()).all("script")


def test_the_notebook_holds_the_captures_so_that_it_can_be_run_again(made: dict[str, bytes]) -> None:
    cells = json.loads(made["ipynb"])["cells"]
    (given,) = [cell for cell in cells if "injected-parameters" in cell["metadata"].get("tags", ())]
    assert "sipp_udp.pcapng" in "".join(given["source"])


def test_the_document_for_print_is_a_pdf_with_the_drawings() -> None:
    try:
        import weasyprint  # noqa: F401
    except (ImportError, OSError) as error:
        pytest.skip(f"WeasyPrint cannot be used here: {error}")
    document = run(TEMPLATE, [samples.find("sipp-udp")], ["pdf"], "x")["pdf"]
    assert document.startswith(b"%PDF-")


def test_a_cell_that_raises_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotebookError, match=r"own\.ipynb: cell 3 raised ZeroDivisionError: division by zero"):
        run(notebook(tmp_path / "own.ipynb", "1 / 0"), [samples.find("sipp-udp")], ["html"], "x")


def test_a_kernel_that_dies_is_told_of(tmp_path: Path) -> None:
    with pytest.raises(NotebookError, match="its kernel died"):
        run(notebook(tmp_path / "own.ipynb", "import os; os._exit(9)"), [samples.find("sipp-udp")], ["html"], "x")


def test_a_kernel_that_is_not_installed_is_named(tmp_path: Path) -> None:
    own = notebook(tmp_path / "own.ipynb", "1")
    document = json.loads(own.read_text(encoding="utf-8"))
    document["metadata"]["kernelspec"] = {"name": "their-venv", "display_name": "Theirs", "language": "python"}
    own.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(NotebookError, match=r"own\.ipynb: wants the kernel 'their-venv', which is not installed here"):
        run(own, [samples.find("sipp-udp")], ["html"], "x")


def test_a_template_needs_a_cell_that_the_captures_are_given_to(tmp_path: Path) -> None:
    own = notebook(tmp_path / "own.ipynb", "1")
    check(own)
    own.write_text(own.read_text(encoding="utf-8").replace('"parameters"', '"mine"'), encoding="utf-8")
    with pytest.raises(NotebookError, match=r"own\.ipynb: no cell has the tag 'parameters'"):
        check(own)
    own.write_text("[]", encoding="utf-8")
    with pytest.raises(NotebookError, match=r"own\.ipynb: is no notebook that can be run"):
        check(own)


def test_what_is_no_notebook_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.ipynb").write_text("{}", encoding="utf-8")
    with pytest.raises(NotebookError, match=r"x\.ipynb: is no notebook that can be run"):
        run(tmp_path / "x.ipynb", [], ["html"], "x")
