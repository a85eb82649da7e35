"""What the receiver of a stream wanted, and when."""

from collabtrace.subjects.call import Call
from collabtrace.subjects.related import Related
from collabtrace.testing import Scene, audio
from tests.subjects.conftest import Opened


def test_each_receiver_wants_what_it_named_itself(opened: Opened) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    scene.call(alice, bob, media=[audio("PCMU", "PCMA")], answer=[audio("PCMU")]).talk(seconds=6)
    call = Call(Related(opened(scene)), 0)
    wanted = {stream.target: call.expectations(stream) for stream in call.streams}
    assert {target: [each.types for each in said or ()] for target, said in wanted.items()} == {
        "192.0.2.10": [frozenset({0, 8})], "198.51.100.20": [frozenset({0})],
    }  # fmt: skip


def test_a_new_round_counts_alone_only_some_time_after_it(opened: Opened) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    call = scene.call(alice, bob, media=[audio("PCMU")])
    call.talk(bob, seconds=5)
    call.offer(alice, [audio("PCMA")])
    call.talk(bob, seconds=5)
    seen = Call(Related(opened(scene)), 0)
    stream = next(each for each in seen.streams if each.target == "192.0.2.10")
    first, second = seen.expectations(stream) or ()
    assert (first.types, second.types) == (frozenset({0}), frozenset({8}))
    assert first.end < second.begin
