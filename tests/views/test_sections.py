"""The sections of a ladder."""

from collabtrace.schema import Host
from collabtrace.views import sections
from collabtrace.views.contents import contents_of
from collabtrace.views.rows import Arrow, Lane, Section
from tests.views.cases import (
    ALICE,
    BOB,
    blank,
    call,
    case,
    dialog,
    media_line,
    message,
    simple_call,
    simple_case,
    stream,
)


def labels(section: Section) -> list[str]:
    return [row.label if isinstance(row, Arrow) else getattr(row, "text", "gap") for row in section.rows]


def test_a_call_is_its_messages_its_media_and_its_states() -> None:
    assert labels(sections.of_call(contents_of(simple_case()), 1, {})) == [
        "INVITE (SDP)",
        "180 Ringing",
        "200 OK (SDP)",
        "media: audio PCMU",
        "ACK",
        "RTP audio PCMU",
        "RTP audio PCMU",
        "talking 11.0 s",
        "BYE",
        "200 OK",
    ]


def test_a_call_has_a_title_an_anchor_and_a_beginning() -> None:
    section = sections.of_call(contents_of(simple_case()), 1, {})
    assert (section.title, section.anchor) == ("Call 1: alice@example.com → bob@example.com, answered", "call-1")
    assert section.lanes == (Lane(ALICE, "Softphone 1.2"), Lane(BOB, None))
    assert section.start == simple_call()[0].time_epoch


def test_a_media_address_is_named_after_the_machine_whose_sdp_named_it() -> None:
    line, media = media_line(offer_address="192.0.2.77"), stream(5, 2, BOB, "192.0.2.77")
    section = sections.of_call(contents_of(simple_case(media=[line], streams=[media], paths=[])), 1, {})
    assert section.lanes[1] == Lane("192.0.2.77", "media of 192.0.2.10")


def test_a_finding_marks_the_arrow_that_shows_it_whatever_frame_of_it() -> None:
    again = message(3, 0.5, ALICE, BOB, "INVITE", retransmission_of=1)
    made = case([simple_call()[0], again])
    section = sections.of_call(contents_of(made), 1, {("a.pcapng", 3): "no answer"})
    assert [row.mark for row in section.rows if isinstance(row, Arrow)] == ["no answer"]


def test_a_call_with_several_legs_lists_them_and_numbers_their_arrows() -> None:
    other = [message(20, 0.2, BOB, "192.0.2.77", "INVITE", call_id="two@example.com")]
    legs = [dialog(range(6)), dialog([6], call_id="two@example.com", state="trying", end_reason=None)]
    both = call(call_ids=("one@example.com", "two@example.com"), dialog_rows=(0, 1))
    section = sections.of_call(contents_of(case([*simple_call(), *other], dialogs=legs, calls=[both])), 1, {})
    assert section.legs[1] == "leg 2: alice@example.com → bob@example.com, trying, Call-ID two@example.com"
    assert [row.leg for row in section.rows if isinstance(row, Arrow)] == [1, 1, 2, 1, 1, 1, 1]


def test_a_leg_that_two_capture_points_saw_is_one_leg() -> None:
    seen_twice = [dialog(range(6)), dialog(range(6), file="b.pcapng")]
    made = case(simple_call(), dialogs=seen_twice, calls=[call(dialog_rows=(0, 1))])
    assert sections.of_call(contents_of(made), 1, {}).legs == ()


def test_second_copies_are_told_of() -> None:
    copy = message(2, 0.0, ALICE, BOB, "INVITE", duplicate_of=1)
    section = sections.of_call(contents_of(case([simple_call()[0], copy])), 1, {})
    assert section.remarks == ("1 second copy left out",)
    assert len([row for row in section.rows if isinstance(row, Arrow)]) == 1


def test_a_call_of_which_nothing_was_captured_is_an_empty_section() -> None:
    section = sections.of_call(contents_of(case(calls=[call(dialog_rows=())])), 1, {})
    assert (section.lanes, section.rows) == ((), ())


def test_a_call_with_more_machines_than_a_screen_has_no_lanes() -> None:
    hops = [message(n, n, f"192.0.2.{n}", f"192.0.2.{n + 1}", "INVITE") for n in range(1, 40)]
    assert sections.of_call(contents_of(case(hops)), 1, {}).lanes == ()


def test_what_belongs_to_no_call_is_told_once() -> None:
    pings = [message(frame, frame, ALICE, BOB, "OPTIONS", cseq=frame) for frame in range(1, 30)]
    made = case(pings, dialogs=[], calls=[], streams=[stream(40, 50, BOB, ALICE, call_id=None)])
    (section,) = sections.of_rest(contents_of(made), {})
    assert section.title == "Outside calls: 192.0.2.10 – 203.0.113.20"
    assert labels(section) == ["OPTIONS", "gap", "RTP audio PCMU"]


def test_many_machines_outside_of_calls_are_shown_pair_by_pair() -> None:
    phones = [message(n, n, f"192.0.2.{n}", BOB, "REGISTER", call_id=f"{n}@example.com") for n in range(1, 9)]
    parts = sections.of_rest(contents_of(case(phones, dialogs=[], calls=[])), {})
    assert [part.anchor for part in parts] == [f"outside-{n}" for n in range(1, 9)]
    assert all(len(part.lanes) == 2 for part in parts)


def test_so_many_machines_have_no_lanes() -> None:
    phones = [message(n, n, f"192.0.2.{n}", BOB, "REGISTER", call_id=f"{n}@example.com") for n in range(1, 40)]
    (section,) = sections.of_rest(contents_of(case(phones, dialogs=[], calls=[])), {})
    assert section.lanes == ()
    assert len([row for row in section.rows if isinstance(row, Arrow)]) == 39


def test_whole_legs_are_one_arrow_each() -> None:
    (section,) = sections.of_legs(contents_of(simple_case()), 10)
    (arrow,) = section.rows
    assert isinstance(arrow, Arrow)
    assert (arrow.label, arrow.info) == ("call 1: INVITE", "terminated, no end seen, 6 messages")
    assert (arrow.table, arrow.row) == ("dialogs", 0)


def test_few_machines_keep_their_place_in_every_section() -> None:
    parts = [Section("1", "", (Lane("b"),), ()), Section("2", "", (Lane("b"), Lane("a")), ())]
    shared = sections.aligned(parts, {"a": blank(Host, name="SIPp")})
    assert [part.lanes for part in shared] == [(Lane("b"), Lane("a", "SIPp"))] * 2


def test_many_machines_do_not() -> None:
    parts = [Section(str(n), "", (Lane(str(n)),), ()) for n in range(9)]
    assert sections.aligned(parts, {}) == parts
