"""Tables in a notebook: what is long can be searched and sorted, by itables, without any network.

The tables stay plain DataFrames. Each carries a mark, which pandas hands on to what is selected from it, and the
notebook's formatter shows frames that have it as itables when they are long; all other frames show as before.
"""

import re
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from collabtrace.views.tables import field, number

if TYPE_CHECKING:
    import pandas as pd

MARK = "collabtrace"
"""In the ``attrs`` of a frame."""
LONG = 20
"""Rows that are read at a glance, and still show as plain HTML."""
MOST_BYTES = 2 << 20
"""Of a table that goes into the notebook whole; of a larger one itables shows the first and the last rows."""

_PAGES: list[list[int | str]] = [[LONG, 5 * LONG, -1], [str(LONG), str(5 * LONG), "all"]]
"""Rows to a page, and how the choice says it."""
_LINK = re.compile(r"<a href=https://itables\.org[^>]*>.*?</a>")
"""To the help of itables, which needs a network."""
_STYLE = """
div.dt-container { background: transparent; color: inherit; font-size: 12px; }
div.dt-container .dt-search input, div.dt-container .dt-length select { background: transparent; color: inherit;
  border: 1px solid var(--jp-border-color1, gray); }
div.dt-container .dt-length option { background: Canvas; color: CanvasText; }
div.dt-container .dt-paging .dt-paging-button, div.dt-container .dt-paging .dt-paging-button:hover {
  color: inherit !important; border-color: transparent; background: transparent; }
div.dt-container .dt-paging .dt-paging-button.current { border-color: var(--jp-border-color1, gray); }
div.dt-container .dt-paging .dt-paging-button.disabled { opacity: .5; }
div.dt-container .dt-paging .dt-paging-button:focus-visible { outline: 2px solid currentColor; }
div.dt-container table.dataTable { margin: 0; color: inherit; }
div.dt-container table.dataTable th, div.dt-container table.dataTable td { text-align: left; max-width: 28em;
  overflow: hidden; text-overflow: ellipsis; }
div.dt-container table.dataTable .dt-type-numeric { text-align: right; }
div.dt-container table.dataTable td:hover { white-space: normal; overflow-wrap: anywhere; }
"""
"""It follows the theme of JupyterLab and of nbconvert; a long cell is cut, and whole under the pointer."""


def shown(frame: "pd.DataFrame") -> "pd.DataFrame":
    """The same frame, which shows itself in a notebook as this module says."""
    frame.attrs[MARK] = True
    _teach(type(frame))
    return frame


def _teach(kind: type) -> None:
    """Have the notebook show frames, where this is one."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is None:
        return
    formatter = shell.display_formatter.formatters["text/html"]
    before = formatter.type_printers.get(kind)
    if not isinstance(before, Formatter):
        formatter.for_type(kind, Formatter(shell, before))


class Formatter:
    """Makes the HTML of the frames of one notebook."""

    def __init__(self, shell: Any, before: "Callable[[pd.DataFrame], str | None] | None") -> None:
        """*before* showed frames until now."""
        self._shell = shell
        self._before = before
        self._holder: tuple[str | None, int] | None = None
        """The cell whose output holds the script of all tables, and when it ran."""

    def __call__(self, frame: "pd.DataFrame") -> str | None:
        """The HTML of a frame."""
        import pandas as pd

        if not frame.attrs.get(MARK):
            return self._plain(frame)
        with pd.option_context("display.float_format", number):
            if len(frame) > LONG and find_spec("itables"):
                return self._script() + interactive(readable(frame))
            return self._plain(readable(frame))

    def _plain(self, frame: "pd.DataFrame") -> str | None:
        html: str | None = self._before(frame) if self._before else frame._repr_html_()  # type: ignore[operator]
        return html

    def _script(self) -> str:
        """The script that the tables need, once in a notebook; again where the cell that held it runs anew."""
        cell = self._cell()
        ran = self._shell.execution_count
        holder, once = self._holder or (cell, None)
        if self._holder and (cell is None or cell != holder or ran == once):
            return ""
        self._holder = cell, ran
        return script()

    def _cell(self) -> str | None:
        """What JupyterLab calls the cell that runs; others do not tell."""
        parent = self._shell.get_parent() if hasattr(self._shell, "get_parent") else {}
        cell: str | None = parent.get("metadata", {}).get("cellId")
        return cell


def readable(frame: "pd.DataFrame") -> "pd.DataFrame":
    """The frame with what is missing blank, and several values of a cell side by side."""
    from pandas.api.types import is_numeric_dtype

    copied = frame.copy(deep=False)
    for name in frame.columns if frame.columns.is_unique else ():
        if not is_numeric_dtype(frame[name]):
            cells = zip(frame[name], frame[name].isna(), strict=True)
            copied[name] = ["" if missing else field(value) for value, missing in cells]
    return copied


def interactive(frame: "pd.DataFrame") -> str:
    """A frame as an itable, and its first rows for where no script runs."""
    from itables import to_html_datatable

    html = to_html_datatable(
        frame,
        connected=False,
        display_logo_when_loading=False,
        maxBytes=MOST_BYTES,
        showIndex=True,
        pageLength=LONG,
        lengthMenu=_PAGES,
        style="table-layout:auto;width:auto;margin:0",
        css=_STYLE,
    )
    return _LINK.sub("", html)


def script() -> str:
    """What makes tables interactive: DataTables, all of it."""
    from itables import options
    from itables.javascript import generate_init_offline_itables_html

    html = generate_init_offline_itables_html(Path(options.dt_bundle))
    end = "</script>"
    return html[: html.index(end) + len(end)]
