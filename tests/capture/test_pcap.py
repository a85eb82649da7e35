"""Classic pcap files in all their variants."""

import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from collabtrace.capture.chunks import Chunks
from collabtrace.capture.pcap import Pcap, byte_order
from collabtrace.capture.records import Records
from collabtrace.capture.source import Source
from collabtrace.testing.files import pcap

pytestmark = pytest.mark.usefixtures("both_ways")

TIME = 1_700_000_000_123_456_789
PACKETS = [(TIME, b"first"), (TIME + 10**9, b""), (TIME + 2 * 10**9, b"the third packet")]
Read = Callable[[bytes], tuple[Pcap, list[Records]]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Reads the bytes of a file, 64 at a time."""

    def reading(data: bytes) -> tuple[Pcap, list[Records]]:
        (tmp_path / "x.pcap").write_bytes(data)
        source = Source(tmp_path / "x.pcap")
        chunks, form = Chunks(source, chunk=64), Pcap(data[:24])
        records = list(form.read(chunks))
        source.close()
        return form, records

    return reading


def packets(records: list[Records]) -> list[bytes]:
    return [
        each.buffer[start : start + captured].tobytes()
        for each in records
        for start, captured in zip(each.start, each.captured, strict=True)
    ]


@pytest.mark.parametrize("big_endian", [False, True])
@pytest.mark.parametrize("nanoseconds", [False, True])
def test_byte_orders_and_resolutions(read: Read, nanoseconds: bool, big_endian: bool) -> None:
    form, records = read(pcap(PACKETS, nanoseconds=nanoseconds, big_endian=big_endian))
    times = np.concatenate([each.time for each in records])
    kept = TIME if nanoseconds else TIME // 1000 * 1000
    assert packets(records) == [frame for _, frame in PACKETS]
    assert times.tolist() == [kept, kept + 10**9, kept + 2 * 10**9]
    assert form.notes.interfaces[0].resolution == (9 if nanoseconds else 6)
    assert form.notes.flaws == []


def test_frames_are_numbered_through_the_chunks(read: Read) -> None:
    _, records = read(pcap([(0, bytes(30))] * 5))
    assert len(records) > 1
    assert [frame for each in records for frame in range(each.first_frame, each.first_frame + len(each))] == [
        *range(1, 6)
    ]


def test_the_patched_libpcap_has_longer_records(read: Read) -> None:
    record = struct.pack("<IIII", 5, 6, 3, 3) + bytes(8) + b"abc"
    _, records = read(struct.pack("<IHHiIII", 0xA1B2CD34, 2, 4, 0, 0, 65535, 1) + record * 2)
    assert packets(records) == [b"abc", b"abc"]


def test_cut_packets_keep_their_length_on_the_wire(read: Read) -> None:
    _, (records,) = read(pcap([(0, b"longer than that")], snaplen=6))
    assert (records.captured.tolist(), records.wire.tolist()) == ([6], [16])


def test_the_wire_length_is_never_less_than_what_is_there(read: Read) -> None:
    _, (records,) = read(pcap([]) + struct.pack("<IIII", 0, 0, 4, 1) + b"abcd")
    assert records.wire.tolist() == [4]


def test_the_frame_check_sequence_is_no_link_type(read: Read) -> None:
    form, _ = read(pcap([(0, b"")], link_type=0x46000001))
    assert form.notes.interfaces[0].link_type == 1


def test_a_packet_may_be_larger_than_a_chunk(read: Read) -> None:
    _, records = read(pcap([(0, b"x"), (0, bytes(1000)), (0, b"y")]))
    assert packets(records) == [b"x", bytes(1000), b"y"]


@pytest.mark.parametrize("cut", range(1, 32))
def test_the_end_may_be_cut_anywhere(read: Read, cut: int) -> None:
    data = pcap(PACKETS)
    form, records = read(data[:-cut])
    assert packets(records) == [frame for _, frame in PACKETS[:2]]
    assert form.notes.truncated == (cut < 32)
    assert form.notes.flaws == [f"the file ends at byte {len(data) - cut}, in the middle of packet 3"]


def test_a_packet_of_two_gigabytes_ends_the_reading(read: Read) -> None:
    data = pcap(PACKETS[:1])
    form, records = read(data + struct.pack("<IIII", 0, 0, 1 << 31, 1 << 31) + bytes(500))
    assert packets(records) == [b"first"]
    claim = "it claims 2147483648 bytes, and no packet has more than 262144; read up to there"
    assert form.notes.flaws == [f"packet 2 is damaged at byte {len(data)}: {claim}"]
    assert not form.notes.truncated


@pytest.mark.parametrize(
    "head", [b"", pcap([])[:23], b"\n\r\r\n" + bytes(20), struct.pack("<IHH16x", 0xA1B2C3D4, 2, 3)]
)
def test_other_files_are_not_recognised(head: bytes) -> None:
    assert byte_order(head) is None


def test_long_files_are_walked_in_lockstep(tmp_path: Path) -> None:
    frames = [bytes([number % 251]) * (number % 97) for number in range(3000)]
    (tmp_path / "x.pcap").write_bytes(pcap([(TIME + number, frame) for number, frame in enumerate(frames)]))
    source = Source(tmp_path / "x.pcap")
    chunks = Chunks(source)
    records = list(Pcap(chunks.data[:24].tobytes()).read(chunks))
    source.close()
    assert packets(records) == frames
