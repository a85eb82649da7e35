"""What is generated in ``docs/`` and ``sample_captures/`` is what its sources say today."""

import runpy
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_the_reference_of_tables_is_current() -> None:
    made = runpy.run_path(str(ROOT / "docs" / "make_tables.py"))["reference"]()

    assert (ROOT / "docs" / "tables.md").read_text(encoding="utf-8") == made, "make docs writes it again"
