"""Capture files written again, record by record."""

from pathlib import Path

import pytest

from collabtrace.capture.opening import opened
from collabtrace.capture.pcap import Pcap
from collabtrace.capture.reader import open_capture
from collabtrace.redaction.blocks import PcapngBlocks, pcap_batches
from collabtrace.testing import carriers, files, wire

FRAME = carriers.ethernet(wire.ipv4("192.0.2.1", "192.0.2.2", wire.udp(9, 9, b"hello")))


def again(tmp_path: Path, data: bytes) -> bytes:
    """The file as it is written again, no packet changed."""
    path = tmp_path / "x"
    path.write_bytes(data)
    given = opened(path, None)
    batches = pcap_batches(given.chunks) if isinstance(given.form, Pcap) else PcapngBlocks(given.chunks).batches()
    with given.cleaning:
        return b"".join(
            piece if isinstance(piece, bytes) else batch.data[piece[0] : piece[1]].tobytes()
            for batch in batches
            for piece in batch.output
        )


@pytest.mark.parametrize("big_endian", [False, True])
@pytest.mark.parametrize("cut", [0, 3, 60])
def test_a_pcap_file_stays_as_it_is_but_for_a_cut_packet(tmp_path: Path, big_endian: bool, cut: int) -> None:
    data = files.pcap([(1, FRAME), (2, FRAME)], big_endian=big_endian)
    data = data[: len(data) - cut]
    written = again(tmp_path, data)
    assert len(written) == len(data)
    assert written[: len(data) - 47] == data[: len(data) - 47]


def test_a_damaged_record_ends_the_file(tmp_path: Path) -> None:
    data = files.pcap([(1, FRAME)]) + b"\xff" * 64 + b"alice"
    assert again(tmp_path, data) == data[: len(files.pcap([(1, FRAME)])) + 16]


@pytest.mark.parametrize("big_endian", [False, True])
def test_names_and_comments_are_left_out(tmp_path: Path, big_endian: bool) -> None:
    file = files.Pcapng(big_endian=big_endian, comment="for alice")
    file.interface(name="alice0", capture_filter="host 10.1.2.3", resolution=9)
    file.packet(5, FRAME)
    written = again(tmp_path, file.finish())
    assert b"alice" not in written
    assert b"host" not in written
    (tmp_path / "y").write_bytes(written)
    reader = open_capture(tmp_path / "y")
    assert [packets.payload(0) for packets in reader] == [b"hello"]
    assert reader.interfaces()[0].units_per_second == 10**9


def test_the_time_of_packets_stays(tmp_path: Path) -> None:
    (tmp_path / "y").write_bytes(again(tmp_path, files.pcapng([(1_700_000_000_123_456_789, FRAME)])))
    (packets,) = open_capture(tmp_path / "y")
    assert packets.time.tolist() == [1_700_000_000_123_456_789]


def test_a_block_cut_by_the_end_is_still_one(tmp_path: Path) -> None:
    (tmp_path / "y").write_bytes(again(tmp_path, files.pcapng([(1, FRAME), (2, FRAME)])[:-5]))
    reader = open_capture(tmp_path / "y")
    assert sum(map(len, reader)) == 1
    assert reader.capture().truncated
