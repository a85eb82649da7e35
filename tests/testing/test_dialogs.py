"""Requests and responses of one leg, hop by hop."""

from collections.abc import Callable
from itertools import pairwise

import pytest

from collabtrace.protocols import sip
from collabtrace.testing import Machine, Scene
from collabtrace.testing.dialogs import Leg

Messages = Callable[[Scene], list[sip.Message]]


@pytest.fixture
def scene() -> Scene:
    return Scene()


def chain(scene: Scene) -> list[Machine]:
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20", transport="tcp")
    return [alice, scene.proxy("p1", "203.0.113.5"), scene.proxy("p2", "203.0.113.6"), bob]


def test_every_hop_adds_a_via_and_the_response_takes_them_off(scene: Scene, messages: Messages) -> None:
    leg = Leg(scene, chain(scene))
    leg.exchange(leg.caller, "OPTIONS")
    hosts = [[via.host for via in message.vias] for message in messages(scene)]
    assert hosts[:3] == [
        ["192.0.2.10"],
        ["203.0.113.5", "192.0.2.10"],
        ["203.0.113.6", "203.0.113.5", "192.0.2.10"],
    ]
    assert hosts[3:] == hosts[2::-1]
    assert messages(scene)[2].vias[0].transport == "TCP"


def test_proxies_stay_in_the_path_of_a_dialog(scene: Scene, messages: Messages) -> None:
    leg = Leg(scene, chain(scene))
    leg.exchange(leg.caller, "SUBSCRIBE", headers={"Event": "presence"})
    leg.exchange(leg.callee, "NOTIFY")
    subscribe, notify = (
        [message for message in messages(scene) if message.method == method] for method in ("SUBSCRIBE", "NOTIFY")
    )
    assert [len(message.values("Record-Route")) for message in subscribe] == [0, 1, 2]
    assert [len(message.values("Route")) for message in notify] == [2, 1, 0]
    assert notify[0].values("Route") == ["<sip:p2@203.0.113.6:5060;lr>", "<sip:p1@203.0.113.5:5060;lr>"]
    assert notify[0].uri == "sip:alice@192.0.2.10:5060"


def test_tags_and_sequence_numbers_are_those_of_each_side(scene: Scene, messages: Messages) -> None:
    leg = Leg(scene, chain(scene)[::3])
    for party in (leg.caller, leg.caller, leg.callee):
        leg.exchange(party, "MESSAGE")
    first, answer, second, _, back, _ = messages(scene)
    assert first.to is not None
    assert first.to.tag is None
    assert answer.to is not None
    assert answer.to.tag == leg.callee.tag
    assert back.from_ is not None
    assert back.from_.tag == leg.callee.tag
    assert [str(message.cseq) for message in (first, second, back)] == ["1 MESSAGE", "2 MESSAGE", "1 MESSAGE"]


def test_a_branch_is_as_old_as_its_transaction(scene: Scene, messages: Messages) -> None:
    leg = Leg(scene, chain(scene)[::3])
    leg.respond(leg.request(leg.caller, "INVITE"), 486)
    leg.acknowledge(leg.request(leg.caller, "INVITE"))
    branches = [message.vias[0].branch for message in messages(scene)]
    assert len(set(branches[:4])) == 1
    assert len(set(branches[4:])) == 2


def test_headers_given_take_the_place_of_usual_ones(scene: Scene, messages: Messages) -> None:
    leg = Leg(scene, chain(scene)[::3])
    leg.exchange(leg.caller, "OPTIONS", headers={"Contact": "<sip:x@example.com>;isfocus", "X-New": "1"})
    request = messages(scene)[0]
    assert request.values("Contact") == ["<sip:x@example.com>;isfocus"]
    assert request.header("X-New") == "1"


def test_retransmissions_wait_twice_as_long_each_time_up_to_t2(scene: Scene) -> None:
    alice, bob = chain(scene)[0], scene.phone("bob", "198.51.100.20")
    leg = Leg(scene, [alice, bob])
    leg.exchange(leg.caller, "OPTIONS", status=None, repeats=5)
    waits = [(late.time - early.time) / 10**9 for early, late in pairwise(scene.sent)]
    assert waits == [0.5, 1, 2, 4, 4]
    assert len({sent.packet[28:] for sent in scene.sent}) == 1


def test_a_registration_is_for_its_own_address(scene: Scene, messages: Messages) -> None:
    alice = chain(scene)[0]
    scene.request(alice, scene.proxy("registrar", "203.0.113.5"), "REGISTER")
    register = messages(scene)[0]
    assert register.uri == "sip:example.com"
    assert register.to is not None
    assert register.to.uri == alice.uri
