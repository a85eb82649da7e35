"""ICMP errors and what they quote."""

import pytest

from collabtrace.capture.cursor import Cursor, Layer
from collabtrace.capture.icmp import error
from collabtrace.schema import Unreachable
from collabtrace.testing.wire import data_chunk, fragments, icmp_error, icmpv6_error, ipv4, ipv6, sctp, tcp, udp

ALICE, BOB, ROUTER = "192.0.2.1", "198.51.100.2", "203.0.113.9"
CALL = ipv4(ALICE, BOB, udp(5060, 5062, b"OPTIONS" * 20))


def read(packet: bytes, *, kept: int | None = None) -> Unreachable | None:
    """The error in an IP packet; *kept* of its bytes were captured."""
    six = packet[0] >> 4 == 6
    at, layer = (40, Layer.ICMPV6) if six else (20, Layer.ICMP)
    source, target = (packet[8:24], packet[24:40]) if six else (packet[12:16], packet[16:20])
    cursor = Cursor(packet[:kept], len(packet), at=at, source=source, target=target)
    return error(cursor, layer, frame=7, time=1_500_000_000, file="x.pcap")


def test_an_error_names_both_conversations() -> None:
    assert read(ipv4(ROUTER, ALICE, icmp_error(CALL[:28], code=13))) == Unreachable(
        file="x.pcap",
        frame=7,
        time_epoch=1.5,
        source=ROUTER,
        target=ALICE,
        type=3,
        code=13,
        quoted_source=ALICE,
        quoted_source_port=5060,
        quoted_target=BOB,
        quoted_target_port=5062,
        quoted_transport="udp",
    )


def test_icmpv6_quotes_ipv6() -> None:
    quoted = ipv6("2001:db8::1", "2001:db8::2", tcp(40000, 5061), headers=[(60, bytes(6))])
    found = read(ipv6("2001:db8::9", "2001:db8::1", icmpv6_error(quoted)))
    assert found
    assert (found.source, found.quoted_source, found.quoted_target) == ("2001:db8::9", "2001:db8::1", "2001:db8::2")
    assert (found.type, found.quoted_target_port, found.quoted_transport) == (1, 5061, "tcp")


def test_other_transports_have_ports_or_not() -> None:
    found = read(ipv4(ROUTER, ALICE, icmp_error(ipv4(ALICE, BOB, sctp(1, 2, data_chunk(b""))))))
    assert found
    assert (found.quoted_transport, found.quoted_source_port) == ("sctp", 1)
    found = read(ipv4(ROUTER, ALICE, icmp_error(ipv4(ALICE, BOB, icmp_error(b"")))))
    assert found
    assert (found.quoted_transport, found.quoted_source_port) == (None, None)


def test_a_later_fragment_has_no_ports() -> None:
    first, second, *_ = fragments(CALL, 64)
    for piece, transport, port in ((first, "udp", 5060), (second, None, None)):
        found = read(ipv4(ROUTER, ALICE, icmp_error(piece)))
        assert found
        assert (found.quoted_transport, found.quoted_source_port) == (transport, port)


def test_a_quotation_cut_before_the_ports_still_names_the_addresses() -> None:
    found = read(ipv4(ROUTER, ALICE, icmp_error(CALL)), kept=20 + 8 + 20)
    assert found
    assert (found.quoted_target, found.quoted_source_port, found.quoted_transport) == (BOB, None, "udp")


@pytest.mark.parametrize("kind", [0, 8, 9, 13])
def test_other_messages_are_no_errors(kind: int) -> None:
    assert read(ipv4(ROUTER, ALICE, icmp_error(CALL, type=kind))) is None


@pytest.mark.parametrize("quoted", [b"", b"\x45" + bytes(10), b"\x15" + bytes(30)])
def test_a_quotation_that_cannot_be_read_is_passed_over(quoted: bytes) -> None:
    assert read(ipv4(ROUTER, ALICE, icmp_error(quoted))) is None
