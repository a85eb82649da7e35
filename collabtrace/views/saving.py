"""Plans as the bytes of a file: which drawing a suffix asks for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from collabtrace.views import ladder_png, mermaid, path_files, path_png, path_svg, svg, text
from collabtrace.views.path_graph import PathGraph
from collabtrace.views.rows import Ladder

Plan = TypeVar("Plan")


@dataclass(frozen=True)
class Drawings(Generic[Plan]):
    """The forms that one kind of plan can take."""

    text: Callable[[Plan], str]
    """The form for a terminal."""
    by_suffix: Mapping[str, Callable[[Plan], bytes]]
    """The contents of a file, by the suffix of its name in lower case."""


def _encoded(draw: Callable[[Plan], str]) -> Callable[[Plan], bytes]:
    # Text of a capture may hold halves of surrogate pairs, which no file can.
    return lambda plan: draw(plan).encode("utf-8", "replace")


LADDER: Drawings[Ladder] = Drawings(
    text.render,
    {
        ".svg": _encoded(svg.render),
        ".png": ladder_png.render,
        ".txt": _encoded(text.render),
        ".mmd": _encoded(mermaid.render),
    },
)
"""What ``collabtrace ladder`` writes."""

PATHS: Drawings[PathGraph] = Drawings(
    path_files.node_link,
    {
        ".svg": _encoded(path_svg.render),
        ".png": path_png.render,
        ".graphml": _encoded(path_files.graphml),
        ".json": _encoded(path_files.node_link),
    },
)
"""What ``collabtrace paths`` writes."""
