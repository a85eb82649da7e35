"""Groups that grow together."""

from hypothesis import given
from hypothesis import strategies as st

from collabtrace.sessions.joining import Groups


def test_at_first_everybody_is_alone() -> None:
    groups = Groups(2)
    assert not groups.together(0, 1)
    assert groups.reasons(0) == ()


def test_the_lowest_member_stands_for_the_group() -> None:
    groups = Groups(4)
    groups.join(3, 2, "a")
    groups.join(2, 1, "b")
    assert [groups.root(member) for member in range(4)] == [0, 1, 1, 1]
    assert groups.reasons(3) == ("a", "b")


def test_what_is_known_already_needs_no_further_reason() -> None:
    groups = Groups(3)
    groups.join_all([0, 1, 2], "first")
    groups.join(0, 2, "second")
    assert groups.reasons(2) == ("first",)


def test_nobody_is_joined_to_nobody() -> None:
    groups = Groups(2)
    groups.join_all([])
    groups.join_all([1])
    assert not groups.together(0, 1)


@given(st.lists(st.tuples(st.integers(0, 19), st.integers(0, 19)), max_size=40))
def test_groups_are_what_a_walk_over_the_pairs_finds(pairs: list[tuple[int, int]]) -> None:
    groups = Groups(20)
    member_of = {member: {member} for member in range(20)}
    for one, other in pairs:
        groups.join(one, other)
        union = member_of[one] | member_of[other]
        for member in union:
            member_of[member] = union
    assert all(groups.root(member) == min(member_of[member]) for member in range(20))
