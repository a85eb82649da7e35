"""What is generated in ``docs/`` is what its sources say today."""

import runpy
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_the_reference_of_tables_is_current() -> None:
    made = runpy.run_path(str(ROOT / "docs" / "make_tables.py"))["reference"]()

    assert (ROOT / "docs" / "tables.md").read_text(encoding="utf-8") == made, "make docs writes it again"


def test_the_catalogue_of_rules_is_current() -> None:
    made = runpy.run_path(str(ROOT / "docs" / "make_rules.py"))["catalogue"]()

    assert (ROOT / "docs" / "rules.md").read_text(encoding="utf-8") == made, "make docs writes it again"


def test_the_pictures_are_current() -> None:
    for name, content in runpy.run_path(str(ROOT / "docs" / "make_pictures.py"))["pictures"]().items():
        assert (ROOT / "docs" / name).read_bytes() == content, "make docs draws them again"
