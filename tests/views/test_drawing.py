"""Plans that show themselves in a notebook."""

from pathlib import Path

import pytest

from collabtrace.views import ladder, paths
from collabtrace.views.drawing import LadderDrawing, PathsDrawing
from tests.views.cases import ALICE, BOB, simple_case

LADDER = LadderDrawing(ladder.plan(simple_case(), 1))
PATHS = PathsDrawing(paths.plan(simple_case(), 1))


def test_jupyter_gets_svg() -> None:
    assert LADDER._repr_svg_().startswith("<svg ")
    assert PATHS._repr_svg_().startswith("<svg ")


def test_in_a_cell_a_drawing_shrinks_to_its_width() -> None:
    shown = LADDER._repr_html_()
    assert shown.startswith('<div style="overflow-x:auto"><svg ')
    assert 'style="max-width:100%;height:auto"' in shown


def test_print_gets_text() -> None:
    assert "INVITE (SDP)" in str(LADDER)


def test_a_terminal_gets_a_summary() -> None:
    assert repr(LADDER) == (
        "<Ladder 'Call 1: alice@example.com → bob@example.com, answered': 10 rows; print() shows it as text>"
    )
    assert repr(PATHS).endswith("2 machines, 2 ways of media>")


def test_paths_have_their_graph() -> None:
    assert sorted(PATHS.graph.edges()) == [(ALICE, BOB), (BOB, ALICE)]


def test_a_drawing_is_saved_as_its_suffix_says(tmp_path: Path) -> None:
    assert LADDER.save(tmp_path / "call.TXT").read_text(encoding="utf-8").startswith("Call 1: ")


def test_a_suffix_that_nothing_is_known_for_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"call.docx: the suffixes are .svg .png"):
        LADDER.save(tmp_path / "call.docx")
