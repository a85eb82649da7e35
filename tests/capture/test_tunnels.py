"""Tunnels up to the packet inside."""

import struct
from collections.abc import Callable

import pytest

from collabtrace.capture.cursor import Cursor
from collabtrace.capture.decoder import Decoder
from collabtrace.testing.carriers import erspan, ethernet, gre, gtpu, ppp, pptp_gre
from collabtrace.testing.wire import Layer as Bytes
from collabtrace.testing.wire import fragments, ipv4, ipv6, udp

CALL = udp(5060, 5060, b"OPTIONS")
FOUR = ipv4("192.0.2.1", "192.0.2.2", CALL)
SIX = ipv6("2001:db8::1", "2001:db8::2", CALL)
OUTER = ("198.51.100.1", "198.51.100.2")


def payloads(packet: bytes) -> list[tuple[bytes, int]]:
    """Each transport payload in an IP packet, with its target port."""
    decoder = Decoder("x.pcap")
    decoder.begin(0)
    decoder.decode(Cursor(packet, len(packet)), 101, row=0, frame=1, time=0)
    return [(packet[each.start : each.start + each.length], each.ports & 0xFFFF) for each in decoder.datagrams]


def through(port: int, data: bytes) -> bytes:
    return ipv4(*OUTER, udp(port, port, data))


def vxlan(frame: bytes, *, flags: int = 8) -> bytes:
    return bytes([flags]) + bytes(7) + frame


@pytest.mark.parametrize("inner", [FOUR, SIX], ids=["IPv4", "IPv6"])
@pytest.mark.parametrize(
    "wrap",
    [
        lambda inner: ipv4(*OUTER, inner),
        lambda inner: ipv6("2001:db8::8", "2001:db8::9", inner),
        lambda inner: ipv4(*OUTER, gre(inner)),
        lambda inner: ipv4(*OUTER, gre(inner, key=7, sequence=3)),
        lambda inner: ipv4(*OUTER, gre(ethernet(inner, vlans=[4]))),
        lambda inner: ipv4(*OUTER, pptp_gre(ppp(inner))),
        lambda inner: ipv4(*OUTER, Bytes(b"\x30\x81\x88\x0b" + bytes(12) + ppp(inner), 47)),
        lambda inner: ipv4(*OUTER, Bytes(b"\x80\0" + struct.pack("!H", inner.ethertype) + bytes(4) + inner, 47)),
        lambda inner: ipv4(*OUTER, erspan(ethernet(inner), version=1)),
        lambda inner: ipv4(*OUTER, erspan(ethernet(inner, vlans=[9]), version=2)),
        lambda inner: ipv4(*OUTER, erspan(ethernet(inner), version=3)),
        lambda inner: ipv4(*OUTER, gre(Bytes(bytes(11) + b"\1" + bytes(8) + ethernet(inner), 0, 0x22EB), sequence=1)),
        lambda inner: through(2152, gtpu(inner)),
        lambda inner: through(2152, gtpu(inner, sequence=5)),
        lambda inner: through(4789, vxlan(ethernet(inner))),
        lambda inner: ipv4(*OUTER, gre(ipv4("203.0.113.1", "203.0.113.2", udp(2152, 2152, gtpu(inner))))),
    ],
    ids=[
        "IP in IPv4",
        "IP in IPv6",
        "GRE",
        "GRE with key and number",
        "Ethernet in GRE",
        "PPTP",
        "PPTP with acknowledgement",
        "GRE with checksum",
        "ERSPAN I",
        "ERSPAN II",
        "ERSPAN III",
        "ERSPAN III with a subheader",
        "GTP-U",
        "GTP-U with number",
        "VXLAN",
        "GTP-U in GRE",
    ],
)
def test_only_the_inner_packet_counts(wrap: Callable[[Bytes], bytes], inner: Bytes) -> None:
    assert payloads(wrap(inner)) == [(b"OPTIONS", 5060)]


def test_extension_headers_of_gtpu_are_passed_over() -> None:
    extension = b"\2" + bytes(6) + b"\x85" + b"\1\0\0\0"
    body = b"\0\0\0\xc0" + extension + FOUR
    assert payloads(through(2152, struct.pack("!BBHI", 0x34, 255, len(body), 1) + body)) == [(b"OPTIONS", 5060)]


NO_TUNNEL = {
    "an echo request": struct.pack("!BBHI", 0x32, 1, 4, 0) + bytes(4),
    "GTP version 2": struct.pack("!BBHI", 0x48, 255, 20, 0) + bytes(20),
    "a length beyond the datagram": struct.pack("!BBHI", 0x30, 255, 200, 0) + FOUR,
    "no IP inside": struct.pack("!BBHI", 0x30, 255, 20, 0) + bytes(20),
    "an extension header without length": struct.pack("!BBHI", 0x34, 255, 40, 0) + b"\0\0\0\xc0" + bytes(36),
    "too short": b"\x30\xff",
}


@pytest.mark.parametrize("data", NO_TUNNEL.values(), ids=NO_TUNNEL)
def test_what_is_no_gtpu_stays_a_payload(data: bytes) -> None:
    assert payloads(through(2152, data)) == [(data, 2152)]


@pytest.mark.parametrize("data", [vxlan(ethernet(FOUR), flags=0), vxlan(bytes(40)), b"\x08"])
def test_what_is_no_vxlan_stays_a_payload(data: bytes) -> None:
    assert payloads(through(4789, data)) == [(data, 4789)]


@pytest.mark.parametrize(
    "header", [b"\0\0\x12\x34" + bytes(8), b"\x40\0\x08\0" + bytes(8), b"\0\2\x08\0" + bytes(8), b"\0\0"]
)
def test_gre_that_is_not_read_has_no_payload(header: bytes) -> None:
    assert payloads(ipv4(*OUTER, Bytes(header + FOUR if len(header) > 2 else header, 47))) == []


def test_fragments_are_put_together_inside_and_outside() -> None:
    decoder = Decoder("x.pcap")
    decoder.begin(0)
    inner = [ipv4(*OUTER, gre(piece), identification=9) for piece in fragments(FOUR, 8)]
    for row, packet in enumerate(piece for whole in inner for piece in fragments(whole, 16, identification=len(whole))):
        decoder.decode(Cursor(packet, len(packet)), 101, row=row, frame=row + 1, time=0)
    (found,) = decoder.datagrams
    assert decoder.assembled[found.start :][: found.length] == b"OPTIONS"


def test_endless_nesting_comes_to_an_end() -> None:
    packet = FOUR
    for _ in range(200):
        packet = ipv4(*OUTER, packet)
    assert payloads(packet) == []
