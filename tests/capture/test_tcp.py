"""TCP streams put in order."""

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabtrace.capture import dissect
from collabtrace.capture.packets import FIN, RST, SYN
from collabtrace.capture.tcp import ALL_WAITING_BYTES, OVERHEAD, REACH, WAITING_BYTES, Piece, TcpStreams
from collabtrace.protocols.sip_stream import SipFramer
from collabtrace.testing import files, wire
from collabtrace.testing.carriers import ethernet

ACK = 0x10
ISN = 2**32 - 6  # so that every test wraps


class Connection:
    """One direction of a connection, fed by offsets from its first byte; frames count up by themselves."""

    def __init__(self, isn: int = ISN) -> None:
        self.streams = TcpStreams()
        self.isn = isn
        self.frame = 0

    def syn(self, isn: int | None = None) -> list[Piece]:
        self.isn = self.isn if isn is None else isn
        return self.feed(-1, b"", flags=SYN)

    def send(self, offset: int, data: bytes, wire_length: int | None = None) -> list[tuple[bytes, int, bool]]:
        pieces = self.feed(offset, data, wire_length=wire_length)
        return [(piece.data, piece.frame, piece.gap_before) for piece in pieces]

    def feed(self, offset: int, data: bytes, *, flags: int = ACK, wire_length: int | None = None) -> list[Piece]:
        self.frame += 1
        sequence = self.isn + 1 + offset & 0xFFFFFFFF
        size = len(data) if wire_length is None else wire_length
        return self.streams.feed(0, self.frame, self.frame * 1000, sequence, flags, data, size)

    def rest(self) -> list[tuple[bytes, int, bool]]:
        return [(piece.data, piece.frame, piece.gap_before) for _, piece in self.streams.flush()]


@pytest.fixture
def opened() -> Connection:
    connection = Connection()
    connection.syn()
    return connection


def test_segments_in_order_come_out_as_they_are(opened: Connection) -> None:
    assert opened.send(0, b"abc") == [(b"abc", 2, False)]
    assert opened.send(3, b"defgh") == [(b"defgh", 3, False)]


def test_a_piece_tells_when_its_bytes_were_captured(opened: Connection) -> None:
    assert opened.feed(0, b"abc") == [Piece(frame=2, time=2000, data=b"abc", gap_before=False, position=ISN + 1)]


def test_swapped_segments_wait_and_keep_their_frames(opened: Connection) -> None:
    assert opened.send(3, b"def") == []
    assert opened.send(6, b"ghi") == []
    assert opened.send(0, b"abc") == [(b"abc", 4, False), (b"def", 2, False), (b"ghi", 3, False)]


def test_what_is_sent_again_comes_out_once(opened: Connection) -> None:
    opened.send(0, b"abc")
    opened.send(3, b"def")
    assert opened.send(0, b"abc") == []
    assert opened.send(0, b"abcdefgh") == [(b"gh", 5, False)]


def test_segments_that_overlap_while_they_wait(opened: Connection) -> None:
    opened.send(3, b"defg")
    opened.send(5, b"fghi")
    opened.send(5, b"fg")
    assert b"".join(data for data, _, _ in opened.send(0, b"abc")) == b"abcdefghi"


def test_a_keep_alive_adds_nothing(opened: Connection) -> None:
    assert opened.send(-1, b"\0") == []
    opened.send(0, b"abc")
    assert opened.send(2, b"\0") == []
    assert opened.send(3, b"def") == [(b"def", 5, False)]


def test_a_stream_may_be_joined_anywhere() -> None:
    joined = Connection()
    assert joined.send(5000, b"abc") == [(b"abc", 1, False)]
    assert joined.send(5003, b"def") == [(b"def", 2, False)]


def test_a_stream_joined_at_swapped_segments_loses_none() -> None:
    joined = Connection()
    joined.send(103, b"def")
    assert joined.send(100, b"abc") == [(b"abc", 2, True)]
    assert joined.send(106, b"ghi") == [(b"ghi", 3, True)]
    assert joined.send(100, b"abc") == []


def test_a_hole_stays_until_the_end_and_is_told(opened: Connection) -> None:
    opened.send(0, b"abc")
    opened.send(6, b"ghi")
    opened.send(12, b"mno")
    assert opened.rest() == [(b"ghi", 3, True), (b"mno", 4, True)]


def test_a_hole_is_given_up_when_too_much_waits_behind_it(opened: Connection) -> None:
    chunk = b"x" * 1000
    out = []
    sent = range(10, 400_000, 1000)
    for offset in sent:
        out += opened.send(offset, chunk)
    assert [gap for _, _, gap in out] == [True, *[False] * (len(sent) - 1)]
    assert len(sent) * (1000 + OVERHEAD) > WAITING_BYTES


def test_many_flows_with_a_hole_wait_in_bounded_memory() -> None:
    streams = TcpStreams()
    data = b"x" * 60_000
    out = 0
    for flow in range(2000):
        streams.feed(flow, flow, 0, 10, SYN, b"", 0)
        out += sum(len(piece.data) for piece in streams.feed(flow, flow, 0, 100, ACK, data, len(data)))
    assert 2000 * len(data) - out <= ALL_WAITING_BYTES + len(data)


def test_a_segment_that_the_capture_cut_leaves_a_gap(opened: Connection) -> None:
    assert opened.send(0, b"abc", wire_length=10) == [(b"abc", 2, False)]
    assert opened.send(10, b"", wire_length=5) == []
    assert opened.send(15, b"pqr") == [(b"pqr", 4, True)]
    assert opened.send(18, b"stu") == [(b"stu", 5, False)]


def test_the_same_ports_are_used_for_a_new_connection(opened: Connection) -> None:
    opened.send(0, b"old")
    opened.send(6, b"waits")
    assert [piece.data for piece in opened.syn(isn=77)] == [b"waits"]
    assert opened.send(0, b"new") == [(b"new", 5, True)]


def test_a_repeated_syn_opens_nothing_anew(opened: Connection) -> None:
    opened.send(0, b"abc")
    assert opened.syn() == []
    assert opened.send(0, b"abc") == []
    assert opened.send(3, b"def") == [(b"def", 5, False)]


def test_a_syn_may_carry_data() -> None:
    connection = Connection()
    assert [piece.data for piece in connection.feed(-1, b"abc", flags=SYN)] == [b"abc"]
    assert connection.send(3, b"def") == [(b"def", 2, False)]


def test_a_new_connection_whose_syn_was_not_captured(opened: Connection) -> None:
    opened.send(0, b"abc")
    assert opened.send(REACH + 10, b"new") == [(b"new", 3, True)]
    assert opened.send(REACH + 13, b"er") == [(b"er", 4, False)]
    opened.syn(isn=5)
    assert opened.send(-100, b"other") == [(b"other", 6, True)]


def test_nothing_waits_after_a_reset_and_a_fin_counts_one(opened: Connection) -> None:
    opened.send(3, b"def")
    assert [piece.data for piece in opened.feed(0, b"why", flags=RST)] == [b"def"]
    assert opened.feed(6, b"", flags=FIN) == []
    assert opened.send(6, b"\0") == []
    assert opened.rest() == []


def test_end_gives_what_waits_in_one_flow() -> None:
    streams = TcpStreams()
    streams.feed(4, 1, 0, 10, SYN, b"", 0)
    streams.feed(4, 2, 0, 20, ACK, b"waits", 5)
    assert [piece.data for piece in streams.end(4)] == [b"waits"]
    assert streams.end(4) == []
    assert streams.flush() == []


@given(
    text=st.binary(min_size=1, max_size=400),
    cuts=st.lists(st.integers(1, 399), max_size=12),
    order=st.randoms(use_true_random=False),
    isn=st.integers(0, 2**32 - 1),
)
def test_any_cut_order_and_repetition_gives_the_bytes_once(
    text: bytes, cuts: list[int], order: random.Random, isn: int
) -> None:
    ends = sorted({cut for cut in cuts if cut < len(text)} | {len(text)})
    segments = [(begin, text[begin:end]) for begin, end in zip([0, *ends], ends, strict=False)]
    segments += segments[::2] + [(begin, text[begin:]) for begin, _ in segments[::3]]
    order.shuffle(segments)
    connection = Connection(isn)
    connection.syn()
    out = [piece for offset, data in segments for piece in connection.feed(offset, data)]
    assert b"".join(piece.data for piece in out) == text
    assert not any(piece.gap_before for piece in out)


@given(
    st.lists(
        st.tuples(
            st.integers(0, 2**32 - 1) | st.integers(0, 60),
            st.integers(0, 255),
            st.binary(max_size=30),
            st.integers(0, 40),
        ),
        max_size=40,
    )
)
def test_any_segments_give_no_byte_twice_in_a_frame(segments: list[tuple[int, int, bytes, int]]) -> None:
    streams = TcpStreams()
    pieces = []
    for frame, (sequence, flags, data, missing) in enumerate(segments):
        pieces += streams.feed(0, frame, 0, sequence, flags, data, len(data) + missing)
    pieces += [piece for _, piece in streams.flush()]
    for piece in pieces:
        assert piece.data in segments[piece.frame][2]
    assert len({piece.frame for piece in pieces}) == len(pieces)


def message(number: int) -> bytes:
    return (
        f"MESSAGE sip:bob@example.com SIP/2.0\r\nVia: SIP/2.0/TCP 192.0.2.1;branch=z9hG4bK{number}\r\n"
        f"From: <sip:a@example.com>;tag=1\r\nTo: <sip:bob@example.com>\r\nCall-ID: m{number}@example.com\r\n"
        f"CSeq: {number} MESSAGE\r\nContent-Type: text/plain\r\nContent-Length: 26\r\n\r\nabcdefghijklmnopqrstuvwxyz"
    ).encode()


TEXT = message(1) + message(2) + message(3)
SIZE = len(TEXT) // 3


@pytest.mark.skipif(dissect.find("tshark") is None, reason="tshark is not installed")
@pytest.mark.parametrize(
    ("spans", "options"),
    [
        ([(0, SIZE), (SIZE, 2 * SIZE), (2 * SIZE, 3 * SIZE)], []),
        ([(0, 10), (10, SIZE - 3), (SIZE - 3, SIZE + 40), (SIZE + 40, 3 * SIZE)], []),
        ([(0, SIZE), (0, SIZE), (SIZE, 2 * SIZE - 9), (SIZE, 2 * SIZE - 9), (2 * SIZE - 9, 3 * SIZE)], []),
        ([(0, SIZE), (2 * SIZE, 3 * SIZE)], []),
        ([(0, SIZE), (SIZE, SIZE + 99), (2 * SIZE, 3 * SIZE)], []),
        (
            [(0, SIZE - 20), (SIZE - 10, SIZE), (SIZE - 20, SIZE - 10), (SIZE, 3 * SIZE)],
            ["-otcp.reassemble_out_of_order:TRUE"],
        ),
    ],
    ids=["whole", "cut", "repeated", "one lost", "a part lost", "swapped"],
)
def test_messages_are_whole_in_the_frame_in_which_tshark_shows_them(
    tmp_path: Path, spans: list[tuple[int, int]], options: list[str]
) -> None:
    packets = []
    for frame, (begin, end) in enumerate(spans, 1):
        segment = wire.tcp(5062, 5060, TEXT[begin:end], sequence=1 + begin, acknowledgement=1)
        packets.append((frame * 10**9, ethernet(wire.ipv4("192.0.2.1", "192.0.2.2", segment))))
    path = tmp_path / "x.pcap"
    path.write_bytes(files.pcap(packets))
    shown = dissect.fields(path, "sip.CSeq.seq", ["frame.number", "sip.CSeq.seq"], options=options)
    assert framed(spans) == [(int(frame), number) for frame, numbers in shown for number in numbers.split(",")]


def framed(spans: list[tuple[int, int]]) -> list[tuple[int, str]]:
    """Frame and CSeq of each message, as the framer finds it in what the streams give."""
    streams, framer = TcpStreams(), SipFramer[int]()
    pieces = []
    for frame, (begin, end) in enumerate(spans, 1):
        pieces += streams.feed(0, frame, 0, 1 + begin, ACK, TEXT[begin:end], end - begin)
    pieces += [piece for _, piece in streams.flush()]
    found = []
    for piece in pieces:
        if piece.gap_before:
            framer.gap()
        found += framer.push(piece.data, piece.frame)
    return [(frame, data.split(b"CSeq: ")[1][:1].decode()) for data, frame in found]
