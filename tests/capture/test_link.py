"""Link layers up to IP."""

import struct
from collections.abc import Callable

import pytest

from collabtrace.capture.cursor import Cursor, Layer
from collabtrace.capture.decoder import Decoder
from collabtrace.capture.link import LINK_TYPES, llc, mpls
from collabtrace.testing.carriers import (
    ETHERNET,
    LINUX_SLL,
    LINUX_SLL2,
    LOOP,
    NULL,
    PPP,
    RAW,
    cooked,
    cooked2,
    ethernet,
    loopback,
    ppp,
    pppoe,
)
from collabtrace.testing.wire import Layer as Bytes
from collabtrace.testing.wire import ipv4, ipv6, udp

FOUR = ipv4("192.0.2.1", "192.0.2.2", udp(5060, 5060, b"OPTIONS"))
SIX = ipv6("2001:db8::1", "2001:db8::2", udp(5060, 5060, b"OPTIONS"))
SNAP = b"\xaa\xaa\3\0\0\0\x08\0"
MACS = bytes(12)


def payload(link_type: int, frame: bytes) -> bytes | None:
    """The transport payload of a frame; None where it has none."""
    decoder = Decoder("x.pcap")
    decoder.begin(0)
    decoder.decode(Cursor(frame, len(frame)), link_type, row=0, frame=1, time=0)
    found = decoder.datagrams
    return frame[found[0].start :][: found[0].length] if found else None


@pytest.mark.parametrize("packet", [FOUR, SIX], ids=["IPv4", "IPv6"])
@pytest.mark.parametrize(
    ("link_type", "wrap"),
    [
        (ETHERNET, ethernet),
        (ETHERNET, lambda packet: ethernet(packet, vlans=[5])),
        (ETHERNET, lambda packet: ethernet(packet, vlans=[5, 6], tag_type=0x88A8)),
        (ETHERNET, lambda packet: ethernet(packet, vlans=[5, 6, 7], tag_type=0x9100)),
        (ETHERNET, lambda packet: ethernet(pppoe(packet))),
        (ETHERNET, lambda packet: ethernet(Bytes(b"\0\1\1\x40" + packet, 0, 0x8847))),
        (ETHERNET, lambda packet: ethernet(Bytes(b"\0\1\0\x40\0\2\1\x40" + packet, 0, 0x8848))),
        (LINUX_SLL, cooked),
        (LINUX_SLL2, cooked2),
        (NULL, loopback),
        (NULL, lambda packet: loopback(packet, big_endian=True)),
        (LOOP, lambda packet: loopback(packet, big_endian=True)),
        (PPP, ppp),
        (PPP, lambda packet: ppp(packet, framed=False)),
        (50, ppp),
        (50, lambda packet: b"\x0f\0" + struct.pack("!H", packet.ethertype) + packet),
        (51, pppoe),
        (104, lambda packet: b"\x8f\0" + struct.pack("!H", packet.ethertype) + packet),
        (RAW, bytes),
        (12, bytes),
        (228, bytes),
    ],
)
def test_link_layers_lead_to_ip(link_type: int, wrap: Callable[[Bytes], bytes], packet: Bytes) -> None:
    assert payload(link_type, wrap(packet)) == b"OPTIONS"


@pytest.mark.parametrize(
    ("link_type", "frame"),
    [
        (ETHERNET, MACS + struct.pack("!H", 8 + len(FOUR)) + SNAP + FOUR),
        (ETHERNET, MACS + b"\x81\0\0\5" + struct.pack("!H", 8 + len(FOUR)) + SNAP + FOUR),
        (LINUX_SLL, bytes(14) + b"\0\4" + SNAP + FOUR),
        (LINUX_SLL2, b"\0\4" + bytes(18) + SNAP + FOUR),
        (PPP, b"\x21" + FOUR),
    ],
    ids=["802.3", "802.3 in a VLAN", "cooked", "cooked 2", "PPP with a short protocol"],
)
def test_rarer_forms_lead_to_ip(link_type: int, frame: bytes) -> None:
    assert payload(link_type, frame) == b"OPTIONS"


def test_pppoe_ends_where_its_length_says() -> None:
    packet = bytearray(pppoe(FOUR))
    packet[5] -= 3
    assert payload(51, bytes(packet)) == b"OPTI"


@pytest.mark.parametrize(
    "frame",
    [
        MACS + b"\x08\6" + bytes(28),
        MACS + b"\0\x26\x42\x42\3" + bytes(35),
        ethernet(Bytes(b"\x11\x09" + pppoe(FOUR)[2:], 0, 0x8864)),
        ethernet(Bytes(b"\0\1\0\x40", 0, 0x8847)),
    ],
    ids=["ARP", "spanning tree", "PPPoE discovery", "MPLS without an end"],
)
def test_frames_without_ip_have_no_payload(frame: bytes) -> None:
    assert payload(ETHERNET, frame) is None


@pytest.mark.parametrize("link_type", LINK_TYPES)
@pytest.mark.parametrize("size", [0, 1, 2, 3, 4, 5, 13, 15, 17, 19])
def test_frames_too_short_for_their_header_have_no_payload(link_type: int, size: int) -> None:
    assert payload(link_type, bytes(size)) is None


def test_foreign_organisations_have_other_types() -> None:
    assert llc(Cursor(b"\xaa\xaa\3\0\0\x0c\x20\0", 8)) is None


def test_the_bottom_of_a_label_stack_ends_it() -> None:
    packet = Cursor(b"\0\1\0\x40\0\2\1\x40\x45", 9)
    assert mpls(packet) is Layer.IP
    assert packet.at == 8
