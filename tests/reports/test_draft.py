"""A file is there whole or not at all."""

import errno
import os
from pathlib import Path

import pytest

from collabtrace.reports.draft import whole


def test_what_is_written_takes_the_place_of_what_was_there(tmp_path: Path) -> None:
    target = tmp_path / "x.html"
    target.write_text("old", encoding="utf-8")
    with whole(target) as draft:
        draft.write_text("new", encoding="utf-8")
        assert target.read_text(encoding="utf-8") == "old"
    assert [(path.name, path.read_text(encoding="utf-8")) for path in tmp_path.iterdir()] == [("x.html", "new")]


def test_where_the_writing_fails_the_old_file_stays_and_is_named(tmp_path: Path) -> None:
    target = tmp_path / "x.html"
    target.write_text("old", encoding="utf-8")

    def fill(disk: Path) -> None:
        disk.write_text("ne", encoding="utf-8")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(disk))

    with pytest.raises(OSError, match="No space") as raised, whole(target) as draft:
        fill(draft)
    assert raised.value.filename == str(target)
    assert [(path.name, path.read_text(encoding="utf-8")) for path in tmp_path.iterdir()] == [("x.html", "old")]


@pytest.mark.skipif(os.name != "posix", reason="there is no such device")
def test_a_device_is_written_itself() -> None:
    with whole(Path(os.devnull)) as draft:
        assert draft == Path(os.devnull)
