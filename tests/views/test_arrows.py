"""Arrows from records."""

from collabtrace.schema import Digit, Floor, Report, Unreachable
from collabtrace.views import arrows
from collabtrace.views.lanes import Ends
from tests.views.cases import ALICE, BOB, START, blank, media_line, message, simple_call, stream

ENDS = Ends((), ())


def floor(frame: int, name: str, **values: object) -> Floor:
    given = {"file": "a.pcapng", "source": ALICE, "target": BOB, "transport": "udp", "transaction": 1, "name": name}
    return blank(Floor, **{**given, "frame": frame, "time_epoch": START + frame, **values})


def report(frame: int, kind: str) -> Report:
    return blank(Report, file="a.pcapng", frame=frame, time_epoch=START + frame, source=ALICE, target=BOB, kind=kind)


def test_a_message_is_an_arrow() -> None:
    first, *_ = arrows.of_messages(enumerate(simple_call()), ENDS, {0, 2}, {})
    assert (first.source, first.target, first.label) == (ALICE, BOB, "INVITE (SDP)")
    assert (first.cseq, first.table, first.row) == ("1 INVITE", "messages", 0)
    assert first.detail == "192.0.2.10:5060 → 203.0.113.20:5060 UDP, 400 bytes"


def test_a_response_is_an_answer_with_its_status() -> None:
    _, ringing, *_ = arrows.of_messages(enumerate(simple_call()), ENDS, {0, 2}, {})
    assert (ringing.answer, ringing.status, ringing.label) == (True, 180, "180 Ringing")


def test_a_retransmission_adds_to_its_arrow() -> None:
    again = message(2, 0.5, ALICE, BOB, "INVITE", retransmission_of=1)
    (arrow,) = arrows.of_messages(enumerate([simple_call()[0], again]), ENDS, (), {})
    assert (arrow.count, arrow.again, arrow.until) == (2, 1, START + 0.5)
    assert arrow.seen == (("a.pcapng", 1), ("a.pcapng", 2))


def test_legs_are_numbered_where_there_are_several() -> None:
    first, *_ = arrows.of_messages(enumerate(simple_call()), ENDS, (), {"one@example.com": 2})
    assert first.leg == 2


def test_digits_in_a_message_are_a_kind_of_their_own_and_not_shown() -> None:
    info = message(1, 0, ALICE, BOB, "INFO", content_type="application/dtmf-relay")
    (arrow,) = arrows.of_messages([(0, info)], ENDS, (), {})
    assert (arrow.kind, arrow.label) == ("dtmf", "INFO (DTMF)")


def test_a_stream_is_an_arrow_from_its_first_packet_to_its_last() -> None:
    (arrow,) = arrows.of_streams([(4, stream(5, 1.7, ALICE, BOB, content="slides", codec="H264/90000"))], ENDS, {})
    assert (arrow.kind, arrow.label, arrow.info) == ("rtp", "RTP audio (slides) H264", "500 packets, no loss, 10.0 s")
    assert (arrow.table, arrow.row, arrow.until) == ("streams", 4, START + 11.7)


def test_a_stream_with_telephone_events_says_so_without_the_digits() -> None:
    tones = stream(5, 0, ALICE, BOB, payload_types=(0, 101), media_row=3)
    (arrow,) = arrows.of_streams([(0, tones)], ENDS, {3: media_line()})
    assert arrow.info.endswith("10.0 s, DTMF")


def test_a_stream_at_two_capture_points_is_one_arrow_with_both_counts() -> None:
    here, there = stream(5, 0, ALICE, BOB), stream(5, 0, ALICE, BOB, file="b.pcapng", packets=480)
    (arrow,) = arrows.of_streams(enumerate([here, there]), ENDS, {})
    assert arrow.info.startswith("500 / 480 packets, ")


def test_a_stream_is_told_by_the_frames_that_findings_refer_to() -> None:
    (arrow,) = arrows.of_streams([(0, stream(5, 0, ALICE, BOB, longest_gap_frame=77, last_frame=900))], ENDS, {})
    assert [frame for _, frame in arrow.seen] == [5, 77, 900]


def test_a_single_packet_lasts_no_time() -> None:
    (arrow,) = arrows.of_streams([(0, stream(5, 0, ALICE, BOB, packets=1))], ENDS, {})
    assert arrow.info == "1 packet, no loss"


def digit(frame: int, **values: object) -> Digit:
    given = {"file": "a.pcapng", "source": ALICE, "target": BOB, "digit": "7", "payload_type": 101, "ssrc": "0x7"}
    place = {"frame": frame, "last_frame": frame + 6, "time_epoch": START + frame, "timestamp": 1}
    return blank(Digit, **{**given, **place, **values})


def test_a_key_is_an_arrow_with_a_dot() -> None:
    (arrow,) = arrows.of_digits([(3, digit(5))], ENDS)
    assert (arrow.kind, arrow.label, arrow.info) == ("dtmf", "DTMF • RFC 4733", "payload type 101")
    assert (arrow.table, arrow.row, arrow.seen) == ("digits", 3, (("a.pcapng", 5), ("a.pcapng", 11)))


def test_a_key_at_two_capture_points_is_one_arrow() -> None:
    (arrow,) = arrows.of_digits(enumerate([digit(5), digit(9, file="b.pcapng", flaws=("no end",))]), ENDS)
    assert len(arrow.seen) == 4


def test_a_key_in_a_message_is_no_further_arrow() -> None:
    assert list(arrows.of_digits([(0, digit(5, message_row=4))], ENDS)) == []


def test_rtcp_is_one_arrow_for_each_direction() -> None:
    reports = [report(1, "sr"), report(1, "sdes"), report(7, "sr"), report(9, "bye")]
    (arrow,) = arrows.of_reports(enumerate(reports), ENDS)
    assert (arrow.label, arrow.count, arrow.until) == ("RTCP SR, SDES, BYE", 3, START + 9)


def test_bfcp_says_what_became_of_the_floor() -> None:
    (arrow,) = arrows.of_floors([(0, floor(1, "FloorRequestStatus", status="Granted", response=True))], ENDS)
    assert (arrow.kind, arrow.label, arrow.answer) == ("bfcp", "BFCP FloorRequestStatus Granted", True)


def test_bfcp_that_was_sent_again_is_one_arrow() -> None:
    (arrow,) = arrows.of_floors(enumerate([floor(1, "Hello"), floor(2, "Hello"), floor(4, "Hello")]), ENDS)
    assert (arrow.count, arrow.until) == (3, START + 4)


def test_an_icmp_error_goes_from_who_reports_to_who_sent() -> None:
    error = blank(
        Unreachable,
        file="a.pcapng",
        source="198.51.100.1",
        type=3,
        code=1,
        quoted_source=ALICE,
        quoted_target=BOB,
        quoted_target_port=16384,
        quoted_transport="udp",
    )
    (arrow,) = arrows.of_unreachables([(0, error)], ENDS)
    assert (arrow.source, arrow.target, arrow.kind) == ("198.51.100.1", ALICE, "event")
    assert (arrow.label, arrow.info) == ("ICMP host unreachable", "udp to 203.0.113.20:16384")
