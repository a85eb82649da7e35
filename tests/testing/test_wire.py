"""Packets built in code, held against what tshark sees in them."""

from pathlib import Path

import pytest

from collabtrace.capture import dissect
from collabtrace.testing import files
from collabtrace.testing.carriers import ethernet
from collabtrace.testing.wire import (
    ACK,
    DESTINATION,
    HOP_BY_HOP,
    Layer,
    checksum,
    data_chunk,
    fragments,
    icmp_error,
    icmpv6_error,
    ipv4,
    ipv6,
    sctp,
    tcp,
    udp,
)

A, B = "192.0.2.1", "198.51.100.2"
A6, B6 = "2001:db8::1", "2001:db8::2"
TEXT = b"an odd number of octets"
STRICT = [f"-o{name}:TRUE" for name in ("ip.check_checksum", "udp.check_checksum", "tcp.check_checksum")]
needs_tshark = pytest.mark.skipif(dissect.find("tshark") is None, reason="tshark is not installed")


def seen(tmp_path: Path, packets: list[Layer], *names: str) -> list[tuple[str, ...]]:
    """What tshark says of the packets in Ethernet frames; a complaint of any dissector fails the test."""
    path = tmp_path / "x.pcap"
    path.write_bytes(files.pcap([(number * 10**6, ethernet(packet)) for number, packet in enumerate(packets)]))
    options = [*STRICT, "-osctp.checksum:CRC 32c"]
    rows = dissect.fields(path, "frame", ["_ws.expert.message", *names], options=options)
    assert {complaint for complaint, *_ in rows} == {""}
    return [tuple(row[1:]) for row in rows]


def test_the_checksum_of_rfc_1071_section_3() -> None:
    assert checksum(bytes.fromhex("0001f203f4f5f6f7")) == ~0xDDF2 & 0xFFFF


@needs_tshark
def test_datagrams_have_right_checksums(tmp_path: Path) -> None:
    packets = [ipv4(A, B, udp(1, 2, TEXT)), ipv6(A6, B6, udp(1, 2, TEXT))]
    assert seen(tmp_path, packets, "udp.checksum.status", "data.data") == [("1", TEXT.hex())] * 2


@needs_tshark
def test_segments_have_their_numbers_flags_and_options(tmp_path: Path) -> None:
    segment = tcp(1, 2, TEXT, sequence=2**32 + 7, acknowledgement=9, flags=ACK, options=b"\x08\x0a\0\0\0\x07\0\0\0\x08")
    names = ["tcp.checksum.status", "tcp.seq_raw", "tcp.ack_raw", "tcp.flags", "tcp.options.timestamp.tsval", "tcp.len"]
    assert seen(tmp_path, [ipv4(A, B, segment)], *names) == [("1", "7", "9", "0x0010", "7", "23")]


@needs_tshark
def test_sctp_has_its_crc_and_fragments_of_user_messages(tmp_path: Path) -> None:
    chunks = [data_chunk(TEXT, tsn=5, stream=3, number=8, flags="UB"), data_chunk(TEXT, tsn=6, flags="E", protocol=46)]
    names = ["sctp.checksum.status", "sctp.data_tsn_raw", "sctp.data_sid", "sctp.data_b_bit", "sctp.data_e_bit"]
    packets = [ipv4(A, B, sctp(5060, 5061, *chunks))]
    assert seen(tmp_path, packets, *names) == [("1", "5,6", "0x0003,0x0000", "1,0", "0,1")]


@needs_tshark
def test_header_fields_of_ip_are_as_asked(tmp_path: Path) -> None:
    packet = ipv4(A, B, udp(1, 2, TEXT), ttl=9, dscp=46, identification=70, options=b"\x94\x04\x00\x00")
    names = ["ip.checksum.status", "ip.ttl", "ip.dsfield.dscp", "ip.id", "ip.opt.type"]
    assert seen(tmp_path, [packet], *names) == [("1", "9", "46", "0x0046", "148")]
    packet = ipv6(A6, B6, udp(1, 2, TEXT), hop_limit=9, dscp=46)
    assert seen(tmp_path, [packet], "ipv6.hlim", "ipv6.tclass.dscp") == [("9", "46")]


@needs_tshark
def test_extension_headers_come_in_order(tmp_path: Path) -> None:
    padding = b"\x01\x04\0\0\0\0"
    packet = ipv6(A6, B6, udp(1, 2, TEXT), headers=[(HOP_BY_HOP, padding), (DESTINATION, padding)])
    assert seen(tmp_path, [packet], "frame.protocols", "udp.checksum.status") == [
        ("eth:ethertype:ipv6:ipv6.hopopts:ipv6.dstopts:udp:data", "1")
    ]


@needs_tshark
@pytest.mark.parametrize("packet", [ipv4(A, B, udp(1, 2, TEXT * 9)), ipv6(A6, B6, udp(1, 2, TEXT * 9))])
def test_fragments_make_the_packet_again(tmp_path: Path, packet: Layer) -> None:
    pieces = fragments(packet, 64, identification=77)
    assert len(pieces) == 4
    reassembled = seen(tmp_path, [*reversed(pieces)], "udp.checksum.status", "data.data")
    assert reassembled[-1] == ("1", (TEXT * 9).hex())


def test_fragments_are_counted_in_units_of_eight_octets() -> None:
    with pytest.raises(ValueError, match="fragments of 60 octets"):
        fragments(ipv4(A, B, udp(1, 2, TEXT)), 60)


@needs_tshark
def test_icmp_quotes_the_packet_that_it_is_about(tmp_path: Path) -> None:
    error = ipv4(B, A, icmp_error(ipv4(A, B, udp(5060, 5061, TEXT))))
    assert seen(tmp_path, [error], "icmp.checksum.status", "icmp.code", "ip.src", "udp.dstport") == [
        ("1", "3", f"{B},{A}", "5061")
    ]
    error = ipv6(B6, A6, icmpv6_error(ipv6(A6, B6, udp(5060, 5061, TEXT)), code=1))
    assert seen(tmp_path, [error], "icmpv6.checksum.status", "icmpv6.code", "udp.dstport") == [("1", "1", "5061")]
