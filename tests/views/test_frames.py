"""Tables in a notebook: plain frames that show themselves, searchable where they are long."""

import re
from typing import Any

import pandas as pd
import pytest

import collabtrace as ct
from collabtrace.views import frames
from tests.reports.markup_reader import read

SCRIPT_OF_ALL = "injectModule"
ITABLE = "new ITable"


def run(*sources: str) -> list[str]:
    """The HTML that each cell of a notebook shows, in a real kernel; empty where it shows none."""
    nbformat = pytest.importorskip("nbformat", reason="nbformat is not installed")
    nbclient = pytest.importorskip("nbclient", reason="nbclient is not installed")
    pytest.importorskip("ipykernel", reason="ipykernel is not installed")
    pytest.importorskip("itables", reason="itables is not installed")
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    nbclient.NotebookClient(book, kernel_name="python3").execute()
    return ["".join(map(shown, cell.outputs)) for cell in book.cells]


def shown(output: Any) -> str:
    return str(output.get("data", {}).get("text/html", ""))


def test_long_tables_and_what_is_selected_from_them_can_be_searched_and_others_stay_as_they_are() -> None:
    _, whole, chosen, short, own = run(
        "import collabtrace as ct, pandas as pd\ntrace = ct.example('sipp-udp', 'baresip-video-caller')",
        "trace.messages",
        "trace.messages[['file', 'frame', 'method']]",
        "trace.calls",
        "pd.DataFrame({'a': range(50)})",
    )
    assert ITABLE in whole
    assert ITABLE in chosen
    assert ITABLE not in short + own
    assert "<table" in short
    assert "<table" in own
    assert [SCRIPT_OF_ALL in html for html in (whole, chosen)] == [True, False]
    assert "http" not in re.sub(r"[A-Za-z0-9+/=]{1000,}", "", whole + chosen)


def test_an_interactive_table_has_its_first_rows_where_no_script_runs() -> None:
    pytest.importorskip("itables", reason="itables is not installed")
    frame = pd.DataFrame({"frame": range(1, 101)})
    rows = read(frames.interactive(frame)).all("tr")
    assert len(rows) >= frames.LONG


def test_nothing_of_a_header_becomes_markup() -> None:
    pytest.importorskip("itables", reason="itables is not installed")
    hostile = "</script><script>alert(1)</script><img src=x onerror=alert(1)>"
    html = frames.interactive(pd.DataFrame({"user_agent": [hostile] * 30}))
    assert "<script>alert" not in html
    assert "<img" not in html


def test_what_is_missing_is_blank_and_several_values_stand_side_by_side() -> None:
    frame = pd.DataFrame({"method": ["INVITE", None], "call_ids": [("a", "b"), ()], ("x", 1): [1, 2]})
    readable = frames.readable(frame)
    assert readable["method"].tolist() == ["INVITE", ""]
    assert readable["call_ids"].tolist() == ["a b", ""]
    assert frame["method"].isna().tolist() == [False, True]


def test_columns_of_the_same_name_are_left_alone() -> None:
    twice = pd.DataFrame([[None, None]], columns=["a", "a"])
    assert frames.readable(twice).equals(twice)


def test_outside_a_notebook_a_table_is_only_marked() -> None:
    trace = ct.example("sipp-udp")
    assert trace.messages.attrs == {frames.MARK: True}
    assert trace.messages.head(1).attrs == {frames.MARK: True}


class Shell:
    """The notebook, as far as the formatter asks it."""

    def __init__(self) -> None:
        self.execution_count = 0
        self.cell: str | None = None

    def get_parent(self) -> dict[str, dict[str, str | None]]:
        return {"metadata": {"cellId": self.cell}}

    def run(self, cell: str | None) -> None:
        self.execution_count += 1
        self.cell = cell


def test_the_script_comes_again_only_in_the_cell_that_held_it() -> None:
    pytest.importorskip("itables", reason="itables is not installed")
    shell = Shell()
    formatter, long = frames.Formatter(shell, None), pd.DataFrame({"a": range(50)})
    long.attrs[frames.MARK] = True
    came = []
    for cell in ("one", "two", "one"):
        shell.run(cell)
        came += [SCRIPT_OF_ALL in str(formatter(long)) for _ in range(2)]
    assert came == [True, False, False, False, True, False]


def test_where_no_cell_has_a_name_the_script_comes_once() -> None:
    pytest.importorskip("itables", reason="itables is not installed")
    shell = Shell()
    formatter, long = frames.Formatter(shell, None), pd.DataFrame({"a": range(50)})
    long.attrs[frames.MARK] = True
    came = []
    for _ in range(2):
        shell.run(None)
        came.append(SCRIPT_OF_ALL in str(formatter(long)))
    assert came == [True, False]


def test_without_itables_a_long_table_is_plain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frames, "find_spec", lambda name: None)
    long = pd.DataFrame({"time": [1795394159.124012] * 50})
    long.attrs[frames.MARK] = True
    html = frames.Formatter(Shell(), None)(long)
    assert html is not None
    assert ITABLE not in html
    assert "1795394159.124012" in html


def test_another_formatter_goes_on_showing_other_frames() -> None:
    formatter = frames.Formatter(Shell(), lambda frame: "theirs")
    assert formatter(pd.DataFrame({"a": [1]})) == "theirs"
