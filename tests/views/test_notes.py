"""What is said between arrows."""

from dataclasses import replace

from collabtrace.views import notes
from collabtrace.views.lanes import Ends
from collabtrace.views.material import Described
from collabtrace.views.rows import Arrow, Gap, Note
from tests.views.cases import ALICE, BOB, START, call, media_line, simple_call

ENDS = Ends((), ())


def described(**values: object) -> Described:
    offer, _, answer, *_ = simple_call()
    return Described(media_line(**values), offer, answer)


def said(*entries: Described) -> list[str]:
    return [note.text for note in notes.of_media(entries, ENDS)]


def arrow(at: float) -> Arrow:
    return Arrow(at, ALICE, BOB, "x", (("a", 1),))


def test_the_first_round_says_what_was_agreed() -> None:
    lines = [described(), described(index=1, kind="video", content="slides", codecs="H264/90000", direction="sendonly")]
    assert said(*lines) == ["media: audio PCMU, video (slides) H264 sendonly"]


def test_later_rounds_say_what_changed() -> None:
    hold = {"round": 2, "direction": "sendonly"}
    assert said(described(), described(round=1, index=1, kind="video", codecs="H264"), described(**hold)) == [
        "media: audio PCMU, video H264",
        "hold: audio PCMU sendonly",
    ]


def test_both_ways_again_after_hold_is_resumed() -> None:
    hold, resumed = {"round": 2, "direction": "inactive"}, {"round": 3}
    assert said(described(), described(**hold), described(**resumed))[1:] == [
        "hold: audio PCMU inactive",
        "resumed: audio PCMU",
    ]


def test_one_way_from_the_beginning_is_no_hold() -> None:
    assert said(described(direction="sendonly")) == ["media: audio PCMU sendonly"]


def test_a_round_that_changes_nothing_says_nothing() -> None:
    assert said(described(), described(round=2)) == ["media: audio PCMU"]


def test_a_rejected_line_says_so() -> None:
    assert said(described(state="rejected", kind="video")) == ["media: video rejected"]


def test_bfcp_is_called_bfcp() -> None:
    assert said(described(kind="application", protocol="UDP/BFCP", codecs=None)) == ["media: BFCP"]


def test_media_before_the_answer_is_early() -> None:
    assert said(described(state="early")) == ["early media: audio PCMU"]


def test_an_offer_without_an_answer_says_nothing() -> None:
    assert said(described(answer_time=None)) == []


def test_a_call_that_ended_says_how_long_people_talked() -> None:
    (note,) = notes.of_call(call(), [ALICE, BOB], [arrow(START)])
    assert note == Note(START + 12.5, "talking 11.0 s", ALICE, BOB, closes=True)


def test_talking_ends_with_the_first_bye_of_any_leg() -> None:
    byes = [replace(arrow(START + at), label="BYE") for at in (5.0, 12.4, 12.5)]
    (note,) = notes.of_call(call(), [ALICE, BOB], byes)
    assert (note.time, note.text) == (START + 12.4, "talking 11.0 s")


def test_the_same_round_at_two_capture_points_is_told_once() -> None:
    here, there = described(), described(dialog_row=1, file="b.pcapng", answer_time=START)
    (note,) = notes.of_media([here, there], ENDS)
    assert note.time == START


def test_a_call_whose_end_was_not_captured_says_so() -> None:
    (note,) = notes.of_call(call(ended=None), [ALICE, BOB], [arrow(START + 61.5)])
    assert note.text == "no end seen: up for 1 min so far"


def test_a_call_that_nobody_answered_says_nothing() -> None:
    assert list(notes.of_call(call(answered=None), [ALICE, BOB], [])) == []


def test_a_silence_is_a_row_and_each_arrow_knows_the_time_since_the_one_before() -> None:
    first, gap, second, third = notes.interleaved([arrow(0), arrow(5), arrow(6.5)], ())
    assert gap == Gap(5.0)
    assert isinstance(first, Arrow)
    assert isinstance(second, Arrow)
    assert isinstance(third, Arrow)
    assert (first.delta, second.delta, third.delta) == (None, 5.0, 1.5)


def test_a_note_that_closes_comes_before_its_arrow_and_explains_the_silence() -> None:
    talking, other = Note(9, "talking", ALICE, BOB, closes=True), Note(9, "other", ALICE, BOB)
    rows = notes.interleaved([arrow(0), arrow(9)], [talking, other])
    assert [type(row) for row in rows] == [Arrow, Note, Arrow, Note]
    assert rows[1] == talking
