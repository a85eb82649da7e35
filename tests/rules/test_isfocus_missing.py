"""isfocus-missing judges conferences that somebody asked for, and counts what the phones accepted."""

from dataclasses import replace
from typing import NamedTuple

import pytest

from collabtrace.testing import Machine, Scene, audio
from collabtrace.testing.conferences import AdHoc
from collabtrace.testing.dialogs import Leg
from tests.rules.conftest import Tell

RULE = "isfocus-missing"
MIXER = "203.0.113.50"


class Meeting(NamedTuple):
    """Alice has called Bob and Carol, and wants to talk to both."""

    scene: Scene
    conference: AdHoc
    server: Machine
    phones: tuple[Machine, ...]

    def move_all(self, *, says: str = ";isFocus", delayed: bool = False) -> None:
        """Move the media of all three, each told the same."""
        for leg in self.conference.legs:
            self.conference.move(leg, update=says, invite=says, delayed=delayed)


def meeting(*, mixer: str = MIXER, ask: bool = True, peer: str = "Phone/1.0", ipv6: bool = False) -> Meeting:
    scene = Scene()
    names = ["alice", "bob", "carol"]
    addresses = [f"2001:db8::{n}" if ipv6 else f"192.0.2.{n}" for n in (11, 12, 13)]
    phones = tuple(scene.phone(name, at, user_agent=peer) for name, at in zip(names, addresses, strict=True))
    cucm = scene.b2bua("cucm", "2001:db8:1::5" if ipv6 else "203.0.113.5", user_agent="Cisco-CUCM12.5")
    alice, bob, carol = phones
    first = scene.call(alice, bob, via=[cucm])
    second = scene.call(alice, carol, via=[cucm])
    conference = AdHoc(scene, first, second, mixer=mixer)
    if ask:
        conference.ask()
        conference.drop()
    return Meeting(scene, conference, cucm, phones)


def bridge_call(made: Meeting, agent: str = "TANDBERG/4352 (XC4.1)", contact: str = ";isfocus") -> None:
    """CUCM calls the bridge, whose media is at the mixer's address."""
    bridge = made.scene.phone("bridge", "203.0.113.40", user_agent=agent, contact_parameters=contact)
    call = made.scene.dial(made.server, bridge)
    call.answer([replace(audio("PCMU"), address=MIXER)])


def later(made: Meeting, seconds: float = 10.0) -> None:
    """Let them talk, and all hang up."""
    made.scene.wait(seconds)
    for leg in made.conference.legs:
        leg.exchange(leg.other(made.conference.server(leg)), "BYE")


def test_a_focus_that_says_it_to_nobody_is_a_fault_at_its_first_update(tell: Tell) -> None:
    made = meeting()
    made.move_all(says="")
    later(made)
    told = tell(RULE, made.scene)
    assert told.finding.confidence == "proved"
    assert "192.0.2.11, 192.0.2.12 and 192.0.2.13" in told.finding.message
    assert "(F1)" in told.finding.message
    assert [each.shows for each in told.finding.evidence[:4]] == [
        "Contact to 192.0.2.11 without isfocus",
        "the REFER by which 192.0.2.11 asks for the conference (Conference)",
        "Contact to 192.0.2.11 without isfocus",
        f"moves the media of 192.0.2.11 to {MIXER}",
    ]
    assert {leg.call_id for leg in made.conference.legs} < set(told.finding.calls)


def test_healthy_conferences_are_clear(tell: Tell) -> None:
    made = meeting()
    made.move_all()
    later(made)
    assert tell(RULE, made.scene).verdicts == ("clear",)


@pytest.mark.parametrize(
    "says", [";isfocus", ";isFocus", ";ISFOCUS", ";video;isfocus;bfcp", ';isfocus="TRUE"', ";isfocus=true"]
)
def test_it_may_be_written_in_any_case(tell: Tell, says: str) -> None:
    made = meeting()
    made.move_all(says=says)
    later(made)
    assert tell(RULE, made.scene).verdicts == ("clear",)


def test_a_feature_that_is_false_is_not_there(tell: Tell) -> None:
    made = meeting()
    made.move_all(says=";isfocus=false")
    later(made)
    assert len(tell(RULE, made.scene).findings) == 1


@pytest.mark.parametrize(("update", "invite"), [(";isFocus", ""), ("", ";isFocus"), (None, ";isFocus")])
@pytest.mark.parametrize("delayed", [False, True])
def test_one_message_that_says_it_is_enough(tell: Tell, update: str | None, invite: str, delayed: bool) -> None:
    made = meeting()
    for leg in made.conference.legs:
        made.conference.move(leg, update=update, invite=invite, delayed=delayed)
    later(made)
    assert tell(RULE, made.scene).verdicts == ("clear",)


def test_a_200_may_say_it(tell: Tell) -> None:
    made = meeting()
    for leg in made.conference.legs:
        made.conference.answer(leg, contact=";isFocus")
    later(made)
    assert tell(RULE, made.scene).verdicts == ("clear",)


def test_a_200_may_be_what_moves_the_media(tell: Tell) -> None:
    made = meeting()
    for leg in made.conference.legs:
        made.conference.answer(leg, contact="")
    later(made)
    told = tell(RULE, made.scene)
    assert told.finding.evidence[0].shows == "Contact to 192.0.2.11 without isfocus"
    assert told.frames[0] == told.frames[2] or "moves the media" in told.finding.evidence[2].shows


def test_a_compact_header_says_it_too(tell: Tell) -> None:
    made = meeting()
    made.move_all()
    later(made)
    compact = made.scene.pcapng().replace(b"\r\nContact: ", b"\r\nm      : ")
    assert tell(RULE, compact).verdicts == ("clear",)


def test_a_delayed_offer_moves_the_media_with_its_ack(tell: Tell) -> None:
    made = meeting()
    made.move_all(says="", delayed=True)
    later(made)
    assert f"moves the media to {MIXER}" in tell(RULE, made.scene).finding.message


def test_ipv6_and_a_softkey_in_one_of_several_parts(tell: Tell) -> None:
    made = meeting(mixer="2001:db8:2::50", ask=False, ipv6=True)
    made.conference.ask("Join", parts=True)
    made.move_all(says="")
    later(made)
    message = tell(RULE, made.scene).finding.message
    assert "2001:db8::11 asks for a conference (Join)" in message
    assert "2001:db8::11, 2001:db8::12 and 2001:db8::13" in message


def test_one_participant_who_is_not_told_is_named_alone(tell: Tell) -> None:
    made = meeting()
    for leg, says in zip(made.conference.legs, (";isFocus", "", ";isFocus"), strict=True):
        made.conference.move(leg, update=says, invite=says)
    later(made)
    message = tell(RULE, made.scene).finding.message
    assert "sends to 192.0.2.12 says isfocus (F1); of 3 participants 2 are told" in message


def test_what_the_bridge_says_is_lost_at_the_server(tell: Tell) -> None:
    made = meeting()
    bridge_call(made)
    made.move_all(says="")
    later(made)
    told = tell(RULE, made.scene)
    assert "though the bridge at 203.0.113.40 says it to 203.0.113.5" in told.finding.message
    assert "(F2)" in told.finding.message
    assert told.finding.evidence[-1].shows == "the bridge says isfocus to the server"
    assert len(told.finding.calls) == 5


def test_an_update_that_is_refused_tells_nothing(tell: Tell) -> None:
    made = meeting()
    for leg in made.conference.legs:
        made.conference.move(leg, invite="", update_status=501)
    later(made)
    told = tell(RULE, made.scene)
    assert told.finding.confidence == "proved"
    assert "says isfocus to 192.0.2.11 is refused with 501 (F3)" in told.finding.message
    assert told.finding.evidence[0].shows == "Contact to 192.0.2.11 with isfocus; refused with 501"


def test_an_update_refused_and_said_again_is_told(tell: Tell) -> None:
    made = meeting()
    for leg in made.conference.legs:
        leg.exchange(made.conference.server(leg), "UPDATE", headers=made.conference.contact(";isFocus"), status=491)
    made.move_all()
    later(made)
    assert tell(RULE, made.scene).verdicts == ("clear",)


def test_an_update_that_is_sent_again_and_again_was_not_heard(tell: Tell) -> None:
    made = meeting()
    conference = made.conference
    for leg, repeats in zip(conference.legs, (3, 0, 0), strict=True):
        conference.move(
            leg, invite="" if repeats else ";isFocus", update_status=None if repeats else 200, repeats=repeats
        )
    later(made)
    told = tell(RULE, made.scene)
    assert told.finding.confidence == "likely"
    assert "gets no answer, though it is sent 4 times (F3)" in told.finding.message


def test_an_update_without_an_answer_in_the_capture_may_have_been_heard(tell: Tell) -> None:
    made = meeting()
    for leg in made.conference.legs:
        made.conference.move(leg, invite="", update_status=None)
    later(made)
    told = tell(RULE, made.scene)
    assert told.verdicts == ("unknown",)
    assert "no answer to the UPDATE" in told.reasons[0]


def reinvite(made: Meeting, leg: Leg, contact: str = "", address: str = MIXER) -> None:
    line = replace(audio(), port=50100, address=address)
    made.conference.negotiate(leg, line, contact=contact)


def test_a_later_re_invite_takes_it_back(tell: Tell) -> None:
    made = meeting()
    made.move_all()
    made.scene.wait(5)
    reinvite(made, made.conference.legs[1])
    later(made)
    told = tell(RULE, made.scene)
    assert "takes back what frame" in told.finding.message
    assert told.finding.message.endswith("(F4); of 3 participants 2 are told.")
    assert told.finding.evidence[0].shows == "Contact to 192.0.2.12 without isfocus"


def test_a_later_re_invite_that_says_it_again_takes_nothing_back(tell: Tell) -> None:
    made = meeting()
    made.move_all()
    made.scene.wait(5)
    reinvite(made, made.conference.legs[1])
    reinvite(made, made.conference.legs[1], ";isfocus")
    later(made)
    assert tell(RULE, made.scene).verdicts == ("clear",)


def test_a_conference_that_becomes_a_call_again_is_no_fault(tell: Tell) -> None:
    made = meeting()
    made.move_all()
    made.scene.wait(5)
    reinvite(made, made.conference.legs[0], address="192.0.2.12")
    reinvite(made, made.conference.legs[1], address="192.0.2.11")
    later(made)
    assert tell(RULE, made.scene).verdicts == ("clear",)


def test_a_refresh_just_before_the_end_is_no_fault(tell: Tell) -> None:
    made = meeting()
    made.move_all()
    made.scene.wait(5)
    reinvite(made, made.conference.legs[0])
    later(made, 1)
    assert tell(RULE, made.scene).verdicts == ("clear",)


def test_a_phone_sees_its_own_leg(tell: Tell) -> None:
    made = meeting()
    made.move_all(says="")
    later(made)
    told = tell(RULE, made.scene, made.phones[0])
    assert "sends to 192.0.2.11 says isfocus (F1)." in told.finding.message
    assert tell(RULE, made.scene, made.phones[1]).verdicts == ()


def test_a_participant_list_shows_the_conference_to_the_others(tell: Tell) -> None:
    made = meeting()
    made.move_all(says="")
    made.conference.tell_roster(made.conference.legs[1])
    later(made)
    told = tell(RULE, made.scene, made.phones[1])
    assert told.finding.message.startswith(f"203.0.113.5 moves the media of 1 calls to {MIXER} (participant list)")
    assert told.finding.confidence == "proved"


def test_two_captures_tell_one_conference_once(tell: Tell) -> None:
    made = meeting()
    made.move_all(says="")
    later(made)
    told = tell(RULE, made.scene, made.server, made.phones[0])
    assert len(told.findings) == 1
    assert told.verdicts == ("fault",)


def test_what_is_lost_on_the_way_is_seen_at_the_phone(tell: Tell) -> None:
    made = meeting()
    made.move_all()
    later(made)
    seen = made.scene.pcapng(made.server), made.scene.pcapng(made.phones[0]).replace(b";isFocus", b";isOther")
    told = tell(RULE, {"cucm": seen[0], "phone": seen[1]})
    assert "loses it on the way (F2)" in told.finding.message


def test_media_that_moves_together_to_a_bridge_is_enough_to_be_likely(tell: Tell) -> None:
    made = meeting(ask=False)
    bridge_call(made)
    made.move_all(says="")
    later(made)
    told = tell(RULE, made.scene)
    assert told.finding.confidence == "likely"
    assert "203.0.113.5 moves the media of 3 calls" in told.finding.message


def test_meet_me_names_a_call_that_is_at_the_mixer_from_its_beginning(tell: Tell) -> None:
    made = meeting(ask=False)
    made.conference.ask("MeetMe")
    later(made)
    told = tell(RULE, made.scene)
    assert told.finding.confidence == "likely"


# What is no conference, or no fault


def test_calls_of_two_with_and_without_isfocus_are_not_judged(tell: Tell) -> None:
    scene = Scene()
    phone = scene.phone("phone", "192.0.2.11")
    recorder = scene.phone("recorder", "192.0.2.60", contact_parameters=";isFocus")
    scene.call(phone, recorder)
    scene.call(recorder, phone, delayed_offer=True)
    assert tell(RULE, scene).verdicts == ()


def test_recording_by_softkey_is_no_conference(tell: Tell) -> None:
    made = meeting(ask=False)
    made.conference.ask("StartRecording")
    made.move_all(says="")
    assert tell(RULE, made.scene).verdicts == ()


def test_a_conference_that_is_refused_is_not_judged(tell: Tell) -> None:
    made = meeting(ask=False)
    made.conference.ask(status=603)
    made.move_all(says="")
    assert tell(RULE, made.scene).verdicts == ()


def test_a_call_that_dials_into_a_conference_is_an_ordinary_call(tell: Tell) -> None:
    made = meeting(ask=False)
    bridge = made.scene.phone("bridge", "203.0.113.40", user_agent="Acano CallBridge", contact_parameters=";isfocus")
    made.scene.call(made.phones[0], bridge, via=[made.server])
    assert tell(RULE, made.scene).verdicts == ()


def test_a_transfer_into_a_conference_is_not_judged(tell: Tell) -> None:
    made = meeting(ask=False)
    bridge_call(made)
    made.conference.move(made.conference.legs[1], update="", invite="")
    later(made)
    assert tell(RULE, made.scene).verdicts == ()


def test_music_on_hold_moves_media_one_way_only(tell: Tell) -> None:
    made = meeting(ask=False)
    for leg in made.conference.legs[1:]:
        made.conference.move(leg, update=None, invite="", direction="sendonly")
    bridge_call(made)
    later(made)
    assert tell(RULE, made.scene).verdicts == ()


def test_calls_moved_to_a_media_termination_point_are_not_judged(tell: Tell) -> None:
    made = meeting(ask=False)
    made.move_all(says="")
    later(made)
    assert tell(RULE, made.scene).verdicts == ()


@pytest.mark.parametrize("peer", ["Cisco-CUCM14.0", "Cisco-SIPGateway/IOS-16.9"])
def test_servers_and_gateways_are_no_participants(tell: Tell, peer: str) -> None:
    made = meeting(peer=peer)
    made.move_all(says="")
    later(made)
    told = tell(RULE, made.scene)
    assert told.verdicts == ("unknown",)
    assert "only servers and gateways" in told.reasons[0]


# What the capture cannot show


def test_calls_that_never_move_leave_it_open(tell: Tell) -> None:
    made = meeting(ask=False)
    made.conference.ask()
    later(made)
    told = tell(RULE, made.scene)
    assert told.verdicts == ("unknown",)
    assert "was not seen to move the media of 192.0.2.11 within 10 s" in told.reasons[0]


def test_legs_that_are_not_in_the_capture_leave_it_open(tell: Tell) -> None:
    made = meeting(ask=False)
    made.scene.sent.clear()
    made.conference.ask()
    told = tell(RULE, made.scene)
    assert told.verdicts == ("unknown",)
    assert "of calls that are not in the captures" in told.reasons[0]


def test_a_capture_that_begins_after_the_move_leaves_it_open(tell: Tell) -> None:
    made = meeting()
    bridge_call(made)
    made.move_all()
    begun = len(made.scene.sent)
    for leg in made.conference.legs:
        reinvite(made, leg)
    del made.scene.sent[:begun]
    bridge_call(made)
    made.conference.tell_roster(made.conference.legs[2])
    later(made)
    told = tell(RULE, made.scene)
    assert set(told.verdicts) == {"unknown"}
    assert told.reasons[0].startswith("the capture begins after 203.0.113.5 moved the media")


def test_a_capture_that_ends_with_the_move_leaves_it_open(tell: Tell) -> None:
    made = meeting()
    made.move_all(says="")
    told = tell(RULE, made.scene)
    assert told.verdicts == ("unknown",)
    assert "too early to show it" in told.reasons[0]


def test_a_request_that_the_capture_lacks_may_have_said_it(tell: Tell) -> None:
    made = meeting()
    for leg in made.conference.legs:
        made.conference.negotiate(leg, replace(audio(direction="inactive"), port=50100, address="0.0.0.0"))
        made.conference.move(leg, invite="")
    later(made)
    made.scene.sent[:] = [sent for sent in made.scene.sent if not is_of_update(bytes(sent.packet))]
    told = tell(RULE, made.scene)
    assert told.verdicts == ("unknown",)
    assert "a request to 192.0.2.11 is missing from the capture, between CSeq 1 and 3" in told.reasons[0]


def is_of_update(packet: bytes) -> bool:
    return b"UPDATE sip:" in packet or b" UPDATE\r\nContact" in packet


# One more party, and other ways to ask


@pytest.mark.parametrize(("says", "verdict"), [(";isFocus", "clear"), ("", "fault")])
def test_a_party_that_is_added_belongs_to_the_conference_that_is_there(tell: Tell, says: str, verdict: str) -> None:
    made = meeting()
    made.move_all()
    made.scene.wait(20)
    dave = made.scene.phone("dave", "192.0.2.14")
    leg = made.conference.add(made.scene.call(made.phones[0], dave, via=[made.server]))
    made.conference.ask()
    made.conference.drop()
    made.conference.move(leg, update=says, invite=says)
    later(made)
    told = tell(RULE, made.scene)
    assert told.verdicts == (verdict,)
    if not says:
        assert "sends to 192.0.2.14 says isfocus (F1); of 4 participants 3 are told" in told.finding.message


@pytest.mark.parametrize("within", [False, True])
def test_a_key_without_tags_and_on_the_dialog_of_a_call(tell: Tell, within: bool) -> None:
    made = meeting(ask=False)
    made.conference.ask("CONFERENCE", tags=False, within=made.conference.legs[0] if within else None)
    made.move_all(says="")
    later(made)
    assert "192.0.2.11, 192.0.2.12 and 192.0.2.13" in tell(RULE, made.scene).finding.message


def test_a_proxy_between_phone_and_server_changes_nothing(tell: Tell) -> None:
    scene = Scene()
    alice, bob, carol = (scene.phone(name, f"192.0.2.{n}") for name, n in (("alice", 11), ("bob", 12), ("carol", 13)))
    edge, cucm = scene.proxy("edge", "203.0.113.9"), scene.b2bua("cucm", "203.0.113.5")
    first, second = (scene.call(alice, callee, via=[edge, cucm]) for callee in (bob, carol))
    conference = AdHoc(scene, first, second, mixer=MIXER)
    conference.ask()
    for leg in conference.legs:
        conference.move(leg, update="", invite="")
    scene.wait(3)
    conference.drop()
    told = tell(RULE, scene)
    assert told.verdicts == ("fault",)
    assert "192.0.2.11, 192.0.2.12 and 192.0.2.13" in told.finding.message


def test_another_call_that_moves_to_the_server_itself_is_no_participant(tell: Tell) -> None:
    made = meeting(mixer="203.0.113.5")
    dave, erin = made.scene.phone("dave", "192.0.2.14"), made.scene.phone("erin", "192.0.2.15")
    other = made.scene.call(dave, erin, via=[made.server])
    made.conference.move(other.legs[1], update="", invite="")
    made.move_all()
    later(made)
    told = tell(RULE, made.scene)
    assert told.verdicts == ("clear",)
    assert "192.0.2.15" not in told.reasons[0]


def test_calls_that_are_taken_back_to_each_other_are_no_conference(tell: Tell) -> None:
    made = meeting(ask=False)
    made.conference.ask()
    for leg, address in zip(made.conference.legs[:2], ("192.0.2.12", "192.0.2.11"), strict=True):
        reinvite(made, leg, address=address)
    later(made)
    assert tell(RULE, made.scene).verdicts == ("unknown",)


def test_mirrored_packets_tell_it_once(tell: Tell) -> None:
    made = meeting(ask=False)
    made.scene.span()
    made.conference.ask()
    made.move_all(says="")
    later(made)
    assert len(tell(RULE, made.scene).findings) == 1


def test_a_phone_that_does_not_allow_update_is_named(tell: Tell) -> None:
    made = meeting()
    for leg in made.conference.legs:
        made.conference.move(leg, invite="", update_status=405)
    later(made)
    without = made.scene.pcapng().replace(b"INFO, UPDATE, PRACK", b"INFO, NOTHIN, PRACK")
    assert "has no UPDATE (F3)" in tell(RULE, without).finding.message


def test_a_contact_that_the_capture_cut_off_may_have_said_it(tell: Tell) -> None:
    made = meeting()
    made.move_all()
    later(made)
    written = b"Contact: <sip:cucm@203.0.113.5:5060>;isFocus\r\n"
    lost = b"X-Gone: " + b"?" * (len(written) - 10) + b"\r\n"
    broken = made.scene.pcapng().replace(written, lost).replace(b"Content-Length: 0", b"Content-Length: 9")
    told = tell(RULE, broken)
    assert told.verdicts == ("unknown",)
    assert "cannot be read" in told.reasons[0]
