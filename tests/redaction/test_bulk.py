"""RTP of usual frames, many at a time, is written as packet by packet."""

import numpy as np
import pytest

from collabtrace.capture.chunks import MARGIN
from collabtrace.redaction.blocks import Batch, Packet
from collabtrace.redaction.bulk import BulkWriter, distinct
from collabtrace.redaction.packet import PacketWriter
from collabtrace.redaction.text import Text
from collabtrace.testing import carriers, wire

from .test_packet import Nothing


def rtp(number: int, size: int) -> bytes:
    return b"\x80\x08" + number.to_bytes(2, "big") + bytes(4) + b"\1\2\3\4" + bytes(range(1, size + 1))


FRAMES = [
    carriers.ethernet(wire.ipv4("10.1.2.3", "203.0.113.9", wire.udp(16384, 16386, rtp(1, 160)))),
    carriers.ethernet(wire.ipv4("10.1.2.4", "203.0.113.9", wire.udp(16384, 16386, rtp(2, 33))), vlans=[7]),
    carriers.ethernet(wire.ipv6("2001:db8::3", "2001:db8::4", wire.udp(16384, 16386, rtp(3, 160)))),
    carriers.ethernet(wire.ipv4("10.1.2.3", "10.1.2.4", wire.udp(5060, 5060, b"OPTIONS sip:a SIP/2.0\r\n\r\n"))),
    carriers.ethernet(wire.ipv4("10.1.2.3", "10.1.2.4", wire.udp(16384, 53, rtp(4, 160)))),
]


@pytest.fixture
def batch() -> Batch:
    data = b"".join(FRAMES) + bytes(MARGIN)
    begins = np.cumsum([0, *map(len, FRAMES)]).tolist()
    packets = [Packet(at, len(frame), len(frame), 1) for at, frame in zip(begins, FRAMES, strict=False)]
    return Batch(np.frombuffer(data, np.uint8).copy(), packets, [])


def test_many_at_a_time_are_written_as_one_by_one(text: Text, batch: Batch) -> None:
    single = PacketWriter(text, Nothing())
    BulkWriter(PacketWriter(text, Nothing()), text).rewrite(batch)
    for packet, frame in zip(batch.packets, FRAMES, strict=True):
        written = batch.data[packet.start : packet.start + packet.captured].tobytes()
        assert written == single.rewrite(frame, len(frame), 1)


def test_pieces_are_told_apart() -> None:
    data = np.frombuffer(b"abcdefghijabcdefghikabcdefghij" + bytes(MARGIN), np.uint8)
    found, which = distinct(data, np.array([0, 10, 20]), 10)
    assert [found[number] for number in which.tolist()] == [b"abcdefghij", b"abcdefghik", b"abcdefghij"]
    assert len(found) == 2
