"""Plans that show themselves in a notebook: an SVG in Jupyter, text in a terminal."""

from abc import ABC, abstractmethod
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Generic

from markupsafe import Markup

from collabtrace.views import path_svg, saving, svg
from collabtrace.views.markup import element
from collabtrace.views.path_graph import PathGraph
from collabtrace.views.rows import Ladder
from collabtrace.views.saving import Drawings, Plan

if TYPE_CHECKING:
    import networkx as nx


class Drawing(ABC, Generic[Plan]):
    """A plan with its faces."""

    drawings: Drawings[Plan]

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    def __str__(self) -> str:
        return self.drawings.text(self.plan)

    @abstractmethod
    def markup(self) -> Markup:
        """The drawing as an ``svg`` element that stands alone."""

    def _repr_svg_(self) -> str:
        return str(self.markup())

    def _repr_html_(self) -> str:
        """The drawing within the width of its cell, which would cut the edge off an image of its own."""
        return str(element("div", self.markup(), style="overflow-x:auto"))

    def save(self, target: str | Path) -> Path:
        """Write the drawing to a file; its suffix says as what. ValueError for a suffix that none is known for."""
        path = Path(target)
        draw = self.drawings.by_suffix.get(path.suffix.lower())
        if draw is None:
            raise ValueError(f"{path.name}: the suffixes are {' '.join(self.drawings.by_suffix)}")
        path.write_bytes(draw(self.plan))
        return path


class LadderDrawing(Drawing[Ladder]):
    """A ladder."""

    drawings = saving.LADDER

    def __repr__(self) -> str:
        rows = sum(len(section.rows) for section in self.plan.sections)
        return f"<Ladder {self.plan.title!r}: {rows} rows; print() shows it as text>"

    def markup(self) -> Markup:
        """The ladder as SVG."""
        return svg.render(self.plan)


class PathsDrawing(Drawing[PathGraph]):
    """Media paths."""

    drawings = saving.PATHS

    def __repr__(self) -> str:
        return f"<{self.plan.title}: {len(self.plan.nodes)} machines, {len(self.plan.edges)} ways of media>"

    def markup(self) -> Markup:
        """The machines and the ways of media as SVG."""
        return path_svg.render(self.plan)

    @cached_property
    def graph(self) -> "nx.MultiDiGraph":
        """The networkx graph."""
        return self.plan.graph
