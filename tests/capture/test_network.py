"""IPv4 and IPv6 headers."""

from ipaddress import ip_address

import pytest

from collabtrace.capture.cursor import Cursor, Layer
from collabtrace.capture.network import ip, ipv4, ipv6, upper
from collabtrace.testing.wire import DESTINATION, HOP_BY_HOP, ROUTING, fragments, udp
from collabtrace.testing.wire import Layer as Bytes
from collabtrace.testing.wire import ipv4 as four
from collabtrace.testing.wire import ipv6 as six

ALICE, BOB = ip_address("192.0.2.1").packed, ip_address("192.0.2.2").packed
ALICE6, BOB6 = ip_address("2001:db8::1").packed, ip_address("2001:db8::2").packed
CALL = udp(5060, 5060, b"OPTIONS")
FOUR = four("192.0.2.1", "192.0.2.2", CALL, ttl=63, dscp=46, identification=0xBEEF)
SIX = six("2001:db8::1", "2001:db8::2", CALL, hop_limit=62, dscp=34)


def changed(packet: bytes, at: int, *values: int) -> Cursor:
    """A cursor on the packet with some bytes exchanged."""
    data = packet[:at] + bytes(values) + packet[at + len(values) :]
    return Cursor(data, len(data))


def test_ipv4_says_who_and_how() -> None:
    packet = Cursor(FOUR, len(FOUR))
    assert ipv4(packet) is Layer.UDP
    assert (packet.source, packet.target, packet.at) == (ALICE, BOB, 20)
    assert (packet.ttl, packet.dscp, packet.identification) == (63, 46, 0xBEEF)


def test_ipv6_says_who_and_how() -> None:
    packet = Cursor(SIX, len(SIX))
    assert ipv6(packet) is Layer.UDP
    assert (packet.source, packet.target, packet.at) == (ALICE6, BOB6, 40)
    assert (packet.ttl, packet.dscp, packet.identification) == (62, 34, 0)


@pytest.mark.parametrize(("packet", "layer"), [(FOUR, Layer.IPV4), (SIX, Layer.IPV6), (b"\x10", None), (b"", None)])
def test_versions_are_told_by_the_first_bits(packet: bytes, layer: Layer | None) -> None:
    assert ip(Cursor(packet, len(packet))) is layer


def test_options_are_passed_over() -> None:
    data = four("192.0.2.1", "192.0.2.2", CALL, options=b"\x94\4\0\0\1")
    packet = Cursor(data, len(data))
    assert ipv4(packet) is Layer.UDP
    assert packet.at == 28


def test_the_total_length_ends_the_packet() -> None:
    packet = Cursor(FOUR + b"padding", len(FOUR) + 7)
    ipv4(packet)
    assert packet.end == len(FOUR)


def test_a_total_length_beyond_the_frame_does_not() -> None:
    packet = changed(FOUR, 2, 0xFF, 0xFF)
    ipv4(packet)
    assert packet.end == len(FOUR)


def test_segments_that_the_card_will_cut_have_no_length_yet() -> None:
    for packet, read in ((changed(FOUR, 2, 0, 0), ipv4), (changed(SIX, 4, 0, 0), ipv6)):
        assert read(packet) is Layer.UDP
        assert packet.end == len(packet.data)


@pytest.mark.parametrize(
    "packet",
    [changed(FOUR, 0, 0x44), changed(FOUR, 0, 0x65), changed(FOUR, 2, 0, 19), Cursor(FOUR[:19], 60)],
    ids=["header too short", "version 6", "total length too short", "cut"],
)
def test_what_cannot_be_ipv4_is_not(packet: Cursor) -> None:
    assert ipv4(packet) is None


@pytest.mark.parametrize("packet", [changed(SIX, 0, 0x40), Cursor(SIX[:39], 60)], ids=["version 4", "cut"])
def test_what_cannot_be_ipv6_is_not(packet: Cursor) -> None:
    assert ipv6(packet) is None


def test_extension_headers_are_passed_over() -> None:
    headers = [(HOP_BY_HOP, bytes(6)), (ROUTING, bytes(22)), (DESTINATION, bytes(6))]
    data = six("2001:db8::1", "2001:db8::2", CALL, headers=headers)
    packet = Cursor(data, len(data))
    assert ipv6(packet) is Layer.UDP
    assert packet.at == 40 + 8 + 24 + 8


def test_authentication_headers_count_in_words() -> None:
    packet = Cursor(bytes([17, 4]) + bytes(22) + CALL, 100, protocol=51)
    assert upper(packet) is Layer.UDP
    assert packet.at == 24


def test_an_extension_header_that_is_cut_leads_nowhere() -> None:
    assert upper(Cursor(b"\x11", 1, protocol=HOP_BY_HOP)) is None


@pytest.mark.parametrize("packet", [FOUR, SIX], ids=["IPv4", "IPv6"])
def test_fragments_say_where_they_belong(packet: Bytes) -> None:
    keys = set()
    for number, piece in enumerate(fragments(packet, 8)):
        fragment = Cursor(piece, len(piece), vlan=7)
        assert (ipv4 if packet is FOUR else ipv6)(fragment) is Layer.FRAGMENT
        assert fragment.fragment
        assert (fragment.fragment.offset, fragment.fragment.more) == (number * 8, number == 0)
        keys.add(fragment.fragment.key)
    assert len(keys) == 1


def test_a_packet_in_one_fragment_is_whole() -> None:
    (piece,) = fragments(SIX, 80)
    packet = Cursor(piece, len(piece))
    assert ipv6(packet) is Layer.UDP
    assert packet.fragment is None
