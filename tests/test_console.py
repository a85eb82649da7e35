"""Results go to stdout or a file, everything else to stderr in one line."""

from pathlib import Path

import pytest

from collabtrace import console


def test_a_refusal_is_one_line_that_no_terminal_obeys(capsys: pytest.CaptureFixture[str]) -> None:
    assert console.refuse("x\x1b[31m.pcap:\n  is empty") == 2
    assert capsys.readouterr() == ("", "collabtrace: x\N{REPLACEMENT CHARACTER}[31m.pcap: is empty\n")


def test_text_goes_to_stdout_or_to_the_file_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with console.target(None) as out:
        out.write("shown")
    with console.target(tmp_path / "kept.txt") as out:
        out.write("kept\r\n")
    assert capsys.readouterr().out == "shown"
    assert (tmp_path / "kept.txt").read_bytes() == b"kept\r\n"


def test_what_is_missing_to_write_a_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(console.UnusableError, match="pip install pyarrow"), console.writing(tmp_path / "x.parquet"):
        raise ImportError(name="pyarrow")
    with pytest.raises(console.UnusableError, match="cannot be written"), console.writing(tmp_path):
        tmp_path.write_text("")


def test_nobody_is_told_of_progress_where_nobody_looks(tmp_path: Path) -> None:
    with console.progress([tmp_path]) as told:
        assert told is None


def test_steps_are_told_to_nobody_where_nobody_looks(capsys: pytest.CaptureFixture[str]) -> None:
    with console.steps(2, "case") as tell:
        tell("one")
    assert capsys.readouterr() == ("", "")


def test_an_extra_that_is_not_installed_is_named() -> None:
    with pytest.raises(console.UnusableError, match=r"pip install 'collabtrace\[batch\]'"), console.with_extra("batch"):
        raise ImportError(name="papermill")
