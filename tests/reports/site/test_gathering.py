"""Captures are found, and those that belong together are one case."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from collabtrace.capture.series import Group
from collabtrace.reports.site.gathering import captures, cases


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a.pcapng", "b.pcap.gz", "notes.txt", "sub/c.CAP", "sub/d.pcap3"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    return tmp_path


def names(files: Group) -> list[str]:
    return [file.name for file in files]


def nothing_shared(files: Group) -> Mapping[str, float]:
    return {}


def test_folders_are_searched_and_files_taken_as_named(folder: Path) -> None:
    assert names(tuple(captures([folder]))) == ["a.pcapng", "b.pcap.gz", "c.CAP", "d.pcap3"]
    assert names(tuple(captures([folder / "notes.txt", folder / "a.pcapng", folder]))) == [
        "notes.txt", "a.pcapng", "b.pcap.gz", "c.CAP", "d.pcap3",
    ]  # fmt: skip


def test_captures_of_one_folder_that_saw_the_same_call_are_one_case(tmp_path: Path) -> None:
    groups: list[Group] = [(tmp_path / f"{name}.pcap",) for name in ("inside", "other", "outside")]
    began = {"inside": {"call-1": 10.0}, "other": {"call-1": 9000.0}, "outside": {"call-1": 12.0, "call-2": 13.0}}
    found = cases(groups, lambda files: began[files[0].stem])
    assert [(case.name, names(case.files)) for case in found] == [
        ("inside", ["inside.pcap", "outside.pcap"]), ("other", ["other.pcap"]),
    ]  # fmt: skip


def test_a_case_is_named_after_its_place_and_no_name_is_given_twice(tmp_path: Path) -> None:
    groups: list[Group] = [(tmp_path / name,) for name in ("a/x.pcap", "b/x.pcap", "b/x.pcapng")]
    assert [case.name for case in cases(groups, nothing_shared)] == ["a/x", "b/x", "b/x-2"]


def test_a_name_that_is_made_is_none_that_another_file_has(tmp_path: Path) -> None:
    groups: list[Group] = [(tmp_path / name,) for name in ("x-2.pcap", "x.pcap", "X.pcapng", ".pcap", "index.pcap")]
    made = {case.files[0].name: case.name for case in cases(groups, nothing_shared)}
    assert made == {".pcap": "capture", "X.pcapng": "X", "index.pcap": "index-2", "x-2.pcap": "x-2", "x.pcap": "x-3"}
