"""Files as streams of bytes."""

import gzip
import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collabtrace.capture.source import Source
from collabtrace.errors import CaptureError


def read(path: Path, step: int = 1 << 16) -> bytes:
    """All that the source gives, read *step* bytes at a time."""
    source, parts, target = Source(path), [], bytearray(step)
    while count := source.read_into(memoryview(target)):
        parts.append(bytes(target[:count]))
    source.close()
    return b"".join(parts)


def write(folder: Path, data: bytes) -> Path:
    path = folder / "x.pcap"
    path.write_bytes(data)
    return path


def test_plain_bytes_come_as_they_are(tmp_path: Path) -> None:
    assert read(write(tmp_path, b"0123456789"), 3) == b"0123456789"


@pytest.mark.parametrize("data", [b"", b"\x1f", b"\x1f\x8c"])
def test_files_too_short_for_a_magic_number_are_plain(tmp_path: Path, data: bytes) -> None:
    assert read(write(tmp_path, data)) == data


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(members=st.lists(st.binary(max_size=2000), min_size=1, max_size=4), step=st.integers(1, 3000))
def test_gzip_members_follow_one_another(tmp_path: Path, members: list[bytes], step: int) -> None:
    packed = b"".join(map(gzip.compress, members))
    assert read(write(tmp_path, packed), step) == b"".join(members)


def test_padding_behind_gzip_is_no_flaw(tmp_path: Path) -> None:
    source = Source(write(tmp_path, gzip.compress(b"abc", mtime=0) + bytes(512)))
    target = bytearray(10)
    assert source.read_into(memoryview(target)) == 3
    assert source.flaw is None
    source.close()


@pytest.mark.parametrize(
    ("packed", "flaw"),
    [
        (gzip.compress(bytes(range(256)), mtime=0)[:40], "the gzip data ends early, at byte 40 of the file"),
        (gzip.compress(b"abc", mtime=0)[:-5] + b"\xff" * 5, "the gzip data is damaged before byte 23 of the file"),
    ],
)
def test_flaws_of_gzip_name_the_place(tmp_path: Path, packed: bytes, flaw: str) -> None:
    source = Source(write(tmp_path, packed))
    source.read_into(memoryview(bytearray(1000)))
    assert source.flaw
    assert source.flaw.startswith(flaw)
    assert source.read_into(memoryview(bytearray(10))) == 0
    source.close()


def test_what_comes_before_the_damage_is_given(tmp_path: Path) -> None:
    content = bytes(number * number % 251 for number in range(200_000))
    packed = bytearray(gzip.compress(content, mtime=0))
    packed[-8:-4] = b"\0\0\0\0"
    # zlib checks the digest together with the last byte.
    assert read(write(tmp_path, bytes(packed))) == content[:-1]


def test_a_gzip_bomb_is_unzipped_no_further_than_asked(tmp_path: Path) -> None:
    source = Source(write(tmp_path, gzip.compress(bytes(50_000_000), mtime=0)))
    assert source.read_into(memoryview(bytearray(1000))) == 1000
    assert source.size < 50_000
    source.close()


@pytest.mark.parametrize("data", [b"plain" * 100, gzip.compress(b"packed" * 100, mtime=0)])
def test_digest_and_progress_are_about_the_bytes_on_disk(tmp_path: Path, data: bytes) -> None:
    told: list[int] = []
    source = Source(write(tmp_path, data), told.append)
    source.read_into(memoryview(bytearray(7)))
    assert source.sha256() == hashlib.sha256(data).hexdigest()
    assert sum(told) == source.size == len(data)
    source.close()


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CaptureError, match=f"{tmp_path.name}: is a folder; give the capture files in it"):
        Source(tmp_path)


def test_what_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CaptureError, match=r"x\.pcap: cannot be read \(No such file or directory\)"):
        Source(tmp_path / "x.pcap")


def test_what_is_written_after_the_opening_waits_for_the_next_reading(tmp_path: Path) -> None:
    path = write(tmp_path, b"first")
    source = Source(path)
    with path.open("ab") as writer:
        writer.write(b"second")
    target = bytearray(100)
    assert source.read_into(memoryview(target)) == len(b"first")
    assert source.sha256() == hashlib.sha256(b"first").hexdigest()
    source.close()
    assert read(path) == b"firstsecond"


def test_of_a_pipe_all_is_read(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with ThreadPoolExecutor() as pool:
        pool.submit(pipe.write_bytes, b"piped")
        assert read(pipe) == b"piped"
