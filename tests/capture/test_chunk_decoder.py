"""Chunks of packets as columns of payloads."""

import numpy as np
import pytest

from collabtrace.capture.chunk_decoder import ChunkDecoder
from collabtrace.capture.chunks import MARGIN, ROOM
from collabtrace.capture.packets import Packets
from collabtrace.capture.records import Records
from collabtrace.testing.carriers import ethernet
from collabtrace.testing.wire import fragments, ipv4, ipv6, tcp, udp

pytestmark = pytest.mark.usefixtures("both_ways")

ALICE, BOB = "192.0.2.1", "198.51.100.2"
CALL = udp(5060, 5062, b"OPTIONS sip:bob@example.com SIP/2.0\r\n\r\n")


def decode(*frames: bytes, link_type: int = 1, room: int = ROOM) -> tuple[Packets, ChunkDecoder]:
    lengths = np.array([len(frame) for frame in frames], np.int64)
    size = int(lengths.sum())
    records = Records(
        buffer=np.frombuffer(bytearray(b"".join(frames) + bytes(MARGIN + room)), np.uint8),
        first_frame=101,
        start=np.cumsum(lengths) - lengths,
        captured=lengths,
        wire=lengths,
        time=np.arange(len(frames)) * 10**9,
        link=np.full(len(frames), link_type, np.int32),
    )
    decoder = ChunkDecoder("x.pcap")
    decoder.begin(size + MARGIN)
    return decoder.decode(records), decoder


def test_payloads_of_all_shapes_stand_in_the_order_of_the_file() -> None:
    pieces = fragments(ipv4(BOB, ALICE, CALL), 24)
    six = ipv6("2001:db8::1", "2001:db8::2", tcp(1, 2, b"six", sequence=9), dscp=24, hop_limit=61)
    four = ipv4(ALICE, BOB, CALL, dscp=46, ttl=63)
    packets, decoder = decode(*map(ethernet, (pieces[0], six, pieces[1], four)))
    assert packets.frame.tolist() == [102, 103, 104]
    assert packets.time.tolist() == [10**9, 2 * 10**9, 3 * 10**9]
    assert [packets.payload(row) for row in range(3)] == [b"six", CALL[8:], CALL[8:]]
    assert [decoder.flows.source[flow] for flow in packets.flow] == ["2001:db8::1", BOB, ALICE]
    assert packets.dscp.tolist() == [24, 0, 46]
    assert packets.ttl.tolist() == [61, 64, 63]
    assert packets.sequence.tolist() == [9, 0, 0]
    assert packets.flags.tolist() == [0x18, 0, 0]


def test_what_is_put_together_finds_room_or_a_new_buffer() -> None:
    pieces = [ethernet(piece) for piece in fragments(ipv4(ALICE, BOB, CALL), 24)]
    for room in (0, ROOM):
        packets, _ = decode(*pieces, room=room)
        assert packets.payload(0) == CALL[8:]
        assert len(packets.buffer) >= packets.start[0] + packets.length[0] + MARGIN


def test_a_chunk_without_payloads_has_empty_columns() -> None:
    packets, _ = decode(bytes(60))
    assert len(packets) == 0
    assert packets.time.tolist() == []


def test_link_types_that_cannot_be_read_are_named() -> None:
    packets, decoder = decode(bytes(60), bytes(60), link_type=147)
    assert len(packets) == 0
    assert list(decoder.flaws()) == ["2 packets of link type 147, which cannot be read"]


def test_missing_fragments_are_named() -> None:
    _, decoder = decode(ethernet(fragments(ipv4(ALICE, BOB, CALL), 24)[0]))
    assert list(decoder.flaws()) == ["1 fragmented IP packet lacks fragments, the first in frame 101"]
