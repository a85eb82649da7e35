"""Files told apart by their first bytes."""

import gzip
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from collabtrace.capture.dissect import find
from collabtrace.capture.opening import opened
from collabtrace.errors import CaptureError
from collabtrace.testing.carriers import ethernet
from collabtrace.testing.files import pcap, pcapng
from collabtrace.testing.wire import ipv4, udp

PACKETS = [(0, ethernet(ipv4("192.0.2.1", "192.0.2.2", udp(5060, 5060, b"OPTIONS"))))]
CLASSIC, NEW = pcap(PACKETS), pcapng(PACKETS)
SNOOP = b"snoop\0\0\0" + struct.pack(">II", 2, 4)
needs_editcap = pytest.mark.skipif(find("editcap") is None, reason="editcap is not installed")


def write(folder: Path, data: bytes) -> Path:
    path = folder / "x.pcap"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("data", "name", "compressed"),
    [
        (CLASSIC, "pcap", False),
        (pcap(PACKETS, big_endian=True), "pcap", False),
        (NEW, "pcapng", False),
        (gzip.compress(CLASSIC, mtime=0), "pcap", True),
        (gzip.compress(NEW, mtime=0), "pcapng", True),
    ],
)
def test_captures_are_recognised_whatever_their_name(tmp_path: Path, data: bytes, name: str, compressed: bool) -> None:
    given = opened(write(tmp_path, data), None)
    assert (given.form.name, given.source.compressed) == (name, compressed)
    given.cleaning.close()


@needs_editcap
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_other_formats_are_converted(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    frame = PACKETS[0][1]
    record = struct.pack(">IIIIII", len(frame), len(frame), 24 + len(frame), 0, 5, 0) + frame
    given = opened(write(tmp_path, pack(SNOOP + record)), None)
    assert given.source.path.name == "x.pcap"
    (records,) = given.form.read(given.chunks)
    assert records.time.tolist() == [5 * 10**9]
    converted = given.chunks.source.path
    assert converted.exists()
    given.cleaning.close()
    assert not converted.exists()


@needs_editcap
def test_a_converted_file_is_named_by_what_it_was(tmp_path: Path) -> None:
    given = opened(write(tmp_path, SNOOP), None)
    assert given.form.name == "snoop"
    given.cleaning.close()


def test_without_editcap_other_formats_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CaptureError, match=r"^x\.pcap: neither pcap nor pcapng; other formats need editcap"):
        opened(write(tmp_path, SNOOP), None)


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"", r"x\.pcap: is empty; a capture has at least a header of 24 bytes"),
        (gzip.compress(b"", mtime=0), r"x\.pcap: is empty"),
        (
            gzip.compress(CLASSIC, mtime=0)[:12],
            r"x\.pcap: the gzip data ends early, at byte 12 of the file, before any packet",
        ),
    ],
)
def test_files_without_content_are_refused(tmp_path: Path, data: bytes, complaint: str) -> None:
    with pytest.raises(CaptureError, match=complaint):
        opened(write(tmp_path, data), None)


@pytest.mark.parametrize("data", [b"no capture at all\n" * 9, CLASSIC[:20], NEW[:10], bytes(100)])
def test_what_is_no_capture_is_refused_in_one_line(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(CaptureError) as refusal:
        opened(write(tmp_path, data), None)
    assert str(refusal.value).startswith("x.pcap: ")
    assert "\n" not in str(refusal.value)
