"""The state machine of offer and answer (RFC 6337 §2)."""

import pytest

from collabtrace.sessions.offer_answer import STEPS, Act, Event, Exchange, State


@pytest.mark.parametrize(
    ("events", "state", "offers", "answers"),
    [
        ([Event.REQUEST_SDP], "offered", [0], []),
        ([Event.REQUEST_SDP, Event.SUCCESS_SDP], "agreed", [0], [1]),
        ([Event.REQUEST_SDP, Event.UNRELIABLE_SDP], "early", [0], [1]),
        ([Event.REQUEST_SDP, Event.UNRELIABLE_SDP, Event.UNRELIABLE_SDP], "early", [0], [2]),
        ([Event.REQUEST_SDP, Event.UNRELIABLE_SDP, Event.RELIABLE_SDP, Event.SUCCESS_SDP], "agreed", [0], [2]),
        ([Event.REQUEST_SDP, Event.UNRELIABLE_SDP, Event.SUCCESS], "agreed", [0], [1]),
        ([Event.REQUEST_SDP, Event.RELIABLE_SDP, Event.FAILURE], "agreed", [0], [1]),
        ([Event.REQUEST_SDP, Event.SUCCESS], "offered", [0], []),
        ([Event.REQUEST, Event.UNRELIABLE_SDP, Event.SUCCESS_SDP, Event.ACK_SDP], "agreed", [2], [3]),
        ([Event.REQUEST, Event.RELIABLE_SDP, Event.SUCCESS_SDP, Event.ACK_SDP], "agreed", [1], [3]),
        ([Event.REQUEST, Event.SUCCESS_SDP, Event.ACK], "offered", [1], []),
        ([Event.SUCCESS_SDP, Event.ACK], "answer-only", [], [0]),
        ([Event.UNRELIABLE_SDP, Event.SUCCESS_SDP], "answer-only", [], [1]),
        ([Event.SUCCESS_SDP, Event.ACK_SDP], "agreed", [0], [1]),
        ([Event.ACK_SDP], "answer-only", [], [0]),
    ],
)
def test_what_becomes_of_a_round(events: list[str], state: str, offers: list[int], answers: list[int]) -> None:
    exchange = Exchange()
    for row, event in enumerate(events):
        exchange.take(event, row)
    assert exchange.round is not None
    assert (exchange.round.state, exchange.round.offers, exchange.round.answers) == (state, offers, answers)


def test_a_failure_is_kept_with_the_offer_that_it_ended() -> None:
    exchange = Exchange()
    exchange.take(Event.REQUEST_SDP, 3)
    assert exchange.take(Event.FAILURE, 5) is None
    assert exchange.round is not None
    assert (exchange.round.state, exchange.round.refusal) == ("offered", 5)


def test_a_message_tells_where_its_copy_on_the_next_hop_goes() -> None:
    exchange = Exchange()
    rows = exchange.take(Event.REQUEST_SDP, 3)
    assert rows is not None
    rows.append(4)
    assert exchange.round is not None
    assert exchange.round.offers == [3, 4]


def test_an_exchange_without_descriptions_is_no_round() -> None:
    exchange = Exchange()
    for row, event in enumerate((Event.REQUEST, Event.SUCCESS, Event.ACK)):
        assert exchange.take(event, row) is None
    assert exchange.round is None


def test_every_state_but_the_first_is_reached_and_all_but_the_last_are_left() -> None:
    states = {value for name, value in vars(State).items() if name.isupper()}
    assert {state for state, _ in STEPS} == states - {State.OVER}
    assert {state for _, state in STEPS.values()} == states - {State.NEW}
    assert {act for act, _ in STEPS.values()} == {value for name, value in vars(Act).items() if name.isupper()}
