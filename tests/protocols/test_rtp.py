"""RTP packets: one at a time, and many at once."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabtrace.errors import ParseError
from collabtrace.protocols import rtp
from collabtrace.protocols.rtp import Extension, Rtp

pytestmark = pytest.mark.usefixtures("both_ways")

PLAIN = bytes.fromhex("8000 0001 000000a0 deadbeef") + b"sound"


def words(most: int) -> st.SearchStrategy[bytes]:
    return st.integers(0, most).flatmap(lambda count: st.binary(min_size=4 * count, max_size=4 * count))


PACKETS = st.builds(
    Rtp,
    payload_type=st.integers(0, 127),
    sequence=st.integers(0, 0xFFFF),
    timestamp=st.integers(0, 0xFFFFFFFF),
    ssrc=st.integers(0, 0xFFFFFFFF),
    payload=st.binary(max_size=20),
    marker=st.booleans(),
    csrcs=st.lists(st.integers(0, 0xFFFFFFFF), max_size=15).map(tuple),
    extension=st.none() | st.builds(Extension, st.integers(0, 0xFFFF), words(3)),
    padding=st.integers(0, 8),
)


def test_a_plain_packet() -> None:
    assert rtp.parse(PLAIN) == Rtp(payload_type=0, sequence=1, timestamp=160, ssrc=0xDEADBEEF, payload=b"sound")


def test_marker_csrc_extension_and_padding() -> None:
    packet = rtp.parse(bytes.fromhex("b1e0 0002 00000140 01020304 0000002a bede0001 10aa0000 f00d 0002"))
    assert packet.marker
    assert packet.payload_type == 96
    assert packet.csrcs == (42,)
    assert packet.extension == Extension(0xBEDE, bytes.fromhex("10aa0000"))
    assert (packet.payload, packet.padding, packet.payload_offset) == (b"\xf0\x0d", 2, 24)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (PLAIN[:11], "11 bytes are too few for the RTP header of 12"),
        (b"\x40" + PLAIN[1:], "RTP version 1 is not 2"),
        (b"\x82" + PLAIN[1:], "2 CSRCs do not fit into 17 bytes"),
        (b"\x90" + PLAIN[1:15], "the RTP packet ends before its header extension"),
        (b"\x90" + PLAIN[1:12] + b"\xbe\xde\x00\x01", "a header extension of 4 bytes does not fit into 16 bytes"),
        (b"\xa0" + PLAIN[1:12], "0 bytes of padding in 0 bytes of payload"),
        (b"\xa0" + PLAIN[1:-1] + b"\x06", "6 bytes of padding in 5 bytes of payload"),
    ],
)
def test_what_is_no_rtp(data: bytes, message: str) -> None:
    with pytest.raises(ParseError, match=message):
        rtp.parse(data)


@given(PACKETS)
def test_what_is_written_is_read_again(packet: Rtp) -> None:
    assert rtp.parse(bytes(packet)) == packet


@given(
    st.lists(PACKETS.map(bytes) | st.binary(min_size=12, max_size=40).map(lambda data: b"\xbf" + data[1:]), min_size=1)
)
def test_columns_are_what_parse_reads(packets: list[bytes]) -> None:
    lengths = np.array([len(data) for data in packets], dtype=np.int32)
    starts = np.cumsum(lengths, dtype=np.int64) - lengths
    columns = rtp.columns(np.frombuffer(b"".join(packets), dtype=np.uint8), starts, lengths)
    for row, data in enumerate(packets):
        try:
            expected = rtp.parse(data)
        except ParseError:
            assert columns["payload_length"][row] < 0
            continue
        assert columns["payload_length"][row] == len(expected.payload)
        for name in ("marker", "payload_type", "sequence", "timestamp", "ssrc", "payload_offset"):
            assert columns[name][row] == getattr(expected, name)


def test_a_packet_that_the_capture_cut_has_its_length_on_the_wire() -> None:
    data = np.frombuffer(b"\xa0" + PLAIN[1:], dtype=np.uint8)
    columns = rtp.columns(data, np.array([0]), np.array([17], np.int32), np.array([172], np.int32))
    assert columns["payload_length"].tolist() == [160]


def test_heads_reach_past_the_end_of_the_buffer_with_zeros() -> None:
    buffer = np.arange(1, 7, dtype=np.uint8)
    heads = rtp.heads(buffer, np.array([0, 4, 6]), 4)
    assert heads.tolist() == [[1, 2, 3, 4], [5, 6, 0, 0], [0, 0, 0, 0]]
    assert rtp.heads(buffer[:2], np.array([1]), 4).tolist() == [[2, 0, 0, 0]]
