"""The plan of a ladder."""

import pytest

from collabtrace.views.ladder import Arrow, plan
from tests.views.cases import ALICE, BOB, call, case, dialog, message, simple_call, simple_case


def test_a_ladder_of_one_call_is_one_section() -> None:
    ladder = plan(simple_case(), 1)
    assert [section.anchor for section in ladder.sections] == ["call-1"]
    assert (ladder.title, ladder.files) == ("Call 1: alice@example.com → bob@example.com, answered", ("a.pcapng",))


def test_a_ladder_of_the_case_has_every_call_and_what_belongs_to_none() -> None:
    ping = message(99, 20, ALICE, BOB, "OPTIONS", call_id="ping@example.com")
    ladder = plan(case([*simple_call(), ping], dialogs=[dialog(range(6))], calls=[call()]), None)
    assert [section.anchor for section in ladder.sections] == ["call-1", "outside-1"]


def test_a_call_that_is_not_there_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        plan(simple_case(), 2)


def test_capture_points_are_named_in_the_order_of_their_letters() -> None:
    there = message(70, 0.1, ALICE, "198.51.100.1", "INVITE", file="b.pcapng")
    ladder = plan(case([simple_call()[0], there]), 1)
    assert ladder.files == ("a.pcapng", "b.pcapng")
    assert [ladder.frames(row) for row in ladder.sections[0].rows if isinstance(row, Arrow)] == ["A#1", "B#70"]


def test_the_first_letter_is_for_the_capture_that_was_given_first() -> None:
    first = message(70, 0.1, ALICE, "198.51.100.1", "INVITE", file="z.pcapng")
    assert plan(case([first, simple_call()[0]]), 1).files == ("z.pcapng", "a.pcapng")


def test_in_a_case_that_is_too_long_each_leg_is_an_arrow() -> None:
    ping = message(99, 20, ALICE, BOB, "OPTIONS", call_id="ping@example.com")
    legs = [dialog(range(6)), dialog([], call_id="two@example.com")]
    ladder = plan(case([*simple_call(), ping], dialogs=legs, calls=[call()]), None, most=1)
    assert [len(section.rows) for section in ladder.sections] == [1]
    assert ladder.remarks == (
        "7 messages: each leg is one arrow, the ladder of its call shows all",
        "the first 1 of 2 legs",
        "1 message outside calls left out",
    )


def test_an_empty_case_is_an_empty_ladder() -> None:
    assert plan(case(), None).sections == ()


def test_digits_and_passwords_are_nowhere() -> None:
    dialled = message(
        1, 0, ALICE, BOB, "INFO", content_type="application/dtmf-relay", request_uri="sip:1234@example.com"
    )
    told = call(caller="sip:alice:hunter2@example.com", callee="sip:bob@example.com;postd=pp4711")
    made = case([dialled], calls=[told])
    shown = repr(plan(made, 1))
    assert all(secret not in shown for secret in ("1234", "hunter2", "4711"))
