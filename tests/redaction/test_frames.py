"""MAC addresses, and frames that carry no IP."""

from collabtrace.capture.cursor import Cursor
from collabtrace.redaction.frames import Frames
from collabtrace.redaction.text import Text

ARP = bytes.fromhex("ffffffffffff 001122334455 0806 0001 0800 0604 0001 001122334455 0a010203 000000000000 0a010204")


def test_an_arp_request_asks_for_the_address_that_packets_have(text: Text) -> None:
    out = bytearray(ARP[:14]) + bytes(28)
    Frames(text.addresses).last(Cursor(ARP, len(ARP), at=14), out)
    assert out[22:28] == text.addresses.mac(ARP[22:28])
    assert out[28:32] == text.addresses.ipv4(b"\x0a\1\2\3")
    assert out[38:42] == text.addresses.ipv4(b"\x0a\1\2\4")


def test_addresses_of_a_header_change_and_broadcast_stays(text: Text) -> None:
    frames, out = Frames(text.addresses), bytearray(ARP)
    frames.first(1)
    frames.addresses(0, Cursor(ARP, len(ARP), at=14), out)
    assert out[:12] == b"\xff" * 6 + text.addresses.mac(ARP[6:12])


def test_the_address_of_a_cooked_packet_changes(text: Text) -> None:
    header = bytes.fromhex("0000 0001 0006 001122334455 0000 0800")
    frames, out = Frames(text.addresses), bytearray(header)
    frames.first(113)
    frames.addresses(0, Cursor(header, 16, at=16), out)
    assert out[6:12] == text.addresses.mac(header[6:12])
