"""RTCP packets, alone and compound."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabtrace.errors import ParseError
from collabtrace.protocols import rtcp
from collabtrace.protocols.rtcp import (
    Description,
    ExtendedBlock,
    ExtendedReport,
    Feedback,
    Goodbye,
    Other,
    Packet,
    Report,
    ReportBlock,
    SenderInfo,
    SourceDescription,
    VoipMetrics,
)

COMPOUND = bytes.fromhex(
    "81c8000c 11111111 e1000000 80000000 00000640 0000000a 00000640"  # SR: NTP time, RTP time, 10 packets, 1600 bytes
    "22222222 40fffffe 00010005 00000014 12345678 00010000"  # 25 % lost, -2 in all, jitter 20, LSR, DLSR of 1 s
    "81ca0003 11111111 0102 6162 00000000"  # SDES: CNAME ab
    "81cb0002 11111111 03 627965"  # BYE: bye
)
WORD = st.integers(0, 0xFFFFFFFF)
BLOCKS = st.builds(ReportBlock, WORD, st.integers(0, 255), st.integers(-(2**23), 2**23 - 1), WORD, WORD, WORD, WORD)
SENDERS = st.builds(SenderInfo, st.integers(0, 2**64 - 1), WORD, WORD, WORD)


def words(most: int) -> st.SearchStrategy[bytes]:
    return st.integers(0, most).flatmap(lambda count: st.binary(min_size=4 * count, max_size=4 * count))


PACKETS = st.one_of(
    st.builds(Report, WORD, st.lists(BLOCKS, max_size=3).map(tuple), st.none() | SENDERS, words(2)),
    st.builds(
        SourceDescription,
        st.lists(
            st.builds(
                Description,
                WORD,
                st.lists(st.tuples(st.integers(1, 255), st.binary(max_size=9)), max_size=3).map(tuple),
            ),
            max_size=3,
        ).map(tuple),
    ),
    st.builds(Goodbye, st.lists(WORD, max_size=3).map(tuple), st.none() | st.binary(max_size=9)),
    st.builds(Feedback, st.sampled_from([rtcp.RTPFB, rtcp.PSFB]), st.integers(0, 31), WORD, WORD, words(2)),
    st.builds(
        ExtendedReport,
        WORD,
        st.lists(st.builds(ExtendedBlock, st.integers(0, 255), st.integers(0, 255), words(3)), max_size=3).map(tuple),
    ),
    st.builds(Other, st.sampled_from([192, rtcp.APP, 208]), st.integers(0, 31), words(3)),
)


def test_a_compound_packet() -> None:
    report, description, goodbye = rtcp.parse(COMPOUND)
    block = ReportBlock(0x22222222, 64, -2, 0x10005, 20, 0x12345678, 65536)
    sender = SenderInfo(0xE1000000_80000000, 1600, 10, 1600)
    assert report == Report(0x11111111, (block,), sender)
    assert sender.middle == 0x00008000
    assert description == SourceDescription((Description(0x11111111, ((rtcp.CNAME, b"ab"),)),))
    assert goodbye == Goodbye((0x11111111,), b"bye")


def test_padding_ends_the_last_packet() -> None:
    assert rtcp.parse(bytes.fromhex("a0c90002 11111111 00000004")) == (Report(0x11111111),)


def test_a_few_bytes_behind_the_last_packet_are_nothing() -> None:
    assert rtcp.parse(COMPOUND + b"\0\0") == rtcp.parse(COMPOUND)


def test_voip_metrics() -> None:
    content = bytes.fromhex("22222222 80400000 00000000 0064000a 00000000 5d7f2a7f 20000032 00640000")
    metrics = VoipMetrics.parse(content)
    assert (metrics.ssrc, metrics.loss_rate, metrics.discard_rate, metrics.round_trip_delay) == (
        0x22222222,
        128,
        64,
        100,
    )
    assert (metrics.r_factor, metrics.mos_listening, metrics.mos_conversational) == (93, 42, rtcp.UNAVAILABLE)
    assert bytes(metrics) == content
    with pytest.raises(ParseError, match="31 bytes are not the 32 of VoIP metrics"):
        VoipMetrics.parse(content[:-1])


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "0 bytes are too few for the RTCP header of 4"),
        (b"\x40" + COMPOUND[1:], "RTCP version 1 is not 2"),
        (COMPOUND[:40], "an RTCP packet of 52 bytes does not fit into 40"),
        (bytes.fromhex("82c80006") + bytes(24), "2 report blocks do not fit into 24 bytes"),
        (bytes.fromhex("81ca0002 11111111 0109 6162"), "an item of a source description does not fit"),
        (bytes.fromhex("81ca0000"), "an RTCP packet ends within an SSRC"),
        (bytes.fromhex("81cb0002 11111111 04 627965"), "a reason of 4 bytes does not fit into 3"),
        (bytes.fromhex("80cf0002 11111111 07000001"), "a block of 4 bytes does not fit into an extended report"),
        (bytes.fromhex("80ce0001 11111111"), "an RTCP packet ends within an SSRC"),
        (bytes.fromhex("a0c90001 11111104 80c90001 11111111"), "RTCP padding is not at the end of the last packet"),
        (bytes.fromhex("a0c90000"), "RTCP padding is not at the end of the last packet"),
    ],
)
def test_what_is_no_rtcp(data: bytes, message: str) -> None:
    with pytest.raises(ParseError, match=message):
        rtcp.parse(data)


def test_an_extended_report_that_ends_within_a_block_header() -> None:
    # The padding takes two bytes of the only block's header with it.
    with pytest.raises(ParseError, match="ends within the header of a block"):
        rtcp.parse(bytes.fromhex("a0cf0003 11111111 0700 0000 00 000006"))


def test_the_head_of_srtcp() -> None:
    encrypted = bytes.fromhex("80c80006 11111111") + bytes(range(20)) + bytes.fromhex("80000001") + bytes(10)
    with pytest.raises(ParseError):
        rtcp.parse(encrypted)
    assert rtcp.head(encrypted) == (rtcp.SR, 0x11111111)
    assert rtcp.head(bytes.fromhex("80c90000")) == (rtcp.RR, None)


@given(st.lists(PACKETS, min_size=1, max_size=4))
def test_what_is_written_is_read_again(packets: list[Packet]) -> None:
    assert rtcp.parse(b"".join(bytes(packet) for packet in packets)) == tuple(packets)


@given(
    st.binary(max_size=80)
    | st.builds(
        lambda first, kind, body: bytes([first, kind, 0, len(body) // 4]) + body,
        st.sampled_from([0x80, 0x81, 0x83, 0xA1]),
        st.integers(192, 213),
        words(12),
    )
)
def test_any_bytes_give_packets_or_a_parse_error(data: bytes) -> None:
    try:
        packets = rtcp.parse(data)
    except ParseError:
        return
    assert packets
    assert rtcp.head(data)[0] == data[1]
