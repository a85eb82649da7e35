"""Capture files built in code, held against what tshark reads from them."""

from pathlib import Path

import pytest

from collabtrace.capture import dissect
from collabtrace.testing import carriers
from collabtrace.testing.carriers import ethernet
from collabtrace.testing.files import Pcapng, pcap, pcapng
from collabtrace.testing.wire import ipv4, udp

FRAME = ethernet(ipv4("192.0.2.1", "198.51.100.2", udp(1, 2, b"x" * 20)))
TIME = 1_700_000_000_123_456_789
needs_tshark = pytest.mark.skipif(dissect.find("tshark") is None, reason="tshark is not installed")


def read(tmp_path: Path, content: bytes, *names: str) -> list[tuple[str, ...]]:
    path = tmp_path / "x"
    path.write_bytes(content)
    return dissect.fields(path, "frame", names or ["frame.time_epoch", "frame.len", "frame.cap_len"])


@needs_tshark
@pytest.mark.parametrize("big_endian", [False, True])
def test_pcap_in_both_resolutions(tmp_path: Path, big_endian: bool) -> None:
    content = pcap([(TIME, FRAME)], big_endian=big_endian, snaplen=50)
    assert read(tmp_path, content) == [("1700000000.123456000", "62", "50")]
    content = pcap([(TIME, FRAME)], big_endian=big_endian, nanoseconds=True)
    assert read(tmp_path, content) == [("1700000000.123456789", "62", "62")]


@needs_tshark
def test_pcapng_of_packets_alone(tmp_path: Path) -> None:
    assert read(tmp_path, pcapng([(TIME, FRAME)])) == [("1700000000.123456789", "62", "62")]


@needs_tshark
@pytest.mark.parametrize(
    ("resolution", "offset", "time"),
    [
        (None, None, "1700000000.123456000"),
        (3, None, "1700000000.123000000"),
        (9, 1_000_000_000, "1700000000.123456789"),
        (0x80 | 10, None, "1700000000.123046875"),
    ],
)
@pytest.mark.parametrize("big_endian", [False, True])
def test_resolutions_of_an_interface(
    tmp_path: Path, resolution: int | None, offset: int | None, time: str, big_endian: bool
) -> None:
    file = Pcapng(big_endian=big_endian).interface(resolution=resolution, offset=offset).packet(TIME, FRAME)
    assert read(tmp_path, file.finish(), "frame.time_epoch") == [(time,)]


@needs_tshark
def test_every_kind_of_packet_block(tmp_path: Path) -> None:
    file = Pcapng(comment="of the file").interface(snaplen=50, name="eth0", capture_filter="udp")
    file.packet(TIME, FRAME, comment="of the packet", drops=3).obsolete_packet(TIME, FRAME).simple_packet(FRAME)
    file.statistics(TIME, received=9, dropped=2, system_dropped=1)
    names = ["frame.cap_len", "frame.comment", "frame.interface_name", "frame.packet_flags", "udp.dstport"]
    assert read(tmp_path, file.finish(), *names) == [
        ("50", "of the packet", "eth0", "", "2"),
        ("50", "", "eth0", "", "2"),
        ("50", "", "eth0", "", "2"),
    ]


@needs_tshark
def test_a_second_section_has_interfaces_of_its_own(tmp_path: Path) -> None:
    file = Pcapng().interface().packet(TIME, FRAME)
    file.section(big_endian=True).interface(link_type=carriers.RAW).interface(link_type=carriers.ETHERNET)
    file.packet(TIME, FRAME[14:], interface=0).packet(TIME, FRAME, interface=1)
    assert [protocols for (protocols,) in read(tmp_path, file.finish(), "frame.protocols")] == [
        "eth:ethertype:ip:udp:data",
        "raw:ip:udp:data",
        "eth:ethertype:ip:udp:data",
    ]


@needs_tshark
def test_secrets_and_unknown_blocks_are_passed_over(tmp_path: Path) -> None:
    file = Pcapng().secrets(b"CLIENT_RANDOM 00 11\n").block(0x12345, b"odd").interface().packet(TIME, FRAME)
    assert len(read(tmp_path, file.finish())) == 1
