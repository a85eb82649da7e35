"""A refused offer, and what is known of whoever refused it."""

from collabtrace.subjects.call import Call
from collabtrace.subjects.related import Related
from collabtrace.testing import Scene, audio
from tests.subjects.conftest import Opened

ALICE, BOB = "192.0.2.10", "198.51.100.20"


def test_it_knows_the_offer_the_reasons_and_what_the_other_side_offered_itself(opened: Opened) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", ALICE), scene.phone("bob", BOB)
    scene.call(bob, alice, media=[audio("PCMA")]).hang_up(bob)
    scene.dial(alice, bob, media=[audio("G729")]).reject(488, headers={"Warning": '304 bob "No such media"'})
    (refusal,) = Call(Related(opened(scene)), 1).refusals
    assert (refusal.refuser, refusal.is_first) == (BOB, True)
    assert [codec.name for codec in refusal.offered[0].codecs] == ["G729"]
    assert [warning.code for warning in refusal.warnings] == [304]
    assert [codec.name for known in refusal.known for codec in known.media.codecs] == ["PCMA"]
    assert not refusal.is_about_encryption


def test_words_about_encryption_make_it_one_of_encryption(opened: Opened) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", ALICE), scene.phone("bob", BOB)
    scene.dial(alice, bob).reject(488, headers={"Warning": '399 bob "SRTP required"'})
    (refusal,) = Call(Related(opened(scene)), 0).refusals
    assert refusal.is_about_encryption
    assert refusal.offers_plain_rtp
    assert not refusal.wants_srtp_alone


def test_a_warning_that_cannot_be_read_is_left_out(opened: Opened) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", ALICE), scene.phone("bob", BOB)
    scene.dial(alice, bob).reject(488, headers={"Warning": "because"})
    (refusal,) = Call(Related(opened(scene)), 0).refusals
    assert refusal.warnings == ()


def test_an_offer_that_was_not_captured_has_no_lines(opened: Opened) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", ALICE), scene.phone("bob", BOB)
    scene.dial(alice, bob).reject(606)
    del scene.sent[0]
    (refusal,) = Call(Related(opened(scene)), 0).refusals
    assert (refusal.request, refusal.lines, refusal.is_first) == (None, (), False)
    assert repr(refusal).startswith(f"<Refusal 606 by {BOB} in frame ")


def test_a_refusal_that_a_proxy_passes_on_is_one_and_of_whoever_made_it(opened: Opened) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", ALICE), scene.phone("bob", BOB)
    scene.dial(alice, bob, via=[scene.proxy("proxy", "203.0.113.4")]).reject(488)
    (refusal,) = Call(Related(opened(scene)), 0).refusals
    assert refusal.refuser == BOB
