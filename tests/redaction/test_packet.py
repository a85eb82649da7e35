"""Single packets with everything private replaced."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabtrace.capture.cursor import Fragment
from collabtrace.capture.link import LINK_TYPES
from collabtrace.redaction.addresses import Addresses
from collabtrace.redaction.packet import PacketWriter
from collabtrace.redaction.text import Text
from collabtrace.redaction.words import Words
from collabtrace.testing import carriers, wire

OPTIONS = b"OPTIONS sip:bob@10.1.2.4 SIP/2.0\r\nFrom: <sip:alice@10.1.2.3>;tag=1\r\n\r\n"


class Nothing:
    """Knows of nothing that spans packets."""

    def segment(self, key: bytes, sequence: int, flags: int, data: bytes) -> bytes:
        return bytes(len(data))

    def part(self, key: bytes, tsn: int, data: bytes) -> bytes:
        return bytes(len(data))

    def whole(self, fragment: Fragment, data: bytes) -> bytes | None:
        return None


ANY = PacketWriter(Text(Words(b"a key"), Addresses(Words(b"a key"))), Nothing())


def packed(text: Text, address: str) -> bytes:
    return ipaddress.ip_address(text.private(address)).packed


def in_ipv4(payload: wire.Layer) -> wire.Layer:
    return wire.ipv4("10.1.2.3", "10.1.2.4", payload)


def in_ipv6(payload: wire.Layer) -> wire.Layer:
    return wire.ipv6("2001:db8::3", "2001:db8::4", payload)


@pytest.mark.parametrize("ip", [in_ipv4, in_ipv6])
@pytest.mark.parametrize("transport", [wire.udp, wire.tcp])
def test_checksums_are_right_again(text: Text, ip: "type", transport: "type") -> None:
    writer = PacketWriter(text, Nothing())
    frame = carriers.ethernet(ip(transport(5060, 5060, OPTIONS)), vlans=[7])
    changed = writer.rewrite(frame, len(frame), 1)
    packet = changed[18:]
    ends = packet[12:20] if packet[0] >> 4 == 4 else packet[8:40]
    begin = 20 if packet[0] >> 4 == 4 else 40
    protocol = 17 if transport is wire.udp else 6
    assert wire.checksum(ends + (len(packet) - begin).to_bytes(4, "big") + bytes([0, protocol]) + packet[begin:]) == 0
    if begin == 20:
        assert wire.checksum(packet[:20]) == 0
    assert len(changed) == len(frame)


def test_addresses_of_headers_are_those_of_the_text(text: Text) -> None:
    frame = carriers.ethernet(in_ipv4(wire.udp(5060, 5060, OPTIONS)))
    changed = PacketWriter(text, Nothing()).rewrite(frame, len(frame), 1)
    assert changed[26:34] == packed(text, "10.1.2.3") + packed(text, "10.1.2.4")
    assert text.private("10.1.2.4").encode() in changed
    assert changed[:12] != frame[:12]


def test_an_error_quotes_the_packet_as_it_is_now(text: Text) -> None:
    quoted = in_ipv4(wire.udp(5060, 5061, OPTIONS))
    frame = carriers.ethernet(wire.ipv4("10.1.2.4", "10.1.2.3", wire.icmp_error(quoted[:60])))
    changed = PacketWriter(text, Nothing()).rewrite(frame, len(frame), 1)
    assert changed[54:62] == packed(text, "10.1.2.3") + packed(text, "10.1.2.4")
    assert changed[62:66] == (5060).to_bytes(2, "big") + (5061).to_bytes(2, "big")
    assert wire.checksum(changed[34:]) == 0


def test_what_a_tunnel_carries_is_written_too(text: Text) -> None:
    inner = carriers.ethernet(in_ipv4(wire.udp(5060, 5060, OPTIONS)))
    frame = carriers.ethernet(in_ipv4(wire.udp(40000, 4789, b"\x08" + bytes(7) + inner)))
    changed = PacketWriter(text, Nothing()).rewrite(frame, len(frame), 1)
    assert b"alice" not in changed
    assert changed[50:62] == changed[:12]
    assert len(changed) == len(frame)


def test_options_and_trailers_go(text: Text) -> None:
    options = bytes([7, 7, 4, 10, 9, 9, 9])
    frame = carriers.ethernet(wire.ipv4("10.1.2.3", "10.1.2.4", wire.udp(9, 9, b""), options=options)) + b"leaked"
    changed = PacketWriter(text, Nothing()).rewrite(frame, len(frame), 1)
    assert bytes([10, 9, 9, 9]) not in changed
    assert changed.endswith(bytes(6))


def test_what_no_layer_understands_becomes_zeros(text: Text) -> None:
    frame = bytes(12) + b"\x88\xcc" + b"LLDP of alice-pc"
    assert PacketWriter(text, Nothing()).rewrite(frame, len(frame), 1) == frame[:14] + bytes(16)
    assert PacketWriter(text, Nothing()).rewrite(b"anything", 8, 9999) == bytes(8)


@given(st.binary(max_size=120), st.sampled_from(sorted(LINK_TYPES)))
def test_any_packet_keeps_its_length(data: bytes, link_type: int) -> None:
    assert len(ANY.rewrite(data, len(data), link_type)) == len(data)


@given(st.integers(0, 150), st.binary(max_size=20), st.integers(0, 140))
def test_a_damaged_packet_keeps_its_length(cut: int, noise: bytes, at: int) -> None:
    frame = bytearray(carriers.ethernet(in_ipv4(wire.tcp(5060, 5060, OPTIONS, options=b"\2\4\5\xb4"))))
    frame[at : at + len(noise)] = noise
    data = bytes(frame[:cut])
    assert len(ANY.rewrite(data, len(frame), 1)) == len(data)
