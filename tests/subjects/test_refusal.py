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
