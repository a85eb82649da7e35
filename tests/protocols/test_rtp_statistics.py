"""The statistics that phones and gateways put into a BYE."""

from hypothesis import given
from hypothesis import strategies as st

from collabtrace.protocols.rtp_statistics import RtpStatistics, parse, written


def test_a_gateway_counts_what_it_sent_and_received() -> None:
    line = "P-RTP-Stat: PS=3775,OS=649300,PR=3770,OR=604000,PL=5,JI=0,LA=4,DU=98"
    assert parse([line]) == RtpStatistics(sent=3775, received=3770, lost=5)


def test_semicolons_and_empty_items_are_read_too() -> None:
    assert parse(["X-RTP-Stat: PS=207;OS=49680;;PR=0;OR=0;PL=0;JI=600;LA=40;"]) == RtpStatistics(207, 0, 0)


def test_a_phone_says_it_in_two_headers() -> None:
    lines = [
        'Rtp-Rxstat: Dur=13,Pkt=0,Oct=0,LatePkt=8,LostPkt=2,VQMetrics="CCR=0.0017;VoPktLost=7;Pkt=99"',
        'RTP-TxStat: Dur=13,Pkt=417,Oct=100080,tvqMetrics="TxCodec=PCMU"',
    ]
    assert parse(lines) == RtpStatistics(sent=417, received=0, lost=2)
    assert parse(reversed(lines)) == parse(lines)


def test_what_is_not_said_is_none() -> None:
    assert parse(["P-RTP-Stat: PL=0, DU=12"]) == RtpStatistics(None, None, 0)
    assert parse([]) == RtpStatistics(None, None, None)


def test_only_headers_with_statistics_are_taken() -> None:
    headers = [("Via", "x"), ("p-rtp-STAT", "PS=1,PR=2"), ("RTP-RxStat", "Pkt=3")]
    assert written(headers) == ("p-rtp-STAT: PS=1,PR=2", "RTP-RxStat: Pkt=3")
    assert written([("User-Agent", "Phone")]) is None


@given(st.lists(st.text(max_size=80)))
def test_no_text_raises(lines: list[str]) -> None:
    parse(lines)
