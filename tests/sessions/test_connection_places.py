"""Connections are found by their ends and their time."""

from collabtrace.sessions.connection_places import Places, either_way

ALICE_TO_BOB = ("192.0.2.1", 40000, "192.0.2.2", 5060)
BOB_TO_ALICE = ("192.0.2.2", 5060, "192.0.2.1", 40000)


def test_either_direction_names_the_same_ends() -> None:
    assert either_way(ALICE_TO_BOB) == either_way(BOB_TO_ALICE)
    assert either_way(("192.0.2.1", None, "192.0.2.2", 7)) == either_way(("192.0.2.2", 7, "192.0.2.1", None))


def test_the_last_that_had_begun_is_meant() -> None:
    places = Places([ALICE_TO_BOB, ("192.0.2.9", 1, "192.0.2.2", 5060), BOB_TO_ALICE])
    begins = [1, 2, 9]
    assert [places.latest(BOB_TO_ALICE, begins, at) for at in (0, 1, 8, 9, 20)] == [None, 0, 0, 2, 2]
    assert places.latest(("192.0.2.7", 1, "192.0.2.2", 5060), begins, 5) is None
