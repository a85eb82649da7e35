"""nat-sdp-unroutable: a private media address that crossed a NAT, and media that goes there for nothing."""

from dataclasses import replace

import pytest

from collabtrace.testing import Call, Line, Machine, Nat, Quality, Scene, audio, video
from tests.rules.conftest import BothSides, Tell

RULE = "nat-sdp-unroutable"
INSIDE, OUTSIDE, BOB = "192.168.1.10", "203.0.113.9", "198.51.100.20"
QUIET = Quality(rtcp=False)


def stranded(
    *, outside: str = OUTSIDE, inside: str = INSIDE, bob: str = BOB, latches: bool = False
) -> tuple[Scene, Machine, Machine]:
    """Alice is behind a NAT and advertises her inside address; the capture is outside."""
    scene = Scene()
    alice = scene.phone("alice", outside, advertises=inside, stranded=not latches)
    return scene, alice, scene.phone("bob", bob)


def talked(
    scene: Scene,
    alice: Machine,
    bob: Machine,
    *,
    by: Machine | None = None,
    media: list[Line] | None = None,
    seconds: float = 6,
) -> Call:
    call = scene.call(alice, bob, media=media)
    call.talk(by, seconds=seconds, quality=QUIET)
    call.hang_up(alice)
    return call


def test_media_to_the_inside_address_while_its_own_arrives_from_outside_proves_it(tell: Tell) -> None:
    scene, alice, bob = stranded()
    talked(scene, alice, bob)
    told = tell(RULE, scene)
    assert told.finding.confidence == "proved"
    assert told.frames == (1, 7, 6)  # the INVITE, the first packet into the void, the first that arrives
    assert f"{INSIDE} port 20000" in told.finding.message
    assert f"arrives from {OUTSIDE}" in told.finding.message


def test_where_nothing_comes_back_at_all_it_is_likely(tell: Tell) -> None:
    scene, alice, bob = stranded()
    talked(scene, alice, bob, by=bob)
    told = tell(RULE, scene)
    assert told.finding.confidence == "likely"
    assert told.frames == (1, 6)


def test_the_answer_may_be_the_one_that_crossed(tell: Tell) -> None:
    scene, alice, bob = stranded()
    call = scene.call(bob, alice)
    call.talk(bob, seconds=6, quality=QUIET)
    told = tell(RULE, scene)
    assert told.frames[0] == 4  # the 200
    assert f"from {OUTSIDE} asks for audio" in told.finding.message


def test_a_delayed_offer_is_no_different(tell: Tell) -> None:
    scene, alice, bob = stranded()
    call = scene.call(alice, bob, delayed_offer=True)
    call.talk(bob, seconds=6, quality=QUIET)
    assert tell(RULE, scene).frames[0] == 5  # the ACK answers


@pytest.mark.parametrize(
    ("inside", "outside", "bob"),
    [
        ("10.0.0.5", OUTSIDE, BOB),
        ("172.20.1.1", OUTSIDE, BOB),
        ("100.64.3.4", OUTSIDE, BOB),
        ("169.254.1.1", OUTSIDE, BOB),
        ("192.168.1.10", "100.64.3.4", BOB),
        ("fd00:1::5", "2001:db8::9", "2001:db8::20"),
        ("fe80::5", "2001:db8::9", "2001:db8::20"),
    ],
)
def test_every_address_without_a_way_counts(tell: Tell, inside: str, outside: str, bob: str) -> None:
    scene, alice, peer = stranded(inside=inside, outside=outside, bob=bob)
    talked(scene, alice, peer)
    told = tell(RULE, scene)
    assert told.finding.confidence == "proved"
    assert inside in (told.finding.display_filter or "")


def test_sound_and_picture_of_one_call_are_told_once(tell: Tell) -> None:
    scene, alice, bob = stranded()
    talked(scene, alice, bob, media=[audio(), video()])
    told = tell(RULE, scene)
    assert told.finding.message.endswith("So it is with 1 more of its m-lines.")
    assert set(told.frames) == {1, 6, 7, 8, 9}


def test_a_router_that_knows_no_way_proves_it(tell: Tell) -> None:
    scene, alice, bob = stranded()
    call = scene.call(alice, bob)
    call.talk(bob, seconds=6, quality=QUIET)
    scene.unreachable(scene.phone("router", "198.51.100.1"), code=1)
    told = tell(RULE, scene)
    assert told.finding.confidence == "proved"
    assert "198.51.100.1 reports that there is no way" in told.finding.message


def test_a_peer_with_a_private_address_may_have_a_private_way(tell: Tell) -> None:
    scene, alice, bob = stranded(bob="10.7.7.7")
    talked(scene, alice, bob, by=bob)
    assert tell(RULE, scene).finding.confidence == "possible"


def test_a_peer_that_latches_is_well(tell: Tell) -> None:
    scene, alice, bob = stranded(latches=True)
    talked(scene, alice, bob)
    assert tell(RULE, scene).verdicts == ("clear",)


def test_a_peer_that_tries_the_address_first_and_latches_then_is_well(tell: Tell) -> None:
    scene, alice, bob = stranded()
    call = scene.call(alice, bob)
    call.talk(seconds=1.5, quality=QUIET)
    alice.stranded = False
    call.talk(seconds=6, quality=QUIET)
    assert tell(RULE, scene).verdicts == ("clear",)


def test_a_capture_inside_shows_private_addresses_and_nothing_wrong(tell: Tell) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", INSIDE, nat=Nat(OUTSIDE)), scene.phone("bob", BOB)
    talked(scene, alice, bob)
    assert tell(RULE, scene, alice).verdicts == ()


def test_a_private_network_without_nat_is_well(tell: Tell) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", INSIDE), scene.phone("bob", "192.168.2.20")
    talked(scene, alice, bob, by=bob)
    assert tell(RULE, scene).verdicts == ()


def test_an_address_that_packets_come_from_has_a_way(tell: Tell) -> None:
    """A VPN: the signalling goes over a server with a public address, the media goes straight."""
    scene = Scene()
    alice, bob = scene.phone("alice", INSIDE), scene.phone("bob", "10.1.1.20")
    server = scene.b2bua("server", OUTSIDE)
    call = scene.call(alice, bob, via=[server])
    call.talk(seconds=6, quality=QUIET)
    assert tell(RULE, scene, bob).verdicts == ()


def test_two_phones_behind_one_nat_that_name_its_public_address_are_well(tell: Tell) -> None:
    """A hairpin: whether the NAT turns the media round is another question."""
    scene = Scene()
    alice = scene.phone("alice", INSIDE, advertises=OUTSIDE, nat=Nat(OUTSIDE))
    bob = scene.phone("bob", "192.168.1.20", advertises=OUTSIDE, nat=Nat(OUTSIDE))
    bob.next_port = 30000
    talked(scene, alice, bob, by=alice)
    assert tell(RULE, scene, bob).verdicts == ()


def test_a_private_origin_contact_and_via_do_not_matter(tell: Tell) -> None:
    scene, alice, bob = stranded()
    talked(scene, alice, bob, media=[replace(audio(), address=OUTSIDE)])
    assert tell(RULE, scene).verdicts == ()


def test_the_address_of_the_media_line_comes_before_that_of_the_session(tell: Tell) -> None:
    scene = Scene()
    alice, bob = scene.phone("alice", OUTSIDE, stranded=True), scene.phone("bob", BOB)
    talked(scene, alice, bob, media=[replace(audio(), address=INSIDE)])
    assert f"{INSIDE} port" in tell(RULE, scene).finding.message


ICE = ("ice-ufrag:abcd", "ice-pwd:0123456789abcdef012345")
HOST = f"candidate:1 1 UDP 2130706431 {INSIDE} 20000 typ host"
REFLEXIVE = f"candidate:2 1 UDP 1694498815 {OUTSIDE} 20000 typ srflx raddr {INSIDE} rport 20000"


def test_ice_with_a_reflexive_candidate_finds_its_way(tell: Tell) -> None:
    scene, alice, bob = stranded()
    talked(scene, alice, bob, media=[audio(attributes=(*ICE, HOST, REFLEXIVE))])
    assert tell(RULE, scene).verdicts == ()


def test_a_reflexive_candidate_does_not_help_a_peer_without_ice(tell: Tell) -> None:
    scene, alice, bob = stranded()
    call = scene.call(alice, bob, media=[audio(attributes=(*ICE, HOST, REFLEXIVE))], answer=[audio("PCMU")])
    call.talk(seconds=6, quality=QUIET)
    assert tell(RULE, scene).finding.confidence == "proved"


def test_an_rtcp_attribute_with_the_public_address_changes_nothing(tell: Tell) -> None:
    scene, alice, bob = stranded()
    talked(scene, alice, bob, media=[audio(attributes=(f"rtcp:20001 IN IP4 {OUTSIDE}",))])
    assert tell(RULE, scene).finding.confidence == "proved"


def test_a_line_that_only_sends_expects_nothing(tell: Tell) -> None:
    scene, alice, bob = stranded()
    talked(scene, alice, bob, by=alice, media=[audio(direction="sendonly")])
    assert tell(RULE, scene).verdicts == ()


def test_without_any_media_nothing_can_be_told(tell: Tell) -> None:
    scene, alice, bob = stranded()
    call = scene.call(alice, bob)
    scene.wait(10)
    call.hang_up(alice)
    told = tell(RULE, scene)
    assert told.verdicts == ("unknown",)
    assert "shows no media" in told.reasons[0]


def test_a_second_is_too_short(tell: Tell) -> None:
    scene, alice, bob = stranded()
    call = scene.call(alice, bob)
    call.talk(seconds=1, quality=QUIET)
    scene.wait(4)
    call.hang_up(alice)
    assert tell(RULE, scene).verdicts == ("unknown",)


def test_the_same_call_inside_and_outside_is_told_once_where_it_can_be_seen(tell: Tell) -> None:
    scene = Scene()
    alice = scene.phone("alice", INSIDE, nat=Nat(OUTSIDE), stranded=True)
    bob = scene.phone("bob", BOB)
    talked(scene, alice, bob)
    told = tell(RULE, scene, alice, bob)
    assert {each.file for each in told.finding.evidence} == {"bob.pcapng"}


def test_both_sides_of_the_nat_in_one_capture_hide_nothing(tell: Tell, both_sides: BothSides) -> None:
    scene = Scene()
    alice = scene.phone("alice", INSIDE, nat=Nat(OUTSIDE), stranded=True)
    bob = scene.phone("bob", BOB)
    talked(scene, alice, bob)
    assert tell(RULE, both_sides(scene, alice)).finding.confidence == "proved"


def test_a_description_over_ipv6_did_not_pass_a_nat_of_ipv4(tell: Tell) -> None:
    scene, alice, bob = stranded(outside="2001:db8::9", bob="2001:db8::20")
    call = scene.call(alice, bob)
    nobody = scene.phone("nobody", INSIDE)
    phone = scene.phone("bob4", "10.1.1.20")
    call.agreed.owners["2001:db8::20", 20000] = phone
    call.agreed.owners[INSIDE, 20000] = nobody
    call.talk(bob, seconds=6, quality=QUIET)
    assert tell(RULE, scene).verdicts == ("unknown",)
