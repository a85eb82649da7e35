"""bfcp-rejected names the machine that refused first."""

from dataclasses import replace

import pytest

from collabtrace.testing import Line, Scene, audio, slides, video
from collabtrace.testing.machines import Nat
from tests.rules.conftest import Tell
from tests.rules.sharing import answered, lines, machines, offered, share

RULE = "bfcp-rejected"
REFUSED = replace(answered(), port=0)


def test_port_0_in_the_answer_is_proof(tell: Tell) -> None:
    told = tell(RULE, share(answer=REFUSED).scene)
    assert told.finding.confidence == "proved"
    assert told.frames == (4, 1)
    assert "10.10.2.20 offers UDP/BFCP at port 5904" in told.reasons[0]
    assert "10.10.3.30 (CE endpoint) that m-line has port 0" in told.reasons[0]


@pytest.mark.parametrize("protocol", ["TCP/BFCP", "TCP/TLS/BFCP", "UDP/TLS/BFCP"])
def test_whatever_carries_it(tell: Tell, protocol: str) -> None:
    told = tell(RULE, share(offered(protocol), replace(answered(protocol), port=0)).scene)
    assert f"offers {protocol}" in told.reasons[0]


def test_slides_refused_with_it_are_told_of(tell: Tell) -> None:
    scene = Scene()
    jabber, room = machines(scene)
    answer = [audio(), video(), slides().rejected(), REFUSED]
    scene.call(jabber, room, media=lines(offered()), answer=answer)
    assert "So are the slides." in tell(RULE, scene).reasons[0]


def test_an_answer_that_accepts_is_clear(tell: Tell) -> None:
    assert tell(RULE, share().scene).verdicts == ("clear",)


def test_an_audio_answer_is_silent(tell: Tell) -> None:
    scene = Scene()
    jabber, room = machines(scene)
    answer = [audio(), video().rejected(), slides().rejected(), REFUSED]
    scene.call(jabber, room, media=lines(offered()), answer=answer)
    scene.call(jabber, room, media=[audio(), video()])
    scene.call(jabber, room, media=[audio(), Line("application", (), "UDP/UDT/IX", port=0)])
    assert tell(RULE, scene).verdicts == ()


def test_a_failure_of_the_whole_call_is_another_matter(tell: Tell) -> None:
    scene = Scene()
    jabber, room = machines(scene)
    scene.dial(jabber, room, media=lines(offered())).reject(488)
    assert tell(RULE, scene).verdicts == ()


def test_a_desk_phone_has_nothing_to_refuse(tell: Tell) -> None:
    scene = Scene()
    jabber, room = machines(scene)
    room.user_agent = "Cisco-CP8865/12.6.1"
    scene.call(jabber, room, media=lines(offered()), answer=lines(REFUSED))
    assert tell(RULE, scene).verdicts == ("clear",)


def through(answer: Line, *, keeps: bool = True) -> Scene:
    """A call through CUCM, which refuses by itself where it keeps nothing."""
    scene = Scene()
    jabber, room = machines(scene)
    zeroed = (
        None if keeps else lambda said: tuple(line.rejected() if line.kind == "application" else line for line in said)
    )
    cucm = scene.b2bua("cucm", "10.10.1.10", user_agent="Cisco-CUCM12.5", edit_answer=zeroed)
    scene.call(jabber, room, via=[cucm], media=lines(offered()), answer=lines(answer))
    return scene


def test_the_refusal_of_the_last_leg_is_told_and_its_echo_is_not(tell: Tell) -> None:
    told = tell(RULE, through(REFUSED))
    assert told.verdicts == ("fault",)
    assert "In the answer of 10.10.3.30" in told.reasons[0]
    assert len(told.finding.calls) == 2


def test_what_the_machine_in_the_middle_zeroed_is_stripping(tell: Tell) -> None:
    assert tell(RULE, through(answered(), keeps=False)).verdicts == ("clear",)


def test_a_call_manager_whose_other_leg_is_not_seen_may_have_been_told(tell: Tell) -> None:
    scene = through(REFUSED)
    jabber = next(each.source for each in scene.sent if each.source.name == "jabber")
    told = tell(RULE, scene, jabber)
    assert "10.10.1.10 (CUCM)" in told.reasons[0]
    assert "because the far side did" in told.reasons[0]
    assert told.finding.confidence == "possible"


@pytest.mark.parametrize(
    ("agent", "confidence"),
    [
        ("Cisco-CUCM12.5", "possible"),
        ("TANDBERG/4137 (X12.5.7)", "possible"),
        ("Cisco-SIPGateway/IOS-16.9.4", "possible"),
        ("Asterisk PBX 18.2", "possible"),
        ("", "likely"),
        ("Something/1.0", "likely"),
        ("TANDBERG/529 (ce9.8.0)", "proved"),
        ("PolycomRealPresenceGroup-6.2", "proved"),
    ],
)
def test_only_an_endpoint_is_sure_to_refuse_for_itself(tell: Tell, agent: str, confidence: str) -> None:
    scene = Scene()
    jabber, room = machines(scene)
    room.user_agent = agent
    scene.call(jabber, room, media=lines(offered()), answer=lines(REFUSED))
    assert tell(RULE, scene).finding.confidence == confidence


def test_a_telephone_behind_the_call_manager_refuses_rightly_where_it_is_seen(tell: Tell) -> None:
    scene = Scene()
    jabber, phone = machines(scene)
    phone.user_agent = "Cisco-CP8865/12.6.1"
    cucm = scene.b2bua("cucm", "10.10.1.10", user_agent="Cisco-CUCM12.5")
    scene.call(jabber, phone, via=[cucm], media=lines(offered()), answer=lines(REFUSED))
    assert tell(RULE, scene).verdicts == ("clear",)


def test_a_delayed_offer_is_refused_in_the_ack(tell: Tell) -> None:
    scene = Scene()
    jabber, room = machines(scene)
    call = scene.dial(room, jabber, delayed_offer=True)
    call.answer(lines(offered()), in_ack=[audio(), video(), slides(), REFUSED])
    told = tell(RULE, scene)
    assert "In the answer of 10.10.3.30" in told.reasons[0]
    assert told.frames == (4, 3)


def test_a_later_round_that_agrees_is_clear(tell: Tell) -> None:
    sharing = share(answer=REFUSED)
    sharing.scene.wait(2)
    sharing.call.offer(sharing.jabber, lines(offered()), answer=lines(answered()))
    assert tell(RULE, sharing.scene).verdicts == ("clear",)


def test_a_refusal_while_on_hold_is_no_refusal(tell: Tell) -> None:
    sharing = share()
    held = [audio(direction="sendonly"), video(), slides(), offered()]
    sharing.call.offer(sharing.jabber, held, answer=[audio(direction="recvonly"), video(), slides(), REFUSED])
    assert tell(RULE, sharing.scene).verdicts == ("clear",)


def test_an_answer_without_its_end_is_not_judged(tell: Tell) -> None:
    scene = Scene()
    cuts = Nat("198.51.100.7", lambda text: text.replace(b"m=application 20006", b"x=application 20006") + b"more")
    jabber = scene.phone("jabber", "203.0.113.20")
    room = scene.phone("room", "10.10.3.30", nat=cuts, advertises="198.51.100.7")
    scene.call(jabber, room, media=lines(offered()), answer=lines(answered()))
    told = tell(RULE, scene, jabber)
    assert told.verdicts == ("unknown",)
    assert "is not whole" in told.reasons[0]
