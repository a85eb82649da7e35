"""PNG pictures by matplotlib, which is loaded when the first one is drawn; y grows downwards, in pixels as in SVG."""

import io
import math
import warnings
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from collabtrace.views.theme import LIGHT

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

MOST_DOTS = 24_000_000
"""Dots of one picture: 96 MB while it is drawn. Larger pictures have fewer dots to the inch."""

SHARPEST, COARSEST = 144, 48
"""Dots to the inch: of small pictures, and the fewest with which letters can still be told apart."""

PIXELS, POINTS = 96, 0.75
"""Pixels to the inch, as on the web, and points to the pixel."""

POINTING = {"right": ">", "left": "<", "up": "^", "down": "v"}
"""Markers for the heads of arrows."""


class Words(NamedTuple):
    """Text in a figure."""

    x: float
    y: float
    said: str
    role: str = "ink"
    """The role of its colour in ``theme``."""
    side: str = "left"
    """``left center right``: what of the text is at x."""
    size: float = 12
    strong: bool = False
    halo: bool = False
    """Whether it hides what it stands on."""


class Figure:
    """What is to be drawn, gathered first: thousands of arrows are then a few collections."""

    def __init__(self) -> None:
        self.words: list[Words] = []
        self._lines: dict[tuple[str, str | None], list[list[tuple[float, float]]]] = defaultdict(list)
        self._heads: dict[tuple[str, str, bool], list[tuple[float, float]]] = defaultdict(list)
        self._boxes: dict[tuple[str, str], list[tuple[float, float, float, float]]] = defaultdict(list)

    def line(self, points: list[tuple[float, float]], role: str, dash: str | None = None) -> None:
        """A line through *points*, broken as an SVG dash array says."""
        self._lines[role, dash].append(points)

    def head(self, x: float, y: float, towards: str, role: str, *, hollow: bool = False) -> None:
        """The head of an arrow that ends at a point; *towards* is ``right left up down``."""
        step = {"right": (-4, 0), "left": (4, 0), "up": (0, 4), "down": (0, -4)}[towards]
        self._heads[towards, role, hollow].append((x + step[0], y + step[1]))

    def box(self, x: float, y: float, wide: float, tall: float, role: str = "panel", edge: str = "rail") -> None:
        """A box, filled and edged with the colours of these roles."""
        self._boxes[role, edge].append((x, y, wide, tall))

    def png(self, wide: float, tall: float) -> bytes:
        """The picture, on a white ground."""
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure as Canvas

        inches = (wide / PIXELS, tall / PIXELS)
        canvas = Canvas(figsize=inches, dpi=dots_per_inch(wide, tall), facecolor=LIGHT["ground"])
        axes = canvas.add_axes((0, 0, 1, 1))
        axes.set_xlim(0, wide)
        axes.set_ylim(tall, 0)
        axes.axis("off")
        self._draw_shapes(axes)
        self._draw_words(canvas, axes)
        written = io.BytesIO()
        with warnings.catch_warnings():
            # Letters that the fonts at hand lack are drawn as boxes; that is no reason to stop.
            warnings.filterwarnings("ignore", message="Glyph .* missing from")
            FigureCanvasAgg(canvas).print_png(written)  # type: ignore[no-untyped-call]
        return written.getvalue()

    def _draw_shapes(self, axes: "Axes") -> None:
        from matplotlib.collections import LineCollection, PatchCollection
        from matplotlib.patches import Rectangle

        for (role, dash), lines in self._lines.items():
            broken = (0.0, [float(part) * POINTS for part in dash.split()]) if dash else "-"
            wide, order = (1.0, 1) if role == "rail" else (1.3, 2)
            axes.add_collection(
                LineCollection(lines, colors=LIGHT[role], linestyles=[broken], linewidths=wide, zorder=order)
            )
        for (role, edge), boxes in self._boxes.items():
            patches = [Rectangle((x, y), wide, tall) for x, y, wide, tall in boxes]
            axes.add_collection(
                PatchCollection(patches, facecolor=LIGHT[role], edgecolor=LIGHT[edge], linewidth=0.8, zorder=3)
            )
        for (towards, role, hollow), ends in self._heads.items():
            x, y = zip(*ends, strict=True)
            inside = LIGHT["ground"] if hollow else LIGHT[role]
            axes.plot(x, y, POINTING[towards], color=LIGHT[role], markerfacecolor=inside, markersize=5.5, zorder=4)

    def _draw_words(self, canvas: "Canvas", axes: "Axes") -> None:
        halo = {"facecolor": LIGHT["ground"], "edgecolor": "none", "pad": 0.6}
        for words in self.words:
            canvas.text(
                words.x,
                words.y,
                words.said,
                transform=axes.transData,
                color=LIGHT[words.role],
                horizontalalignment=words.side,
                verticalalignment="baseline",
                fontsize=words.size * POINTS * 0.92,
                fontweight="bold" if words.strong else "normal",
                bbox=halo if words.halo else None,
                parse_math=False,
                zorder=5,
            )


def dots_per_inch(wide: float, tall: float) -> int:
    """How sharp a picture of so many pixels can be: large ones have fewer dots to the inch."""
    return max(COARSEST, min(SHARPEST, int(math.sqrt(MOST_DOTS / (wide * tall)) * PIXELS)))
