"""Tries that went another way are told apart."""

from collabtrace.views.rows import Arrow
from collabtrace.views.tries import chapters
from tests.views.cases import ALICE, BOB

Step = tuple[int, int | None]
"""CSeq, and the status of a response."""


def registers(*steps: Step, about: str = "sip:alice@example.com") -> list[Arrow]:
    """Requests of alice and the responses of bob, one after another."""
    return [
        Arrow(
            time=float(time),
            source=ALICE if status is None else BOB,
            target=BOB if status is None else ALICE,
            label=str(status),
            seen=(("a.pcapng", time),),
            answer=status is not None,
            status=status,
            cseq=f"{number} REGISTER",
            about=about,
        )
        for time, (number, status) in enumerate(steps, 1)
    ]


def test_tries_that_go_the_same_way_are_one_chapter() -> None:
    assert chapters(registers((1, None), (1, 100), (1, 200), (2, None), (2, 200))) == [0] * 5


def test_a_failure_begins_a_chapter_with_its_request_and_so_does_the_next_success() -> None:
    tries = registers((1, None), (1, 200), (2, None), (2, 403), (3, None), (3, 200))
    assert chapters(tries) == [0, 0, 1, 1, 2, 2]


def test_a_request_that_stays_without_response_begins_one() -> None:
    assert chapters(registers((1, None), (1, 200), (2, None))) == [0, 0, 1]


def test_a_challenge_belongs_to_what_the_credentials_lead_to() -> None:
    tries = registers((1, None), (1, 401), (2, None), (2, 200), (3, None), (3, 401), (4, None), (4, 403))
    assert chapters(tries) == [0, 0, 0, 0, 1, 1, 1, 1]


def test_challenges_one_after_another_are_refusals() -> None:
    tries = registers((1, None), (1, 200), (2, None), (2, 401), (3, None), (3, 401))
    assert chapters(tries) == [0, 0, 1, 1, 1, 1]


def test_a_phone_that_always_fails_is_no_change_for_one_that_never_does() -> None:
    good, bad = registers((1, None), (1, 200)), registers((1, None), (1, 403), about="sip:bob@example.com")
    assert chapters([*good, *bad, *good, *bad]) == [0] * 8


def test_what_is_no_sip_has_no_chapters() -> None:
    assert chapters([Arrow(0, ALICE, BOB, "BFCP Hello", (("a", 1),), kind="bfcp")]) == [0]
