"""Media paths as PNG."""

from collabtrace.views.path_graph import NEVER_NEGOTIATED, UNSEEN, PathGraph
from collabtrace.views.path_png import render
from collabtrace.views.paths import plan
from tests.views.cases import simple_case
from tests.views.test_figure import size
from tests.views.test_path_graph import edge
from tests.views.test_path_tracks import graph


def test_a_call() -> None:
    wide, tall = size(render(plan(simple_case(), 1)))
    assert wide > tall > 300


def test_every_state_of_media() -> None:
    ways = (edge("a", "b"), edge("b", "a", state=UNSEEN), edge("a", "b", kind="x", state=NEVER_NEGOTIATED))
    assert size(render(graph("ab", *ways, signalling=(("a", "b"),))))[0] > 600


def test_a_case_without_media_is_a_picture_too() -> None:
    assert size(render(PathGraph("t", (), ())))[0] > 0
