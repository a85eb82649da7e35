"""Media lines: offers and answers, line by line (RFC 3264)."""

from collabtrace.columns import Table
from collabtrace.schema import MediaLine
from collabtrace.sessions import dialogs, media
from collabtrace.testing.conversation import MACHINES, START, conversation

ALICE, BOB, RELAY = (MACHINES[name] for name in ("alice", "bob", "relay"))
AUDIO = '"audio 4000 RTP/AVP 0"'
REPLY = '"audio 5000 RTP/AVP 0"'


def build(lines: str) -> Table[MediaLine]:
    said = conversation(lines)
    return media.build(said.messages, dialogs.build(said.messages), said.body)


def rounds(lines: str) -> list[tuple[int, str, int | None, int | None, str]]:
    """Round, state, frame of the offer, frame of the answer and direction of each line."""
    return [(each.round, each.state, each.offer_frame, each.answer_frame, each.direction) for each in build(lines)]


def test_the_offer_of_an_invite_is_answered_by_its_2xx() -> None:
    (line,) = build("""
        0.0 alice bob   INVITE     1 a   sdp="audio 4000 RTP/AVP 0 101,rtpmap:101 telephone-event/8000"
        0.1 bob   alice 180/INVITE 1 a>b
        1.0 bob   alice 200/INVITE 1 a>b sdp="audio 5000 RTP/AVP 0"
        1.1 alice bob   ACK        1 a>b
    """)
    assert (line.round, line.index, line.state, line.direction) == (1, 0, "agreed", "sendrecv")
    assert (line.offer_frame, line.offer_time, line.offer_row) == (1, START, 0)
    assert (line.answer_frame, line.answer_time, line.answer_row) == (3, START + 1, 2)
    assert (line.offer_address, line.offer_port, line.offer_rtcp_port) == (ALICE, 4000, 4001)
    assert (line.answer_address, line.answer_port, line.answer_rtcp_port) == (BOB, 5000, 5001)
    assert (line.kind, line.protocol, line.codecs) == ("audio", "RTP/AVP", "PCMU/8000")
    assert line.payload_types == ("0=PCMU/8000", "101=telephone-event/8000")
    assert (line.call_id, line.dialog_row, line.flaws) == ("call-1", 0, None)


def test_an_offer_without_answer_stays_open() -> None:
    assert rounds(f"0.0 alice bob INVITE 1 a sdp={AUDIO}") == [(1, "offered", 1, None, "sendrecv")]


def test_an_unreliable_provisional_response_previews_the_answer() -> None:
    assert rounds(f"""
        0.0 alice bob   INVITE     1 a   sdp={AUDIO}
        0.1 bob   alice 183/INVITE 1 a>b sdp={REPLY}
    """) == [(1, "early", 1, 2, "sendrecv")]


def test_the_2xx_has_the_last_word_over_a_preview() -> None:
    (line,) = build(f"""
        0.0 alice bob   INVITE     1 a   sdp={AUDIO}
        0.1 bob   alice 183/INVITE 1 a>b sdp={REPLY}
        1.0 bob   alice 200/INVITE 1 a>b sdp="audio 6000 RTP/AVP 0"
    """)
    assert (line.state, line.answer_frame, line.answer_port) == ("agreed", 3, 6000)


def test_a_2xx_without_description_lets_the_preview_stand() -> None:
    (line,) = build(f"""
        0.0 alice bob   INVITE     1 a   sdp={AUDIO}
        0.1 bob   alice 183/INVITE 1 a>b sdp={REPLY}
        1.0 bob   alice 200/INVITE 1 a>b
    """)
    assert (line.state, line.answer_frame) == ("agreed", 2)
    assert line.flaws == ("the 2xx has no answer; that of the provisional response stands",)


def test_early_media_of_a_call_that_failed_stays_early() -> None:
    assert rounds(f"""
        0.0 alice bob   INVITE     1 a   sdp={AUDIO}
        0.1 bob   alice 183/INVITE 1 a>b sdp={REPLY}
        1.0 bob   alice 486/INVITE 1 a>b
    """) == [(1, "early", 1, 2, "sendrecv")]


def test_a_reliable_provisional_response_is_the_answer() -> None:
    """RFC 3262 §5: what the 2xx says after it is not heard."""
    (line,) = build(f"""
        0.0 alice bob   INVITE     1 a   sdp={AUDIO}
        0.1 bob   alice 183/INVITE 1 a>b sdp={REPLY} RSeq=1
        0.2 alice bob   PRACK      2 a>b RAck="1 1 INVITE"
        0.3 bob   alice 200/PRACK  2 a>b
        1.0 bob   alice 200/INVITE 1 a>b sdp="audio 6000 RTP/AVP 0"
    """)
    assert (line.round, line.state, line.answer_frame, line.answer_port) == (1, "agreed", 2, 5000)


def test_a_delayed_offer_is_answered_by_the_ack() -> None:
    (line,) = build(f"""
        0.0 alice bob   INVITE     1 a
        0.1 bob   alice 183/INVITE 1 a>b sdp={REPLY}
        1.0 bob   alice 200/INVITE 1 a>b sdp={REPLY}
        1.1 alice bob   ACK        1 a>b sdp={AUDIO}
    """)
    assert (line.state, line.offer_frame, line.offer_address, line.answer_frame, line.answer_address) == (
        "agreed", 3, BOB, 4, ALICE,
    )  # fmt: skip


def test_a_delayed_offer_may_be_answered_by_the_prack() -> None:
    assert rounds(f"""
        0.0 alice bob   INVITE     1 a
        0.1 bob   alice 183/INVITE 1 a>b sdp={REPLY} RSeq=1
        0.2 alice bob   PRACK      2 a>b sdp={AUDIO} RAck="1 1 INVITE"
        0.3 bob   alice 200/PRACK  2 a>b
        1.0 bob   alice 200/INVITE 1 a>b
        1.1 alice bob   ACK        1 a>b
    """) == [(1, "agreed", 2, 3, "sendrecv")]


def test_a_delayed_offer_that_nobody_answers() -> None:
    (line,) = build(f"""
        0.0 alice bob   INVITE     1 a
        1.0 bob   alice 200/INVITE 1 a>b sdp={REPLY}
        1.1 alice bob   ACK        1 a>b
    """)
    assert (line.state, line.offer_frame) == ("offered", 2)
    assert line.flaws == ("the offer was never answered, though the exchange is over",)


def test_a_prack_may_offer_anew() -> None:
    assert rounds(f"""
        0.0 alice bob   INVITE     1 a   sdp={AUDIO}
        0.1 bob   alice 183/INVITE 1 a>b sdp={REPLY} RSeq=1
        0.2 alice bob   PRACK      2 a>b sdp="audio 4000 RTP/AVP 0,recvonly" RAck="1 1 INVITE"
        0.3 bob   alice 200/PRACK  2 a>b sdp="audio 5000 RTP/AVP 0,sendonly"
    """) == [(1, "agreed", 1, 2, "sendrecv"), (2, "agreed", 3, 4, "recvonly")]


def test_hold_and_resume_by_update() -> None:
    assert rounds(f"""
        0.0 alice bob   INVITE     1 a   sdp={AUDIO}
        1.0 bob   alice 200/INVITE 1 a>b sdp={REPLY}
        2.0 bob   alice UPDATE     1 b>a sdp="audio 5000 RTP/AVP 0,sendonly"
        2.1 alice bob   200/UPDATE 1 b>a sdp="audio 4000 RTP/AVP 0,recvonly"
        3.0 bob   alice UPDATE     2 b>a sdp={REPLY}
        3.1 alice bob   200/UPDATE 2 b>a sdp={AUDIO}
    """) == [(1, "agreed", 1, 2, "sendrecv"), (2, "agreed", 3, 4, "sendonly"), (3, "agreed", 5, 6, "sendrecv")]


def test_an_update_that_only_refreshes_the_session_is_no_round() -> None:
    assert (
        len(
            rounds(f"""
        0.0 alice bob   INVITE     1 a   sdp={AUDIO}
        1.0 bob   alice 200/INVITE 1 a>b sdp={REPLY}
        2.0 bob   alice UPDATE     1 b>a
        2.1 alice bob   200/UPDATE 1 b>a
    """)
        )
        == 1
    )


def test_hold_as_rfc_2543_did_it() -> None:
    (_, held) = build(f"""
        0.0 alice bob   INVITE     1 a   sdp={AUDIO}
        1.0 bob   alice 200/INVITE 1 a>b sdp={REPLY}
        2.0 alice bob   INVITE     2 a>b sdp={AUDIO} at=0.0.0.0
        2.1 bob   alice 200/INVITE 2 a>b sdp={REPLY}
    """)
    assert (held.round, held.state, held.direction, held.offer_address) == (2, "agreed", "sendonly", "0.0.0.0")


def test_a_refused_re_invite_leaves_what_was_agreed() -> None:
    agreed, refused, again = build(f"""
        0.0 alice bob   INVITE     1 a   sdp={AUDIO}
        1.0 bob   alice 200/INVITE 1 a>b sdp={REPLY}
        2.0 alice bob   INVITE     2 a>b sdp="audio 4000 RTP/AVP 9"
        2.1 bob   alice 491/INVITE 2 a>b
        2.2 alice bob   ACK        2 a>b of=INVITE
        4.0 alice bob   INVITE     3 a>b sdp="audio 4000 RTP/AVP 9"
        4.1 bob   alice 200/INVITE 3 a>b sdp="audio 5000 RTP/AVP 9"
    """)
    assert (agreed.state, agreed.codecs) == ("agreed", "PCMU/8000")
    assert (refused.round, refused.state, refused.answer_frame, refused.flaws) == (
        2, "rejected", None, ("ended by 491 Request Pending",),
    )  # fmt: skip
    assert (again.round, again.state, again.codecs) == (3, "agreed", "G722/8000")


def test_a_busy_phone_refuses_no_media() -> None:
    (line,) = build(f"""
        0.0 alice bob   INVITE     1 a   sdp={AUDIO}
        0.1 bob   alice 486/INVITE 1 a>b
    """)
    assert (line.state, line.flaws) == ("offered", ("ended by 486 Busy Here",))


def test_an_offer_that_is_made_again_after_a_challenge_is_listed_once() -> None:
    assert rounds(f"""
        0.0 alice proxy INVITE     1 a   sdp={AUDIO}
        0.1 proxy alice 407/INVITE 1 a>x
        0.2 alice proxy ACK        1 a>x of=INVITE
        0.3 alice proxy INVITE     2 a   sdp={AUDIO}
        0.4 proxy alice 200/INVITE 2 a>b sdp={REPLY}
    """) == [(1, "agreed", 4, 5, "sendrecv")]


def test_an_offer_that_is_refused_and_made_anew_is_listed_twice() -> None:
    assert [
        each[:2]
        for each in rounds(f"""
        0.0 alice bob   INVITE     1 a   sdp="audio 4000 RTP/SAVP 0"
        0.1 bob   alice 488/INVITE 1 a>b
        0.2 alice bob   INVITE     2 a   sdp={AUDIO}
        0.3 bob   alice 200/INVITE 2 a>b sdp={REPLY}
    """)
    ] == [(1, "rejected"), (2, "agreed")]


def test_nothing_flows_in_what_a_refusal_left() -> None:
    (line,) = build("""
        0.0 alice bob   INVITE     1 a   sdp="audio 4000 RTP/SAVP 0"
        0.1 bob   alice 488/INVITE 1 a>b
    """)
    assert (line.state, line.direction) == ("rejected", "inactive")


def test_a_line_that_the_answer_gives_port_0_is_rejected() -> None:
    audio, video = build("""
        0.0 alice bob   INVITE     1 a   sdp="audio 4000 RTP/AVP 0|video 4002 RTP/AVP 97,rtpmap:97 H264/90000"
        0.1 bob   alice 200/INVITE 1 a>b sdp="audio 5000 RTP/AVP 0|video 0 RTP/AVP 97"
    """)
    assert (audio.index, audio.state, audio.direction) == (0, "agreed", "sendrecv")
    assert (video.index, video.state, video.direction) == (1, "rejected", "inactive")
    assert (video.answer_port, video.answer_rtcp_port, video.codecs) == (0, None, "H264/90000")


def test_presentation_and_its_floor_control() -> None:
    floor, slides = build("""
        0.0 alice bob   INVITE     1 a   sdp="application 4006 UDP/BFCP *,floorctrl:c-only,setup:actpass|video 4004 RTP/AVP 97,content:slides,label:12"
        0.1 bob   alice 200/INVITE 1 a>b sdp="application 5006 UDP/BFCP *,floorctrl:s-only,setup:active,floorid:2 mstrm:12|video 5004 RTP/AVP 97,label:7"
    """)  # noqa: E501
    assert (floor.protocol, floor.floorctrl, floor.setup, floor.floors) == (
        "UDP/BFCP", "c-only/s-only", "actpass/active", "2=12",
    )  # fmt: skip
    assert (floor.offer_rtcp_port, slides.content, slides.label) == (None, "slides", "12")


def test_forks_answer_one_offer_each_for_itself() -> None:
    lines = build(f"""
        0.0 alice proxy INVITE     1 a   sdp={AUDIO}
        0.1 proxy alice 183/INVITE 1 a>b sdp={REPLY}
        0.2 proxy alice 183/INVITE 1 a>c sdp="audio 6000 RTP/AVP 0"
        1.0 proxy alice 200/INVITE 1 a>c sdp="audio 6000 RTP/AVP 0"
    """)
    assert [(each.dialog_row, each.state, each.offer_frame, each.answer_port) for each in lines] == [
        (0, "early", 1, 5000),
        (1, "agreed", 1, 6000),
    ]


def test_a_description_may_be_one_part_of_a_body() -> None:
    assert rounds(f"""
        0.0 alice bob   INVITE     1 a   sdp={AUDIO} part=yes
        0.1 bob   alice 200/INVITE 1 a>b sdp={REPLY} part=yes
    """) == [(1, "agreed", 1, 2, "sendrecv")]


def test_repetitions_and_second_views_say_nothing_again() -> None:
    assert rounds(f"""
        0.000 alice bob   INVITE     1 a   sdp={AUDIO}
        0.001 alice bob   INVITE     1 a   sdp={AUDIO}
        0.500 alice bob   INVITE     1 a   sdp={AUDIO}
        0.600 bob   alice 200/INVITE 1 a>b sdp={REPLY}
        1.100 bob   alice 200/INVITE 1 a>b sdp={REPLY}
    """) == [(1, "agreed", 1, 4, "sendrecv")]


def test_what_passes_a_proxy_unchanged_is_one_round_as_the_offerer_sees_it() -> None:
    assert rounds(f"""
        0.0 alice proxy INVITE     1 a          sdp={AUDIO}
        0.1 proxy bob   INVITE     1 a   vias=2 sdp={AUDIO} at=alice
        0.2 bob   proxy 200/INVITE 1 a>b vias=2 sdp={REPLY}
        0.3 proxy alice 200/INVITE 1 a>b        sdp={REPLY} at=bob
    """) == [(1, "agreed", 1, 4, "sendrecv")]


def test_a_relay_that_rewrites_the_descriptions_shows_both_of_its_sides() -> None:
    near, far = build(f"""
        0.0 alice proxy INVITE     1 a          sdp={AUDIO}
        0.1 proxy bob   INVITE     1 a   vias=2 sdp="audio 7000 RTP/AVP 0" at=relay
        0.2 bob   proxy 200/INVITE 1 a>b vias=2 sdp={REPLY}
        0.3 proxy alice 200/INVITE 1 a>b        sdp="audio 7002 RTP/AVP 0" at=relay
    """)
    assert (near.round, near.offer_address, near.answer_address, near.flaws) == (1, ALICE, RELAY, None)
    assert (near.offer_frame, near.answer_frame) == (1, 4)
    assert (far.round, far.offer_address, far.answer_address, far.offer_frame, far.answer_frame) == (
        1,
        RELAY,
        BOB,
        2,
        3,
    )
    assert far.flaws == ("the description was rewritten between two hops",)


def test_a_rewritten_answer_alone_is_seen_too() -> None:
    near, far = build(f"""
        0.0 alice proxy INVITE     1 a          sdp={AUDIO}
        0.2 bob   proxy 200/INVITE 1 a>b vias=2 sdp={REPLY}
        0.3 proxy alice 200/INVITE 1 a>b        sdp="audio 7002 RTP/AVP 0" at=relay
    """)
    assert [(each.answer_address, each.flaws is None) for each in (near, far)] == [(RELAY, True), (BOB, False)]


def test_a_capture_that_begins_too_late_shows_the_answer_alone() -> None:
    (line,) = build(f"""
        0.0 bob   alice 200/INVITE 1 a>b sdp={REPLY}
        0.1 alice bob   ACK        1 a>b
    """)
    assert (line.state, line.offer_frame, line.offer_address, line.offer_port) == ("answer-only", None, None, None)
    assert (line.answer_address, line.answer_port, line.direction) == (BOB, 5000, "sendrecv")


def test_an_ack_with_a_description_shows_that_the_2xx_was_the_offer() -> None:
    (line,) = build(f"""
        0.0 bob   alice 200/INVITE 1 a>b sdp={REPLY}
        0.1 alice bob   ACK        1 a>b sdp={AUDIO}
    """)
    assert (line.state, line.offer_address, line.answer_address) == ("agreed", BOB, ALICE)


def test_an_answer_in_an_ack_alone() -> None:
    assert rounds(f"0.0 alice bob ACK 1 a>b sdp={AUDIO}") == [(1, "answer-only", None, 1, "sendrecv")]


def test_a_2xx_without_the_answer_that_it_owes() -> None:
    (line,) = build(f"""
        0.0 alice bob   INVITE     1 a   sdp={AUDIO}
        0.1 bob   alice 200/INVITE 1 a>b
    """)
    assert (line.state, line.flaws) == ("offered", ("the offer was never answered, though the exchange is over",))


def test_an_answer_with_another_number_of_lines() -> None:
    audio, video = build(f"""
        0.0 alice bob   INVITE     1 a   sdp="audio 4000 RTP/AVP 0|video 4002 RTP/AVP 97"
        0.1 bob   alice 200/INVITE 1 a>b sdp={REPLY}
    """)
    assert audio.flaws == ("2 m-lines are offered, 1 answered",)
    assert (video.state, video.answer_port, video.flaws) == ("offered", None, None)


def test_what_is_wrong_with_a_description_is_told_once() -> None:
    first, second = build(
        "0.0 alice bob INVITE 1 a sdp='audio 4000 RTP/AVP 0|video 4002 RTP/AVP 97' at='not-an-address x'"
    )
    assert first.flaws is not None
    assert all(flaw.startswith("offer: ") for flaw in first.flaws)
    assert second.flaws is None


def test_two_capture_points_have_their_own_lines() -> None:
    lines = build(f"""
        0.0 alice bob   INVITE     1 a   sdp={AUDIO} file=inside.pcap
        0.1 bob   alice 200/INVITE 1 a>b sdp={REPLY} file=inside.pcap
        0.0 alice bob   INVITE     1 a   sdp={AUDIO} file=outside.pcap
        0.1 bob   alice 200/INVITE 1 a>b sdp={REPLY} file=outside.pcap
    """)
    assert [(each.file, each.offer_frame, each.state) for each in lines] == [
        ("inside.pcap", 1, "agreed"),
        ("outside.pcap", 1, "agreed"),
    ]
