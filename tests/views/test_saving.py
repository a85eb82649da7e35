"""Which drawing a suffix asks for."""

import pytest

from collabtrace.views import ladder, paths
from collabtrace.views.rows import Ladder, Section
from collabtrace.views.saving import LADDER, PATHS
from tests.views.cases import simple_case


@pytest.mark.parametrize(
    ("suffix", "begins"),
    [(".svg", b"<svg "), (".png", b"\x89PNG"), (".txt", b"Call 1: "), (".mmd", b"sequenceDiagram\n")],
)
def test_a_ladder(suffix: str, begins: bytes) -> None:
    assert LADDER.by_suffix[suffix](ladder.plan(simple_case(), 1)).startswith(begins)


@pytest.mark.parametrize(
    ("suffix", "begins"), [(".svg", b"<svg "), (".png", b"\x89PNG"), (".graphml", b"<?xml"), (".json", b"{")]
)
def test_media_paths(suffix: str, begins: bytes) -> None:
    assert PATHS.by_suffix[suffix](paths.plan(simple_case(), 1)).startswith(begins)


def test_a_terminal_shows_a_ladder_as_text_and_paths_as_json() -> None:
    assert LADDER.text(ladder.plan(simple_case(), 1)).startswith("Call 1: ")
    assert PATHS.text(paths.plan(simple_case(), 1)).startswith("{")


def test_half_of_a_surrogate_pair_can_be_written() -> None:
    assert b"?" in LADDER.by_suffix[".txt"](Ladder("t", (Section("s", "\ud800", (), ()),)))
