"""Every notebook runs from top to bottom, and is committed without outputs."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))

every_notebook = pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)


@every_notebook
def test_it_runs(notebook: Path, tmp_path: Path) -> None:
    pytest.importorskip("nbclient", reason="nbclient is not installed")
    pytest.importorskip("ipykernel", reason="ipykernel is not installed")
    run = "from nbclient.cli import main; main()"
    command = [sys.executable, "-c", run, str(notebook), "--output", str(tmp_path / notebook.stem)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    cells = json.loads((tmp_path / notebook.name).read_text(encoding="utf-8"))["cells"]
    ladders = [
        output for cell in cells for output in cell.get("outputs", ()) if "image/svg+xml" in output.get("data", {})
    ]
    assert ladders


@every_notebook
def test_it_is_committed_without_outputs(notebook: Path) -> None:
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    assert [cell["id"] for cell in cells if cell.get("outputs") or cell.get("execution_count")] == []


@every_notebook
def test_it_has_one_cell_of_parameters_and_defines_nothing(notebook: Path) -> None:
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    assert [cell["metadata"].get("tags") for cell in cells].count(["parameters"]) == 1
    assert not any(line.startswith(("def ", "class ")) for cell in cells for line in cell["source"])


def test_the_readme_names_them_all() -> None:
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in NOTEBOOKS if f"({path.name})" not in text] == []
