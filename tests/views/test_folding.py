"""What says the same thing is one arrow."""

from dataclasses import replace

from collabtrace.schema import Message
from collabtrace.views.folding import alike, repeats, sendings, sent, timed
from collabtrace.views.rows import Arrow
from tests.views.cases import ALICE, BOB, message


def options(frame: int, at: float, label: str = "OPTIONS", cseq: str = "OPTIONS") -> Arrow:
    return Arrow(at, ALICE, BOB, label, (("a.pcapng", frame),), cseq=f"{frame} {cseq}")


def rows(groups: list[list[tuple[int, Message]]]) -> list[list[int]]:
    return [[row for row, _ in group] for group in groups]


def test_retransmissions_belong_to_what_was_sent_first() -> None:
    first = message(1, 0.0, ALICE, BOB, "INVITE")
    again = [message(frame, 0.5 * frame, ALICE, BOB, "INVITE", retransmission_of=1) for frame in (2, 3)]
    answer = message(4, 2.0, BOB, ALICE, "100 Trying INVITE")
    assert rows(sendings(enumerate([first, *again, answer]))) == [[0, 1, 2], [3]]


def test_second_copies_are_left_out() -> None:
    first = message(1, 0.0, ALICE, BOB, "INVITE")
    assert rows(sendings(enumerate([first, replace(first, frame=2, duplicate_of=1)]))) == [[0]]


def test_the_same_message_at_two_capture_points_is_one() -> None:
    first = message(1, 0.0, ALICE, BOB, "INVITE", branch="z9hG4bK1")
    assert rows(sendings(enumerate([first, replace(first, file="b.pcapng", frame=70)]))) == [[0, 1]]


def test_the_second_of_equal_messages_is_the_second_at_the_other_capture_point_too() -> None:
    ringing = [message(frame, frame, BOB, ALICE, "180 Ringing INVITE") for frame in (1, 2)]
    there = [replace(each, file="b.pcapng", frame=each.frame + 50) for each in ringing]
    assert rows(sendings(enumerate([*ringing, *there]))) == [[0, 2], [1, 3]]


def test_a_message_with_another_address_is_another_one() -> None:
    first = message(1, 0.0, ALICE, BOB, "INVITE")
    assert rows(sendings(enumerate([first, replace(first, file="b.pcapng", source="198.51.100.1")]))) == [[0], [1]]


def test_a_retransmission_whose_first_was_not_captured_stands_alone() -> None:
    again = message(9, 0.0, ALICE, BOB, "INVITE", retransmission_of=1)
    assert rows(sendings(enumerate([again]))) == [[0]]


def test_the_capture_point_that_saw_most_says_how_often_something_was_sent() -> None:
    assert sent(["a", "a", "b"]) == 2


def test_keep_alives_are_put_together_from_the_second_on() -> None:
    (arrow,) = repeats([options(1, 0.0), options(2, 30.0), options(3, 60.0)])
    assert (arrow.count, arrow.time, arrow.until) == (3, 0.0, 60.0)
    assert [frame for _, frame in arrow.seen] == [1, 2, 3]


def test_what_is_put_together_says_until_when_and_what_was_sent_again() -> None:
    keep_alive = options(1, 10.0)
    (folded,) = timed(repeats([keep_alive, options(2, 40.0)]), 5.0)
    assert folded.info == "until 35.000 s"
    (again,) = timed([replace(keep_alive, count=3, again=2, until=13.5)], 10.0)
    assert again.info == "retransmitted until 3.500 s"
    (some,) = timed([replace(keep_alive, count=5, again=1, until=13.5, info="SDP")], 10.0)
    assert some.info == "SDP, until 3.500 s, 1 retransmission"
    at_once = replace(keep_alive, count=2, until=10.5)
    assert timed([keep_alive, at_once], 0.0) == [keep_alive, at_once]


def test_tries_that_failed_are_not_put_together_with_those_that_did_not() -> None:
    asked = [options(frame, frame) for frame in (1, 3, 5, 7)]
    answers = [
        replace(options(arrow.frame + 1, arrow.time + 1, f"{status}"), source=BOB, target=ALICE, answer=True,
                status=status, cseq=arrow.cseq)
        for arrow, status in zip(asked, (200, 200, 503, 503), strict=True)
    ]  # fmt: skip
    folded = repeats(sorted([*asked, *answers], key=lambda arrow: arrow.time))
    assert [(arrow.label, arrow.count) for arrow in folded] == [("OPTIONS", 2), ("200", 2), ("OPTIONS", 2), ("503", 2)]


def test_requests_and_answers_are_put_together_apart() -> None:
    arrows = [options(1, 0), options(2, 1, "200 OK"), options(3, 2), options(4, 3, "200 OK")]
    assert [(arrow.label, arrow.count) for arrow in repeats(arrows)] == [("OPTIONS", 2), ("200 OK", 2)]


def test_nothing_is_put_together_across_a_step_of_the_call() -> None:
    arrows = [options(1, 0), options(2, 1, "BYE", "BYE"), options(3, 2)]
    assert [arrow.frame for arrow in repeats(arrows)] == [1, 2, 3]


def test_other_requests_are_put_together_only_in_long_runs() -> None:
    few = [options(frame, frame, "INFO", "INFO") for frame in range(1, 5)]
    assert len(repeats(few)) == 4
    assert [arrow.count for arrow in repeats([*few, options(5, 5, "INFO", "INFO")])] == [5]


def test_invites_are_never_put_together_in_a_call() -> None:
    assert len(repeats([options(frame, frame, "INVITE", "INVITE") for frame in range(50)])) == 50


def test_outside_of_calls_everything_alike_is() -> None:
    assert len(repeats([options(frame, frame, "INVITE", "INVITE") for frame in range(50)], everything=True)) == 1


def test_many_streams_of_a_kind_say_how_many() -> None:
    streams = [Arrow(at, ALICE, BOB, "RTP audio", (("a", at),), kind="rtp", info="1 packet") for at in range(1, 8)]
    assert [arrow.info for arrow in repeats(streams)] == ["7 streams"]


def test_bfcp_hellos_and_their_answers_are_keep_alives() -> None:
    hello = Arrow(0, ALICE, BOB, "BFCP Hello", (("a", 1),), kind="bfcp")
    answer = Arrow(1, BOB, ALICE, "BFCP HelloAck", (("a", 2),), kind="bfcp")
    arrows = [hello, answer, replace(hello, time=2), replace(answer, time=3)]
    assert [arrow.count for arrow in repeats(arrows)] == [2, 2]


def test_groups_come_in_the_order_of_their_first() -> None:
    assert alike(enumerate("abac"), str) == [[(0, "a"), (2, "a")], [(1, "b")], [(3, "c")]]
