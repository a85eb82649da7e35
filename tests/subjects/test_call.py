"""A call leads to its legs, and these to everything on the wire."""

from collabtrace.sessions.case import Case
from collabtrace.subjects.call import Call
from collabtrace.subjects.related import Related
from collabtrace.testing import Nat, Scene
from tests.subjects.conftest import Opened


def test_a_call_has_the_legs_of_both_sides_of_a_b2bua(video_call: Case) -> None:
    call = Call(Related(video_call), 0)
    assert [(leg.record.caller, leg.record.callee) for leg in call.legs] == [
        ("192.0.2.10", "203.0.113.5"), ("203.0.113.5", "198.51.100.20"),
    ]  # fmt: skip
    assert call.number == 1
    assert call.call_ids == tuple(leg.call_id for leg in call.legs)


def test_its_messages_are_those_of_all_legs_in_the_order_of_time(video_call: Case) -> None:
    call = Call(Related(video_call), 0)
    frames = [message.frame for message in call.messages]
    assert frames == sorted(frames)
    assert len(frames) == call.record.messages == len(video_call.messages)
    assert call.methods == {"INVITE", "ACK", "BYE"}


def test_its_streams_and_floors_are_those_of_its_lines(video_call: Case) -> None:
    call = Call(Related(video_call), 0)
    assert len(call.streams) == len(video_call.streams)
    assert {floor.name for floor in call.floors} >= {"Hello", "HelloAck", "FloorRequest"}


def test_its_ends_are_found_by_their_product(video_call: Case) -> None:
    call = Call(Related(video_call), 0)
    assert call.ends_of_kind("CUCM") == {"203.0.113.5"}
    assert call.ends_of_kind("Conductor") == frozenset()


def test_other_calls_of_a_machine_and_legs_that_ended_at_a_time(opened: Opened) -> None:
    scene = Scene()
    alice, bob, carol = (scene.phone(name, f"192.0.2.{at}") for at, name in enumerate(("alice", "bob", "carol"), 10))
    for other in (alice, carol):
        scene.call(other, bob).hang_up(other)
        scene.wait(60)
    case = opened(scene)
    first, second = (Call(Related(case), row) for row in (0, 1))
    assert [other.number for other in first.others_with(bob.address)] == [2]
    assert list(first.others_with(alice.address)) == []
    assert first.other(1) is first
    assert first.other(2).call_ids == second.call_ids
    ended = second.record.ended or 0.0
    assert [call.number for call in first.ended_together(bob.address, ended, 2)] == [2]
    assert [call.number for call in first.ended_together(bob.address, ended, 100)] == [1, 2]
    assert [leg.caller for leg in first.ended_at(bob.address, ended - 1, ended)] == [carol.address]


def test_reports_are_those_of_its_media(video_call: Case, opened: Opened) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    scene.call(alice, bob).talk(seconds=6)
    kinds = sorted(report.kind for report in Call(Related(opened(scene)), 0).reports)
    assert kinds == ["rr"] * 2 + ["sdes"] * 4 + ["sr"] * 2
    assert Call(Related(video_call), 0).reports == ()


def test_what_two_places_saw_of_its_messages(opened: Opened) -> None:
    scene = Scene()
    rewrite = Nat("203.0.113.9", lambda data: data.replace(b"Phone/1.0", b"Phone/2.0"))
    alice, bob = scene.phone("alice", "192.168.1.10", nat=rewrite), scene.phone("bob", "198.51.100.20")
    scene.call(alice, bob)
    call = Call(Related(opened(scene, alice, bob)), 0)
    assert call.sightings == 5
    assert {(each.field, each.before, each.after) for each in call.rewrites} == {
        ("User-Agent", "Phone/1.0", "Phone/2.0"),
        ("Server", "Phone/2.0", "Phone/1.0"),
    }
