"""A transaction with its messages and their repetitions."""

from collabtrace.subjects.gathering import calls, pairs
from collabtrace.subjects.related import Related
from collabtrace.testing import Scene
from tests.subjects.conftest import Opened


def test_a_request_that_nobody_answers_has_its_repetitions(opened: Opened) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    scene.request(alice, bob, "REGISTER", status=None, repeats=3)
    (pair,) = pairs(Related(opened(scene)))
    (only,) = pair.exchanges
    assert (only.method, only.file, only.status, only.is_answered, only.answer) == (
        "REGISTER", "x.pcapng", None, False, None,
    )  # fmt: skip
    assert only.request is not None
    assert [each.frame for each in only.repeats] == [2, 3, 4]
    assert repr(only) == "<Exchange REGISTER from 192.0.2.10 to 198.51.100.20, None>"


def test_an_answer_has_its_own(opened: Opened) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    call = scene.dial(alice, bob)
    call.answer(acknowledged=False, repeats=2)
    (call_,) = calls(Related(opened(scene)))
    (invite,) = call_.legs[0].exchanges
    assert (invite.status, invite.is_answered, invite.repeats) == (200, True, ())
    assert [each.frame for each in invite.answer_repeats] == [4, 5]


def test_twins_are_the_same_transaction_in_other_captures(opened: Opened) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    scene.request(alice, bob, "OPTIONS")
    near, far = pairs(Related(opened(scene, alice, bob)))
    (twin,) = near.exchanges[0].twins
    assert (twin.file, twin.row) == ("bob.pcapng", far.exchanges[0].row)


def test_a_response_alone_is_repeated_by_nobody(opened: Opened) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    scene.request(alice, bob, "OPTIONS")
    del scene.sent[0]
    (pair,) = pairs(Related(opened(scene)))
    assert (pair.exchanges[0].request, pair.exchanges[0].repeats) == (None, ())
