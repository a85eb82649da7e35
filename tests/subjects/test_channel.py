"""A channel knows its two ends, their roles, when it was in force, and what passed on it."""

from dataclasses import replace

import pytest

from collabtrace.subjects.call import Call
from collabtrace.subjects.channel import Channel, Endpoint
from collabtrace.subjects.related import Related
from collabtrace.testing import Call as ScenicCall
from collabtrace.testing import Line, Machine, Scene, audio, bfcp, slides
from tests.subjects.conftest import Opened


def make_call(floors: Line | None = None, *, via: tuple[Machine, ...] = (), scene: Scene | None = None) -> ScenicCall:
    scene = scene or Scene()
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    return scene.call(alice, bob, via=via, media=[audio(), slides(), floors or bfcp()])


def subject(opened: Opened, call: ScenicCall, *near: Machine) -> Call:
    return Call(Related(opened(call.scene, *near)), 0)


def channel(opened: Opened, call: ScenicCall, *near: Machine) -> Channel:
    (only,) = subject(opened, call, *near).channels
    return only


def test_its_ends_and_their_roles_follow_from_offer_and_answer(opened: Opened) -> None:
    found = channel(opened, make_call())
    assert (str(found.offerer), str(found.answerer)) == ("192.0.2.10:20004", "198.51.100.20:20004")
    assert (found.roles, found.client, found.server) == (("client", "server"), found.offerer, found.answerer)
    assert found.peer(found.offerer) == found.answerer
    assert found.display_filter is None
    offer, answer = (each.shows for each in found.agreement)
    assert offer == "offers UDP/BFCP at 192.0.2.10:20004, floorctrl c-s"
    assert answer == "answers UDP/BFCP at 198.51.100.20:20004, floorctrl s-only"
    assert repr(found) == "<Channel UDP/BFCP 192.0.2.10:20004 198.51.100.20:20004>"


def test_an_address_of_version_6_stands_in_brackets() -> None:
    assert str(Endpoint("2001:db8::1", 5070)) == "[2001:db8::1]:5070"


@pytest.mark.parametrize(
    ("protocol", "reliable", "encrypted"),
    [
        ("UDP/BFCP", False, False),
        ("TCP/BFCP", True, False),
        ("TCP/TLS/BFCP", True, True),
        ("UDP/TLS/BFCP", False, True),
        ("TCP/DTLS/BFCP", True, True),
    ],
)
def test_what_carries_it(opened: Opened, protocol: str, *, reliable: bool, encrypted: bool) -> None:
    found = channel(opened, make_call(bfcp(protocol)))
    assert (found.is_reliable, found.is_encrypted, found.chooses_pair) == (reliable, encrypted, False)


def test_both_legs_that_media_passes_by_and_both_captures_are_one_channel(opened: Opened) -> None:
    scene = Scene()
    server = scene.b2bua("server", "203.0.113.5")
    call = make_call(via=(server,), scene=scene)
    call.hello(call.caller)
    found = channel(opened, call, call.caller, call.callee)
    assert len(found.lines) == 2
    assert len(found.call_ids) == 2
    assert [view.file for view in found.views] == ["alice.pcapng", "bob.pcapng"]
    assert len(found.floors) == 4


def test_a_machine_that_media_flows_through_has_one_on_each_side(opened: Opened) -> None:
    scene = Scene()
    call = make_call(via=(scene.b2bua("border", "203.0.113.5", anchors_media=True),), scene=scene)
    both = subject(opened, call)
    assert len(both.channels) == 2
    assert [len(group) for group in both.floor_control] == [1, 1]


def test_a_later_round_with_another_port_makes_another_of_the_same_legs(opened: Opened) -> None:
    call = make_call()
    call.scene.wait(5)
    call.offer(call.caller, [audio(), slides(), replace(bfcp(), port=6000)])
    both = subject(opened, call)
    assert [each.offerer.port for each in both.channels] == [20004, 6000]
    assert [len(group) for group in both.floor_control] == [2]


def test_it_is_in_force_until_its_leg_ends_but_not_on_hold(opened: Opened) -> None:
    call = make_call()
    call.scene.wait(10)
    call.hold(call.caller)
    call.scene.wait(5)
    call.resume(call.caller)
    call.scene.wait(20)
    call.hang_up(call.caller)
    found = channel(opened, call)
    assert [round(end - begin) for begin, end in found.spells] == [10, 20]
    assert round(found.spell[1] - found.spell[0]) == 20
    assert round(found.end - found.begin) == 35
    assert [found.is_awake(found.begin + after) for after in (5, 12, 20, 50)] == [True, False, True, False]


def test_what_passes_on_it_is_found_by_its_ends(opened: Opened) -> None:
    call = make_call()
    call.hello(call.caller)
    call.hello(call.caller, answered=False)
    call.scene.unreachable(call.callee)
    found = channel(opened, call)
    assert [each.name for each in found.floors] == ["Hello", "HelloAck", "Hello"]
    assert [each.answer for each in found.transactions] == ["HelloAck", None]
    assert [each.packets for each in found.flows] == [2, 1]
    assert [each.quoted_target_port for each in found.errors] == [20004]
    assert found.connections == ()
    assert found.is_from(found.floors[0], found.offerer)
    assert found.display_filter == "udp.port in {20004} && ip.addr == 192.0.2.10 && ip.addr == 198.51.100.20"


def test_icmp_about_something_else_is_not_of_it(opened: Opened) -> None:
    call = make_call()
    call.talk(call.caller, seconds=0.1, only="audio")
    call.scene.unreachable(call.callee)
    assert channel(opened, call).errors == ()


def test_over_tcp_it_has_connections_and_its_client_a_port_of_its_own(opened: Opened) -> None:
    call = make_call(bfcp("TCP/BFCP", setup="passive"))
    call.hello(call.callee)
    found = channel(opened, call)
    assert [(each.client, each.server_port) for each in found.connections] == [("198.51.100.20", 20004)]
    assert found.floors[0].source_port != 20004
    assert found.is_from(found.floors[0], found.answerer)
    assert str(found.display_filter).startswith("tcp.port in {20004, 49")


def test_a_call_without_floor_control_has_no_channel(opened: Opened) -> None:
    scene = Scene()
    call = scene.call(scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20"))
    plain = subject(opened, call)
    assert (plain.has_floor_control, plain.channels, plain.floor_control) == (False, (), ())
