"""Legs that a back-to-back user agent joined without a trace in any header."""

import pytest

from collabtrace.sessions import dialogs
from collabtrace.sessions.call_chains import MOST_CANDIDATES, chained
from collabtrace.sessions.call_legs import CallLegs
from collabtrace.sessions.joining import Groups
from collabtrace.testing.conversation import conversation


def pairs(lines: str) -> list[tuple[str, str]]:
    """Call-IDs of the legs that follow each other."""
    said = conversation(lines)
    legs = CallLegs(said.messages, dialogs.build(said.messages))
    groups = Groups(legs.size)
    found = []
    for one, other in chained(legs, groups):
        groups.join(one, other)
        found.append((legs.call_id[one], legs.call_id[other]))
    return found


def leg(call_id: str, ends: str, start: float, answered: float, end: float, users: str = "alice>bob") -> str:
    source, target = ends.split(">")
    common = f"call={call_id} users={users}"
    return f"""
        {start} {source} {target} INVITE 1 {call_id} {common}
        {answered} {target} {source} 200/INVITE 1 {call_id}>x {common}
        {end} {source} {target} BYE 2 {call_id}>x {common}
    """


def test_the_same_users_shortly_afterwards() -> None:
    assert pairs(leg("one", "alice>server", 0, 3, 9) + leg("two", "server>bob", 0.1, 2, 5)) == [("one", "two")]


def test_another_user_but_answered_and_ended_together() -> None:
    """The machine calls the phone of an extension."""
    lines = leg("one", "alice>server", 0, 3, 9, "alice>2000") + leg("two", "server>bob", 0.1, 2.9, 9.1, "alice>bob")
    assert pairs(lines) == [("one", "two")]


def test_another_user_and_another_end() -> None:
    lines = leg("one", "alice>server", 0, 3, 9, "alice>2000") + leg("two", "server>bob", 0.1, 2.9, 5, "alice>bob")
    assert pairs(lines) == []


def test_another_caller() -> None:
    assert pairs(leg("one", "alice>server", 0, 3, 9) + leg("two", "server>bob", 0.1, 2.5, 9, "carol>bob")) == []


def test_another_caller_but_the_only_pair_that_went_alike_to_the_moment() -> None:
    """The machine writes an account of its own in From, and a prefix before the number."""
    lines = leg("one", "alice>server", 0, 3, 9) + leg("two", "server>bob", 0.1, 2.95, 9.01, "trunk>9bob")
    assert pairs(lines) == [("one", "two")]


def test_of_two_pairs_that_went_alike_to_the_moment_none() -> None:
    first = leg("one", "alice>server", 0, 3, 9) + leg("two", "server>bob", 0.1, 2.95, 9.01, "trunk>9bob")
    assert pairs(first + leg("three", "relay>server", 0, 3, 9, "carol>bob")) == []
    assert pairs(first + leg("three", "server>relay", 0.1, 3, 9, "trunk>9carol")) == []


@pytest.mark.parametrize(
    ("users", "found"),
    [
        ("12025550143>99912025550199", [("one", "two")]),
        ("2025550143>12025550199", [("one", "two")]),
        ("12025550143>12025550177", []),
        ("12025550111>12025550199", []),
        ("143>199", []),
    ],
)
def test_numbers_with_and_without_a_prefix(users: str, found: list[tuple[str, str]]) -> None:
    came = leg("one", "alice>server", 0, 3, 9, "+12025550143>+12025550199")
    assert pairs(came + leg("two", "server>bob", 0.1, 2, 8, users)) == found


def test_an_anonymous_caller_is_anybody() -> None:
    lines = leg("one", "alice>server", 0, 3, 9, "anonymous>bob") + leg("two", "server>bob", 0.1, 2, 9, "anonymous>bob")
    assert pairs(lines) == []


def test_too_late() -> None:
    assert pairs(leg("one", "alice>server", 0, 3, 9) + leg("two", "server>bob", 2.5, 3, 9)) == []


def test_too_early() -> None:
    assert pairs(leg("one", "alice>server", 0.5, 3, 9) + leg("two", "server>bob", 0, 3, 9)) == []


def test_after_the_first_had_ended() -> None:
    assert pairs(leg("one", "alice>server", 0, 0.2, 0.4) + leg("two", "server>bob", 1, 3, 9)) == []


def test_back_to_the_caller_is_no_way_on() -> None:
    assert pairs(leg("one", "alice>server", 0, 3, 9) + leg("two", "server>alice", 0.1, 3, 9)) == []


def test_from_another_machine() -> None:
    assert pairs(leg("one", "alice>server", 0, 3, 9) + leg("two", "relay>bob", 0.1, 3, 9)) == []


def test_of_two_calls_the_one_that_ended_with_the_leg() -> None:
    assert pairs(
        leg("one", "alice>server", 0.0, 3, 9)
        + leg("two", "alice>server", 0.1, 4, 7)
        + leg("three", "server>bob", 0.2, 4, 7)
        + leg("four", "server>bob", 0.3, 3, 9)
    ) == [("two", "three"), ("one", "four")]


def test_of_two_calls_that_went_alike_none() -> None:
    assert pairs(
        leg("one", "alice>server", 0.0, 3, 9)
        + leg("two", "alice>server", 0.1, 3, 9)
        + leg("three", "server>bob", 0.2, 3, 9)
    ) == []  # fmt: skip


def test_a_machine_that_rings_several_phones() -> None:
    assert pairs(
        leg("one", "alice>server", 0.0, 3, 9)
        + leg("two", "server>bob", 0.1, 3, 9)
        + leg("three", "server>carol", 0.1, 5, 8)
    ) == [("one", "two"), ("one", "three")]  # fmt: skip


def test_a_crowd_of_the_same_calls_cannot_be_told_apart() -> None:
    crowd = "".join(leg(f"in{n}", "alice>server", 0, 3, 9) for n in range(MOST_CANDIDATES + 1))
    assert pairs(crowd + leg("out", "server>bob", 0.1, 3, 9)) == []


def test_legs_with_session_ids_are_left_to_them() -> None:
    lines = "\n".join(
        f"{n}.0 {ends} INVITE 1 {n} call={n} Session-ID={str(n + 1) * 32};remote={'0' * 32}"
        for n, ends in enumerate(("alice server", "server bob"))
    )
    assert pairs(lines) == []
