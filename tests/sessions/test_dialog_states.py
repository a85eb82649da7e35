"""The states of a leg."""

import pytest

from collabtrace.sessions import dialog_states
from collabtrace.sessions.dialog_states import CONFIRMED, EARLY, FAILED, TERMINATED, TRANSITIONS, TRYING, is_retried


def test_every_state_but_the_first_is_reached() -> None:
    assert set(TRANSITIONS.values()) == {EARLY, CONFIRMED, TERMINATED, FAILED}
    assert {state for state, _ in TRANSITIONS} == {TRYING, EARLY, CONFIRMED, FAILED}


def test_every_event_moves_something() -> None:
    named = ("PROVISIONAL", "SUCCESS", "FAILURE", "BYE", "GONE", "LAST_NOTIFY", "FORK_ANSWERED")
    assert {event for _, event in TRANSITIONS} == {getattr(dialog_states, name) for name in named}


def test_nothing_follows_the_end_of_a_confirmed_dialog() -> None:
    assert not [event for state, event in TRANSITIONS if state == TERMINATED]


@pytest.mark.parametrize(
    ("status", "expected"),
    [(302, True), (401, True), (407, True), (422, True), (486, False), (487, False), (603, False)],
)
def test_after_which_failures_the_caller_tries_again(status: int, *, expected: bool) -> None:
    assert is_retried(status) is expected
