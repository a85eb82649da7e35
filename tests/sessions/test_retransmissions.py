"""Messages that were sent again, and messages that the capture shows twice."""

from collabtrace.testing.conversation import conversation


def repeats(lines: str) -> list[tuple[int | None, int | None]]:
    """``retransmission_of`` and ``duplicate_of`` of each message."""
    return [(each.retransmission_of, each.duplicate_of) for each in conversation(lines).messages]


def test_a_request_that_is_sent_again_names_the_first() -> None:
    assert repeats("""
        0.0 alice bob   INVITE     1 a
        0.5 alice bob   INVITE     1 a
        1.5 alice bob   INVITE     1 a
        1.6 bob   alice 100/INVITE 1 a
    """) == [(None, None), (1, None), (1, None), (None, None)]


def test_the_same_request_on_the_next_hop_is_none() -> None:
    assert repeats("""
        0.00 alice proxy INVITE 1 a
        0.01 proxy bob   INVITE 1 a vias=2
    """) == [(None, None), (None, None)]


def test_a_further_try_is_none() -> None:
    assert (
        repeats("""
        0.0 alice bob   INVITE     1 a
        0.1 bob   alice 401/INVITE 1 a>x
        0.2 alice bob   ACK        1 a>x of=INVITE
        0.3 alice bob   INVITE     2 a
    """)
        == [(None, None)] * 4
    )


def test_a_mirror_port_shows_the_retransmission_twice_too() -> None:
    assert repeats("""
        0.000 alice bob INVITE 1 a
        0.001 alice bob INVITE 1 a seen=twice
        0.500 alice bob INVITE 1 a
        0.501 alice bob INVITE 1 a seen=twice
    """) == [(None, None), (None, 1), (1, None), (None, 3)]


def test_a_response_to_each_of_two_requests_that_waited_is_no_second_view() -> None:
    assert repeats("""
        0.0000 alice bob   INVITE     1 a
        0.5000 alice bob   INVITE     1 a
        0.5010 bob   alice 100/INVITE 1 a
        0.5012 bob   alice 100/INVITE 1 a
    """) == [(None, None), (1, None), (None, None), (3, None)]


def test_what_the_capture_layer_knows_needs_no_clock() -> None:
    assert repeats("""
        0.0 alice bob INVITE 1 a
        0.2 alice bob INVITE 1 a seen=twice
    """) == [(None, None), (None, 1)]


def test_a_stream_shows_nothing_twice() -> None:
    assert repeats("""
        0.000 bob alice 200/INVITE 1 a>b over=tcp
        0.001 bob alice 200/INVITE 1 a>b over=tcp
    """) == [(None, None), (1, None)]


def test_other_news_under_the_same_status_is_no_repetition() -> None:
    assert (
        repeats("""
        0.0 bob alice 183/INVITE 1 a>b
        0.5 bob alice 183/INVITE 1 a>b sdp="audio 4000 RTP/AVP 0"
        0.9 bob alice 183/INVITE 1 a>b sdp="audio 4002 RTP/AVP 0"
        1.5 bob alice 183/INVITE 1 a>b RSeq=7
        1.9 bob alice 183/INVITE 1 a>b RSeq=8
    """)
        == [(None, None)] * 5
    )


def test_a_ringing_that_says_the_same_again_is_a_repetition() -> None:
    assert repeats("""
        0.0 bob alice 180/INVITE 1 a>b
        9.0 bob alice 180/INVITE 1 a>b
    """) == [(None, None), (1, None)]


def test_a_reliable_response_is_sent_again_until_its_prack() -> None:
    assert repeats("""
        0.0 bob alice 183/INVITE 1 a>b RSeq=7 sdp="audio 4000 RTP/AVP 0"
        0.5 bob alice 183/INVITE 1 a>b RSeq=7 sdp="audio 4000 RTP/AVP 0"
    """) == [(None, None), (1, None)]


def test_a_branch_that_is_used_again_minutes_later_is_another_message() -> None:
    assert repeats("""
        0   alice bob OPTIONS 1 a
        100 alice bob OPTIONS 1 a
        101 alice bob OPTIONS 1 a
    """) == [(None, None), (None, None), (2, None)]


def test_every_file_is_judged_by_itself() -> None:
    assert repeats("""
        0.0 alice bob INVITE 1 a file=inside.pcap
        0.5 alice bob INVITE 1 a file=outside.pcap
    """) == [(None, None), (None, None)]


def test_no_messages_are_no_repetitions() -> None:
    assert repeats("") == []
