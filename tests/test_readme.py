"""Every command and every line of Python that the README shows does what it says."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, re.DOTALL)
COMMANDS = [
    line.partition("#")[0].strip()
    for language, block in BLOCKS
    for line in block.splitlines()
    if language == "sh" and line.startswith("collabtrace ")
]
TARGETS = re.findall(
    r"^make ([a-z-]+)", "\n".join(block for language, block in BLOCKS if language == "sh"), re.MULTILINE
)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A folder in which the README's paths lead somewhere, and what a command writes does not stay."""
    shutil.copytree(ROOT / "sample_captures", tmp_path / "sample_captures")
    return tmp_path


@pytest.mark.parametrize("command", COMMANDS)
def test_command(command: str, clone: Path) -> None:
    words = shlex.split(command)
    run = subprocess.run(
        [sys.executable, "-m", "collabtrace", *words[1:]], cwd=clone, capture_output=True, text=True, check=False
    )

    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout or (clone / words[words.index("-o") + 1]).stat().st_size


def test_the_example_in_python_runs(clone: Path) -> None:
    (example,) = [block for language, block in BLOCKS if language == "python"]
    subprocess.run([sys.executable, "-W", "error", "-c", example], cwd=clone, check=True)

    assert (clone / "report.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_the_targets_of_make_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    assert TARGETS
    assert all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in TARGETS)


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)#:]+)\)", README))
def test_links_lead_to_files(link: str) -> None:
    assert (ROOT / link).exists()
