"""The shape of the project: what stands where, what imports what."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "collabtrace"
MODULES = sorted(path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py") if not path.stem.startswith("__"))
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
HEAVY = {"matplotlib", "networkx", "pandas", "pyarrow", "pyshark", "tqdm"}


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_every_module_has_a_test_of_its_own_name(module: Path) -> None:
    assert (ROOT / "tests" / module.with_name(f"test_{module.name}")).is_file()


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_every_module_says_what_it_is(module: Path) -> None:
    assert (PACKAGE / module).read_text(encoding="utf-8").startswith(('"""', 'r"""'))


def test_every_top_level_module_has_a_layer() -> None:
    (contract,) = SETTINGS["tool"]["importlinter"]["contracts"]
    layered = {module for layer in contract["layers"] for module in layer.replace(" ", "").split(":")}
    present = {f"collabtrace.{module.parts[0].removesuffix('.py')}" for module in MODULES}

    # testing is for tests and authors of rules: nothing in the package may import it, and it has no layer.
    assert present - layered == {"collabtrace.testing"}


def test_nothing_in_the_package_imports_testing() -> None:
    users = [module for module in MODULES if "collabtrace.testing" in (PACKAGE / module).read_text(encoding="utf-8")]

    assert {module.parts[0] for module in users} <= {"testing"}


def test_starting_loads_nothing_heavy() -> None:
    start = "import sys, collabtrace.cli, collabtrace.findings, collabtrace.sessions.case; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", start], check=True, capture_output=True, text=True).stdout.split()

    assert HEAVY.isdisjoint(loaded)


def test_protocols_know_no_tables() -> None:
    modules = [module for module in MODULES if module.parts[0] == "protocols"]
    with_pandas = [module for module in modules if "pandas" in (PACKAGE / module).read_text(encoding="utf-8")]
    with_numpy = {module.name for module in modules if "import numpy" in (PACKAGE / module).read_text(encoding="utf-8")}

    assert not with_pandas
    assert with_numpy <= {"rtp.py"}
