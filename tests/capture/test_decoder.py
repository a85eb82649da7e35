"""Packets from the link layer to their payloads."""

from hypothesis import given
from hypothesis import strategies as st

from collabtrace.capture.cursor import Cursor
from collabtrace.capture.datagrams import SCTP
from collabtrace.capture.decoder import Decoder
from collabtrace.capture.link import LINK_TYPES
from collabtrace.testing.carriers import ethernet
from collabtrace.testing.wire import data_chunk, fragments, icmp_error, ipv4, ipv6, sctp, udp

ALICE, BOB = "192.0.2.1", "198.51.100.2"
CALL = udp(5060, 5062, b"OPTIONS sip:bob@example.com SIP/2.0\r\n\r\n")
BEHIND = 10_000
"""Where the buffer goes on with what is put together."""


def decode(*frames: bytes, link_type: int = 1, kept: int | None = None) -> Decoder:
    decoder = Decoder("x.pcap")
    decoder.begin(BEHIND)
    for row, frame in enumerate(frames):
        packet = Cursor(frame[:kept], len(frame), base=row * 1000)
        decoder.decode(packet, link_type, row=row, frame=row + 1, time=row)
    return decoder


def test_payloads_are_found_where_they_stand() -> None:
    first, second = decode(ethernet(ipv4(ALICE, BOB, CALL)), ethernet(ipv4(BOB, ALICE, CALL))).datagrams
    assert (first.row, first.start) == (0, 42)
    assert (second.row, second.start) == (1, 1042)


def test_fragments_are_whole_in_the_packet_that_completed_them() -> None:
    pieces = [ethernet(piece) for piece in fragments(ipv4(ALICE, BOB, CALL), 16)]
    decoder = decode(*reversed(pieces))
    (found,) = decoder.datagrams
    assert (found.row, found.start, found.length) == (len(pieces) - 1, BEHIND + 8, len(CALL) - 8)
    assert decoder.assembled == CALL[:6] + decoder.assembled[6:8] + CALL[8:]


def test_fragments_of_different_vlans_do_not_mix() -> None:
    first, second, third = fragments(ipv4(ALICE, BOB, CALL), 16)
    assert not decode(ethernet(first, vlans=[1]), ethernet(second, vlans=[2]), ethernet(third, vlans=[1])).datagrams


def test_the_first_fragment_of_a_packet_that_was_cut_shows_its_beginning() -> None:
    (found,) = decode(*map(ethernet, fragments(ipv4(ALICE, BOB, CALL), 32)), kept=60).datagrams
    assert (found.length, found.wire_length) == (60 - 42, 32 - 8)


def test_user_messages_of_sctp_are_payloads() -> None:
    whole = data_chunk(b"OPTIONS", tsn=1)
    parts = data_chunk(b"INV", tsn=2, flags="B"), data_chunk(b"ITE", tsn=3, flags="E")
    decoder = decode(ethernet(ipv4(ALICE, BOB, sctp(5060, 5062, whole, parts[0]))))
    assert [(each.row, each.protocol, each.length) for each in decoder.datagrams] == [(0, SCTP, 7)]
    decoder = decode(*(ethernet(ipv4(ALICE, BOB, sctp(5060, 5062, part))) for part in parts))
    (found,) = decoder.datagrams
    assert (found.row, found.start, found.length) == (1, BEHIND, 6)
    assert decoder.assembled == b"INVITE"


def test_quoted_packets_are_no_payloads() -> None:
    decoder = decode(ethernet(ipv4(BOB, ALICE, icmp_error(ipv4(ALICE, BOB, CALL)))))
    assert decoder.datagrams == []
    assert [(error.frame, error.quoted_target_port) for error in decoder.unreachables] == [(1, 5062)]


def test_a_new_chunk_begins_without_payloads_but_goes_on_with_fragments() -> None:
    first, second = fragments(ipv6("2001:db8::1", "2001:db8::2", CALL), 40)
    decoder = decode(ethernet(first))
    decoder.begin(500)
    decoder.decode(Cursor(ethernet(second), len(ethernet(second))), 1, row=0, frame=2, time=0)
    assert [each.start for each in decoder.datagrams] == [508]


@given(link_type=st.sampled_from(sorted(LINK_TYPES)), data=st.binary(max_size=120), more=st.integers(0, 2000))
def test_any_bytes_are_decoded_to_something(link_type: int, data: bytes, more: int) -> None:
    decoder = Decoder("x.pcap")
    decoder.begin(len(data))
    decoder.decode(Cursor(data, len(data) + more), link_type, row=0, frame=1, time=0)
    for found in decoder.datagrams:
        assert 0 <= found.length <= found.wire_length
        assert found.start + found.length <= len(data) + len(decoder.assembled)
