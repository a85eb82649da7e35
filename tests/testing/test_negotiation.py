"""What the ends of a scene's call agree on."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from collabtrace.protocols import sip
from collabtrace.testing import Call, Line, Scene, audio, bfcp, video

Messages = Callable[[Scene], list[sip.Message]]


def without_floors(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    return tuple(line for line in lines if not line.protocol.endswith("BFCP"))


def answers_client(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    return tuple(
        replace(line, attributes=("floorctrl:c-only",)) if line.kind == "application" else line for line in lines
    )


@pytest.fixture
def scene() -> Scene:
    return Scene()


def make_call(scene: Scene, *media: Line, **middle: object) -> Call:
    via = [scene.b2bua("sbc", "203.0.113.9", **middle)] if middle else []  # type: ignore[arg-type]
    return scene.call(scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20"), via=via, media=media)


def described(messages: list[sip.Message]) -> list[list[str]]:
    """The m= lines of each message with SDP."""
    bodies = [message.body.decode().splitlines() for message in messages if message.body]
    return [[line for line in body if line.startswith("m=")] for body in bodies]


def test_ports_stay_and_versions_count_changes(scene: Scene, messages: Messages) -> None:
    call = make_call(scene, audio())
    call.hold(call.caller)
    bodies = [message.body.decode() for message in messages(scene) if message.body]
    assert [body.split()[1:3] for body in bodies] == [["o=alice", "1"], ["o=bob", "1"]] * 2
    assert [body.split()[3] for body in bodies] == ["1", "1", "2", "2"]
    assert {body.split("m=audio ")[1].split()[0] for body in bodies} == {"20000"}


def test_a_b2bua_passes_addresses_on(scene: Scene, messages: Messages) -> None:
    make_call(scene, audio(), user_agent="CUCM")
    offers = [message.body for message in messages(scene) if message.method == "INVITE"]
    assert [b"c=IN IP4 192.0.2.10" in offer for offer in offers] == [True, True]
    assert [b"o=sbc 1 1 IN IP4 203.0.113.9" in offer for offer in offers] == [False, True]


def test_a_b2bua_that_anchors_media_puts_its_own_address_and_ports(scene: Scene, messages: Messages) -> None:
    call = make_call(scene, audio(), anchors_media=True)
    assert described(messages(scene)) == [
        ["m=audio 20000 RTP/AVP 0 101"],
        ["m=audio 20000 RTP/AVP 0 101"],
        ["m=audio 20000 RTP/AVP 0 101"],
        ["m=audio 20002 RTP/AVP 0 101"],
    ]
    assert call.agreed.owners["203.0.113.9", 20002].name == "sbc"


def test_what_a_b2bua_does_not_pass_on_is_rejected_on_the_other_leg(scene: Scene, messages: Messages) -> None:
    make_call(scene, audio(), bfcp(), video(), edit_offer=without_floors)
    first, second, inner, outer = described(messages(scene))
    assert [len(lines) for lines in (first, second, inner, outer)] == [3, 2, 2, 3]
    assert outer[1] == "m=application 0 UDP/BFCP *"


def test_a_b2bua_may_change_an_answer(scene: Scene, messages: Messages) -> None:
    make_call(scene, audio(), bfcp(), edit_answer=answers_client)
    bodies = [message.body for message in messages(scene) if message.body]
    assert [body.split(b"floorctrl:")[1].split()[0] for body in bodies] == [b"c-s", b"c-s", b"s-only", b"c-only"]


def test_an_answer_may_be_given_line_by_line(scene: Scene, messages: Messages) -> None:
    alice, bob = scene.phone("alice", "192.0.2.10"), scene.phone("bob", "198.51.100.20")
    scene.call(alice, bob, media=[audio(), video()], answer=[audio("PCMU"), video().rejected()])
    assert described(messages(scene))[1] == ["m=audio 20000 RTP/AVP 0", "m=video 0 RTP/AVP 97"]


def test_an_address_behind_a_nat_is_advertised_and_still_owned(scene: Scene, messages: Messages) -> None:
    alice = scene.phone("alice", "203.0.113.77", advertises="192.0.2.10")
    call = scene.call(alice, scene.phone("bob", "198.51.100.20"))
    assert b"c=IN IP4 192.0.2.10" in messages(scene)[0].body
    assert call.agreed.owners["192.0.2.10", 20000] is alice
