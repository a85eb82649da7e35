"""A leg has messages, rounds, and a time."""

import pytest

from collabtrace.columns import Table
from collabtrace.sessions.case import Case
from collabtrace.subjects.call import Call
from collabtrace.subjects.related import Related
from collabtrace.testing import Scene
from tests.subjects.conftest import Opened


def test_requests_and_responses_are_found_by_method(video_call: Case) -> None:
    leg = Call(Related(video_call), 0).legs[0]
    assert [message.method for message in leg.requests("INVITE")] == ["INVITE"]
    assert [message.status for message in leg.responses("INVITE")] == [100, 180, 200]
    assert leg.requests("REFER") == ()


def test_retransmissions_are_no_requests_of_their_own(opened: Opened) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    call = scene.call(alice, bob)
    call.request(alice, "INFO", repeats=2)
    leg = Call(Related(opened(scene)), 0).legs[0]
    assert sum(message.method == "INFO" for message in leg.messages) == 3
    assert len(leg.requests("INFO")) == 1


def test_acks_are_found_by_the_number_of_their_invite(video_call: Case) -> None:
    leg = Call(Related(video_call), 0).legs[0]
    ((number, acks),) = leg.acks.items()
    assert [(each.method, each.record.cseq) for each in acks] == [("ACK", number)]


def test_the_settled_lines_are_those_of_the_last_answered_round(opened: Opened) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    call = scene.call(alice, bob)
    scene.wait(1)
    call.hold(alice)
    leg = Call(Related(opened(scene)), 0).legs[0]
    assert len(leg.rounds) == 2
    assert [line.record.direction for line in leg.settled] == ["sendonly"]


def test_it_talks_from_the_answer_to_its_end_or_that_of_the_capture(opened: Opened) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    call = scene.call(alice, bob)
    call.talk(seconds=3)
    leg = Call(Related(opened(scene)), 0).legs[0]
    assert leg.record.ended is None
    assert leg.talk_seconds == pytest.approx(3, abs=0.1)


def test_transactions_are_of_its_own_call_id(video_call: Case) -> None:
    leg = Call(Related(video_call), 0).legs[1]
    assert isinstance(video_call.transactions, Table)
    assert [each.method for each in leg.transactions] == ["INVITE", "BYE"]
    assert {each.call_id for each in leg.transactions} == {leg.call_id}


def test_a_message_is_found_on_every_hop(opened: Opened) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    scene.call(alice, bob, via=[scene.proxy("proxy", "203.0.113.5")])
    leg = Call(Related(opened(scene)), 0).legs[0]
    invite = leg.messages[0]
    assert [hop.record.source for hop in leg.hops(invite.row)] == ["192.0.2.10", "203.0.113.5"]


def test_its_lines_name_addresses(opened: Opened) -> None:
    scene = Scene()
    alice = scene.phone("alice", "192.0.2.10", advertises="192.168.1.10")
    scene.call(alice, scene.phone("bob", "198.51.100.20"))
    assert Call(Related(opened(scene)), 0).legs[0].media_addresses == {"192.168.1.10", "198.51.100.20"}


def test_statistics_are_those_of_its_end(opened: Opened) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    call = scene.call(alice, bob)
    call.hang_up(alice, headers={"P-RTP-Stat": "PS=100,PR=0"})
    leg = Call(Related(opened(scene)), 0).legs[0]
    (bye,) = leg.statistics
    assert (bye.method, bye.statistics.sent, bye.statistics.received) == ("BYE", 100, 0)


def test_slips_are_lengths_that_do_not_fit_the_description(opened: Opened) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    scene.dial(alice, bob, headers={"Content-Length": "150"}).reject(400)
    scene.call(alice, bob)
    case = opened(scene)
    ((message, slip),) = Call(Related(case), 0).legs[0].slips
    assert (message.frame, slip.excess > 0, slip.before) == (1, True, None)
    assert Call(Related(case), 1).legs[0].slips == ()


def test_a_leg_whose_first_request_has_both_tags_began_before_the_capture(opened: Opened) -> None:
    scene = Scene()
    call = scene.call(scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20"))
    assert not Call(Related(opened(scene)), 0).legs[0].began_before
    scene.sent.clear()
    call.hold(call.caller)
    assert Call(Related(opened(scene)), 0).legs[0].began_before
