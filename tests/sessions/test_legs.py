"""One leg while its messages are gathered."""

from collabtrace.sessions.dialog_states import BYE, FAILURE, PROVISIONAL, SUCCESS, TRYING
from collabtrace.sessions.legs import NONE, Attempt, Leg


def attempt() -> Attempt:
    return Attempt("INVITE", "a", 3, cseq=1, branch="z9hG4bK-1", to_caller=False)


def test_a_leg_of_an_attempt_shares_its_rows() -> None:
    begun = attempt()
    leg = Leg.of(begun, "b")
    begun.rows += [3, 6]
    leg.rows += [5, 8]
    assert leg.all_rows() == [3, 5, 6, 8]
    assert (leg.method, leg.from_tag, leg.to_tag, leg.opened, leg.state) == ("INVITE", "a", "b", 3, TRYING)


def test_a_leg_whose_opening_is_not_known_has_its_own_rows_only() -> None:
    leg = Leg("INVITE", "a", "b", 7, state=TRYING, to_caller=True)
    leg.rows.append(7)
    assert leg.all_rows() == [7]


def test_a_leg_moves_as_the_table_says() -> None:
    leg = Leg.of(attempt(), "b")
    assert [leg.move(event) for event in (PROVISIONAL, PROVISIONAL, SUCCESS, FAILURE)] == [True, False, True, False]
    assert (leg.state, leg.is_open) == ("confirmed", False)


def test_the_first_end_counts() -> None:
    leg = Leg.of(attempt(), "b")
    assert leg.ended == NONE
    leg.move(SUCCESS)
    leg.end(BYE, 5, "BYE from 192.0.2.1", "192.0.2.1")
    leg.end(BYE, 6, "BYE from 192.0.2.2", "192.0.2.2")
    assert (leg.state, leg.ended, leg.ended_by) == ("terminated", 5, "192.0.2.1")
