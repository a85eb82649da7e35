"""pcapng files as a whole: sections, chunks, damage."""

import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from collabtrace.capture import pcapng as module
from collabtrace.capture.chunks import Chunks
from collabtrace.capture.pcapng import Pcapng
from collabtrace.capture.records import Records
from collabtrace.capture.source import Source
from collabtrace.testing.files import Pcapng as Writer
from collabtrace.testing.files import pcapng

pytestmark = pytest.mark.usefixtures("both_ways")

TIME = 1_700_000_000_123_456_789
Read = Callable[[bytes], tuple[Pcapng, list[Records]]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Reads the bytes of a file, 128 at a time."""

    def reading(data: bytes) -> tuple[Pcapng, list[Records]]:
        (tmp_path / "x.pcapng").write_bytes(data)
        source = Source(tmp_path / "x.pcapng")
        form = Pcapng()
        records = list(form.read(Chunks(source, chunk=128)))
        source.close()
        return form, records

    return reading


def packets(records: list[Records]) -> list[bytes]:
    return [
        each.buffer[start : start + captured].tobytes()
        for each in records
        for start, captured in zip(each.start, each.captured, strict=True)
    ]


def times(records: list[Records]) -> list[int]:
    return [time for each in records for time in each.time.tolist()]


@pytest.mark.parametrize("big_endian", [False, True])
def test_byte_orders(read: Read, big_endian: bool) -> None:
    file = Writer(big_endian=big_endian).interface(resolution=9).packet(TIME, b"a packet").packet(TIME + 5, b"")
    form, records = read(file.finish())
    assert (packets(records), times(records)) == ([b"a packet", b""], [TIME, TIME + 5])
    assert form.notes.flaws == []


def test_each_section_has_its_order_and_its_interfaces(read: Read) -> None:
    file = Writer().interface(link_type=1).packet(0, b"one").interface(link_type=101).packet(0, b"two", interface=1)
    file.section(big_endian=True).interface(link_type=113, resolution=3).packet(TIME, b"three")
    form, records = read(file.finish())
    assert packets(records) == [b"one", b"two", b"three"]
    assert [link for each in records for link in each.link.tolist()] == [1, 101, 113]
    assert [interface.link_type for interface in form.notes.interfaces] == [1, 101, 113]
    assert times(records)[-1] == TIME // 10**6 * 10**6


def test_unknown_blocks_are_passed_over(read: Read) -> None:
    file = Writer().block(0x0BAD, b"?" * 99).interface().block(4, bytes(8)).packet(0, b"found")
    assert packets(read(file.finish())[1]) == [b"found"]


def test_blocks_too_large_to_be_read_are_passed_over(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LARGEST_BLOCK", 1000)
    file = Writer().interface().packet(0, b"one").block(0x0BAD, bytes(5000)).packet(0, b"two")
    form, records = read(file.finish())
    assert packets(records) == [b"one", b"two"]
    assert form.notes.flaws == []


def test_packets_without_time_have_that_of_the_one_before(read: Read) -> None:
    file = Writer().interface(resolution=9).simple_packet(b"a").packet(TIME, b"b").simple_packet(b"c")
    form, records = read(file.finish())
    assert times(records) == [TIME, TIME, TIME]
    assert form.notes.timeless == 2


def test_a_file_without_any_time_begins_at_the_epoch(read: Read) -> None:
    form, records = read(Writer().interface().simple_packet(b"a").finish())
    assert (times(records), form.notes.timeless) == ([0], 1)


def test_every_prefix_gives_the_packets_that_are_whole(read: Read) -> None:
    file = Writer().interface()
    whole = [len(file.packet(0, frame).finish()) for frame in (b"first", b"second", b"third")]
    data = file.finish()
    for size in range(28, len(data)):
        form, records = read(data[:size])
        assert packets(records) == [b"first", b"second", b"third"][: sum(end <= size for end in whole)]
        assert form.notes.truncated == (size not in {28, 28 + 20, *whole})
        if form.notes.truncated:
            assert form.notes.flaws == [f"the file ends at byte {size}, in the middle of a block"]


GOOD = pcapng([(TIME, b"good")])
AT = len(GOOD)


@pytest.mark.parametrize(
    ("block", "why"),
    [
        (struct.pack("<II", 6, 8), "no block has 8 bytes"),
        (struct.pack("<II", 6, 0), "no block has 0 bytes"),
        (struct.pack("<III", 99, 12, 16), "the lengths at its two ends differ"),
        (struct.pack("<IIIIIIII", 6, 32, 0, 0, 0, 1 << 31, 1 << 31, 32), "its packet is longer than the block"),
        (struct.pack("<IIIIIIII", 6, 32, 7, 0, 0, 0, 0, 32), "its interface is not described"),
        (struct.pack("<IIHHI", 1, 16, 1, 0, 16), "no interface description is so short"),
        (struct.pack("<IIIHHQI", 0x0A0D0D0A, 28, 0x1A2B3C4D, 2, 0, 0, 28), "no section of pcapng version 1"),
        (
            struct.pack("<IIIHHQI", 0x0A0D0D0A, 1 << 31, 0x1A2B3C4D, 1, 0, 0, 28),
            "no section header has 2147483648 bytes",
        ),
        (struct.pack("<IIIHHQI", 0x0A0D0D0A, 12, 0x1A2B3C4D, 1, 0, 0, 28), "no section header has 12 bytes"),
    ],
)
def test_damage_ends_the_reading_with_its_place(read: Read, block: bytes, why: str) -> None:
    form, records = read(GOOD + block + GOOD)
    assert packets(records) == [b"good"]
    assert form.notes.flaws == [f"a block is damaged at byte {AT}: {why}; read up to there"]
    assert not form.notes.truncated


def test_sections_are_read_up_to_a_limit(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_SECTIONS", 3)
    form, records = read(GOOD * 4)
    assert len(packets(records)) == 3
    assert form.notes.flaws[0].endswith("more than 3 sections; read up to there")


def test_long_files_are_walked_in_lockstep(tmp_path: Path) -> None:
    frames = [bytes([number % 251]) * (number % 97) for number in range(3000)]
    (tmp_path / "x.pcapng").write_bytes(pcapng([(TIME + number, frame) for number, frame in enumerate(frames)]))
    source = Source(tmp_path / "x.pcapng")
    records = list(Pcapng().read(Chunks(source)))
    source.close()
    assert packets(records) == frames


def test_a_converted_file_has_the_name_of_its_format() -> None:
    assert Pcapng("snoop").name == "snoop"
