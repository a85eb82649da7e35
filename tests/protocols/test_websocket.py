"""WebSocket connections taken apart into messages."""

import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabtrace.capture import dissect
from collabtrace.protocols.websocket import MOST_HEAD, MOST_INFLATED, MOST_MESSAGE, PING, TEXT, WebSocketFramer
from collabtrace.testing import files
from collabtrace.testing.carriers import ethernet
from collabtrace.testing.wire import ipv4, tcp

REQUEST = (
    b"GET /sip HTTP/1.1\r\nHost: example.com\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: sip\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
RESPONSE = (
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: sip\r\n\r\n"
)
SIP = b"OPTIONS sip:bob@example.com SIP/2.0\r\nVia: SIP/2.0/WS x.invalid;branch=z9hG4bK1\r\nCSeq: 7 OPTIONS\r\n\r\n"


def frame(
    payload: bytes, *, opcode: int = TEXT, final: bool = True, mask: bytes = b"", compressed: bool = False
) -> bytes:
    size = len(payload)
    if size < 126:
        length = bytes([size])
    else:
        length = b"\x7e" + size.to_bytes(2, "big") if size <= 0xFFFF else b"\x7f" + size.to_bytes(8, "big")
    first = bytes([final << 7 | compressed << 6 | opcode, length[0] | bool(mask) << 7])
    hidden = bytes(octet ^ mask[at % 4] for at, octet in enumerate(payload)) if mask else payload
    return first + length[1:] + mask + hidden


def messages(*pushed: bytes) -> list[bytes]:
    framer = WebSocketFramer[int]()
    return [message for mark, data in enumerate(pushed) for message, _ in framer.push(data, mark)]


def test_the_handshake_tells_the_protocol_and_frames_follow() -> None:
    framer = WebSocketFramer[int]()
    assert framer.push(REQUEST, 1) == []
    assert framer.protocol == "sip"
    assert framer.push(frame(SIP, mask=b"abcd"), 2) == [(SIP, 2)]


def test_a_response_and_frames_may_share_a_segment() -> None:
    assert messages(RESPONSE + frame(b"one") + frame(b"two")) == [b"one", b"two"]


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 65535, 65536, MOST_MESSAGE])
@pytest.mark.parametrize("mask", [b"", b"\x01\x02\x03\x04"])
def test_every_form_of_the_length(size: int, mask: bytes) -> None:
    assert messages(frame(bytes(size), mask=mask) + frame(b"next")) == [bytes(size), b"next"][size == 0 :]


def test_a_message_in_fragments_with_a_ping_between() -> None:
    framer = WebSocketFramer[int]()
    parts = [frame(b"one ", final=False), frame(b"", opcode=PING), frame(b"message", opcode=0)]
    assert [framer.push(part, mark) for mark, part in enumerate(parts)] == [[], [], [(b"one message", 2)]]
    assert framer.push(frame(b"next"), 3) == [(b"next", 3)]


def test_a_message_has_the_greatest_mark_of_its_bytes() -> None:
    framer = WebSocketFramer[int]()
    data = frame(b"first") + frame(b"second")
    assert framer.push(data[:3], 9) == []
    assert framer.push(data[3:], 8) == [(b"first", 9), (b"second", 8)]


def test_a_message_too_long_to_keep_is_passed_over() -> None:
    long = frame(bytes(MOST_MESSAGE + 1))
    assert messages(long[:5000], long[5000:] + frame(b"next")) == [b"next"]
    part = frame(bytes(MOST_MESSAGE), final=False)
    assert messages(part, frame(b"more", opcode=0) + frame(b"next")) == [b"next"]


def test_a_request_that_upgrades_nothing_is_passed_over() -> None:
    assert messages(b"GET / HTTP/1.1\r\nHost: example.com\r\n\r\n", RESPONSE, frame(b"next")) == [b"next"]
    assert messages(b"HTTP/1.1 200 OK\r\nX: " + b"x" * MOST_HEAD, RESPONSE + frame(b"next")) == [b"next"]


def test_after_a_gap_a_segment_that_begins_with_a_frame_counts() -> None:
    framer = WebSocketFramer[int]()
    framer.push(RESPONSE + frame(b"cut")[:-1], 1)
    assert framer.gap() == []
    assert framer.push(b"text within", 2) == []
    assert framer.push(frame(b"next") + b"\xff\xff", 3) == [(b"next", 3)]
    assert framer.push(frame(b"again"), 4) == [(b"again", 4)]


def deflated(*texts: bytes) -> list[bytes]:
    """The payloads of compressed messages that share a window."""
    deflate = zlib.compressobj(wbits=-15)
    return [(deflate.compress(text) + deflate.flush(zlib.Z_SYNC_FLUSH))[:-4] for text in texts]


def test_compressed_messages_are_inflated_while_the_whole_connection_is_seen() -> None:
    first, second, third = (frame(payload, compressed=True) for payload in deflated(SIP, SIP, b"another"))
    framer = WebSocketFramer[int]()
    assert [framer.push(data, 1) for data in (first, second, third)] == [[(SIP, 1)], [(SIP, 1)], [(b"another", 1)]]
    joined = WebSocketFramer[int]()
    assert joined.push(second, 1) == []
    assert joined.unreadable == 1


def test_a_message_that_inflates_beyond_all_measure_is_unreadable() -> None:
    framer = WebSocketFramer[int]()
    assert framer.push(frame(deflated(bytes(MOST_INFLATED + 1))[0], compressed=True), 1) == []
    assert framer.unreadable == 1


@pytest.mark.skipif(dissect.find("tshark") is None, reason="tshark is not installed")
def test_tshark_finds_the_same_messages_in_the_same_frames(tmp_path: Path) -> None:
    sent = [
        frame(SIP, mask=b"abcd"),
        frame(SIP[:40], final=False, mask=b"xyz."),
        frame(SIP[40:], opcode=0, mask=b"1234"),
    ]
    segments = [REQUEST, sent[0][:50], sent[0][50:] + sent[1], sent[2]]
    places = [1 + sum(map(len, segments[:count])) for count in range(len(segments))]
    packets = [
        tcp(40000, 80, data, sequence=place, acknowledgement=1) for data, place in zip(segments, places, strict=True)
    ]
    packets.insert(1, tcp(80, 40000, RESPONSE, sequence=1, acknowledgement=places[1]))
    ends = ("192.0.2.1", "192.0.2.2")
    path = tmp_path / "x.pcap"
    path.write_bytes(
        files.pcap(
            (number * 10**9, ethernet(ipv4(*(ends[::-1] if number == 1 else ends), packet)))
            for number, packet in enumerate(packets)
        )
    )
    framer = WebSocketFramer[int]()
    ours = [mark for frame, data in zip((1, 3, 4, 5), segments, strict=True) for _, mark in framer.push(data, frame)]
    assert [str(mark) for mark in ours] == [number for (number,) in dissect.fields(path, "sip.CSeq", ["frame.number"])]


@given(
    st.lists(st.tuples(st.binary(max_size=300), st.binary(min_size=4, max_size=4) | st.just(b"")), max_size=5),
    st.lists(st.integers(1, 3000)),
    st.booleans(),
)
def test_any_cut_gives_the_same_messages(sent: list[tuple[bytes, bytes]], cuts: list[int], head: bool) -> None:
    stream = RESPONSE * head + b"".join(frame(payload, mask=mask) for payload, mask in sent)
    ends = sorted({cut for cut in cuts if cut < len(stream)} | {len(stream)})
    cut = [stream[begin:end] for begin, end in zip([0, *ends], ends, strict=False)]
    assert messages(*cut) == [payload for payload, _ in sent if payload]


@given(st.lists(st.binary(max_size=80) | st.just(RESPONSE) | st.binary(max_size=9).map(frame) | st.none()))
def test_any_bytes_and_gaps_are_taken(pushed: list[bytes | None]) -> None:
    framer = WebSocketFramer[int]()
    for mark, data in enumerate(pushed):
        for _, last in framer.gap() if data is None else framer.push(data, mark):
            assert last <= mark
