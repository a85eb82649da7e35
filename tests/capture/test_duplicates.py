"""Second copies, and what only looks like one."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import pytest

from collabtrace.capture import opening
from collabtrace.capture.chunks import Chunks
from collabtrace.capture.duplicates import ANONYMOUS_WINDOW, WINDOW
from collabtrace.capture.reader import CaptureReader, open_capture
from collabtrace.testing.carriers import ethernet
from collabtrace.testing.files import pcap
from collabtrace.testing.wire import Layer, ipv4, ipv6, tcp, udp

pytestmark = pytest.mark.usefixtures("both_ways")

ALICE, BOB = "192.0.2.1", "198.51.100.2"
MICROSECOND = 1000
Frames = Callable[[Sequence[tuple[int, Layer]]], list[int]]


@pytest.fixture
def copies(tmp_path: Path) -> Frames:
    """The frames that are copies in a capture of (time, packet) pairs."""

    def found(packets: Sequence[tuple[int, Layer]]) -> list[int]:
        path = tmp_path / "x.pcap"
        path.write_bytes(pcap([(time, ethernet(packet)) for time, packet in packets], nanoseconds=True))
        reader = open_capture(path)
        frames = [frame for packets in reader for frame in packets.frame[packets.duplicate].tolist()]
        assert reader.capture().duplicates == len(frames)
        return frames

    return found


def invite(*, identification: int = 7, ttl: int = 64, text: bytes = b"INVITE") -> Layer:
    return ipv4(ALICE, BOB, udp(5060, 5060, text), identification=identification, ttl=ttl)


def test_a_second_copy_is_recognised(copies: Frames) -> None:
    assert copies([(0, invite()), (20 * MICROSECOND, invite())]) == [2]


def test_a_router_in_between_changes_nothing(copies: Frames) -> None:
    assert copies([(0, invite()), (WINDOW, invite(ttl=63))]) == [2]


def test_copies_may_come_between_other_packets(copies: Frames) -> None:
    first, second = invite(identification=1, text=b"BYE"), invite(identification=2, text=b"ACK")
    assert copies([(0, first), (1, second), (2, second), (3, first), (4, first)]) == [3, 4, 5]


def test_what_comes_later_was_sent_again(copies: Frames) -> None:
    assert copies([(0, invite()), (WINDOW + 1, invite())]) == []


def test_another_identification_was_sent_again(copies: Frames) -> None:
    assert copies([(0, invite()), (1, invite(identification=8))]) == []


def test_another_text_is_another_packet(copies: Frames) -> None:
    long = b"SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK-" + b"x" * 200
    first, second = (invite(identification=0, text=long + end) for end in (b"1", b"2"))
    assert copies([(0, first), (1, second)]) == []


def test_another_port_is_another_packet(copies: Frames) -> None:
    other = ipv4(ALICE, BOB, udp(5060, 5062, b"INVITE"), identification=7)
    assert copies([(0, invite()), (1, other)]) == []


@pytest.mark.parametrize("packet", [invite(identification=0), ipv6("2001:db8::1", "2001:db8::2", udp(1, 2, b"STUN"))])
def test_without_identification_less_time_may_pass(copies: Frames, packet: Layer) -> None:
    assert copies([(0, packet), (ANONYMOUS_WINDOW, packet)]) == [2]
    assert copies([(0, packet), (ANONYMOUS_WINDOW + 1, packet)]) == []


def test_empty_acknowledgements_prove_nothing_without_identification(copies: Frames) -> None:
    anonymous, named = (ipv4(ALICE, BOB, tcp(40000, 5061), identification=number) for number in (0, 5))
    assert copies([(0, anonymous), (1, anonymous)]) == []
    assert copies([(0, named), (1, named)]) == [2]


def test_segments_differ_by_their_sequence_number(copies: Frames) -> None:
    first, second = (ipv4(ALICE, BOB, tcp(40000, 5060, b"x", sequence=number)) for number in (1, 2))
    assert copies([(0, first), (1, second)]) == []


def rtp(number: int) -> Layer:
    header = b"\x80\0" + number.to_bytes(2, "big") + (number * 160).to_bytes(4, "big") + b"\1\2\3\4"
    return ipv4(ALICE, BOB, udp(16384, 16386, header + bytes(160)), identification=number)


def test_a_mirrored_stream_has_every_packet_twice(copies: Frames) -> None:
    once = [(number * 20_000 * MICROSECOND, rtp(number)) for number in range(500)]
    assert copies(once) == []
    both = sorted([*once, *((time + MICROSECOND, packet) for time, packet in once)], key=lambda each: each[0])
    assert copies(both) == list(range(2, 1001, 2))


@pytest.mark.parametrize("size", [300, 1000])
def test_a_copy_may_come_in_the_next_chunk(copies: Frames, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(opening, "Chunks", partial(Chunks, chunk=size))
    packets = [(number * MICROSECOND, rtp(number // 2)) for number in range(40)]
    assert copies(packets) == list(range(2, 41, 2))


def test_the_first_copies_are_shown(tmp_path: Path) -> None:
    path = tmp_path / "x.pcap"
    path.write_bytes(pcap([(0, ethernet(invite()))] * 30))
    reader: CaptureReader = open_capture(path)
    list(reader)
    assert (reader.capture().duplicates, reader.capture().duplicate_frames) == (29, tuple(range(2, 12)))
