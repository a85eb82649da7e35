"""bfcp-not-offered speaks of slides without floor control, never of an ordinary video phone."""

from dataclasses import replace

import pytest

from collabtrace.testing import Line, Scene, audio, slides, video
from collabtrace.testing.machines import Nat
from tests.rules.conftest import Tell
from tests.rules.sharing import answered, lines, machines, offered, share

RULE = "bfcp-not-offered"


def call(*media: Line, able: tuple[str, ...] = (), seconds: float = 10.0, delayed: bool = False) -> Scene:
    scene = Scene()
    jabber, room = machines(scene)
    for machine in (jabber, room):
        machine.contact_parameters = ";video;bfcp" if machine.name in able else ""
    scene.call(jabber, room, media=media, delayed_offer=delayed)
    scene.wait(seconds)
    scene.request(jabber, room, "OPTIONS")
    return scene


def test_slides_without_floor_control_are_proved_by_the_offer(tell: Tell) -> None:
    told = tell(RULE, call(audio(), video(), slides()))
    assert told.finding.confidence == "proved"
    assert told.frames == (1,)
    assert "10.10.2.20 offers slides at port 20004 and no floor control" in told.reasons[0]


def test_a_delayed_offer_counts_too(tell: Tell) -> None:
    told = tell(RULE, call(audio(), video(), slides(), delayed=True))
    assert told.finding.evidence[0].frame == 4
    assert "10.10.3.30 offers slides" in told.reasons[0]


def test_floor_control_that_is_switched_off_in_the_offer_is_not_offered(tell: Tell) -> None:
    assert len(tell(RULE, call(audio(), video(), slides(), offered().rejected())).findings) == 1


def test_two_devices_that_say_they_can_and_do_not_offer(tell: Tell) -> None:
    told = tell(RULE, call(audio(), video(), able=("jabber", "room")))
    assert told.finding.confidence == "likely"
    assert told.frames[0] == 1


def test_where_only_the_offerer_says_it_can_the_other_may_have_nothing_to_share(tell: Tell) -> None:
    assert tell(RULE, call(audio(), video(), able=("jabber",))).verdicts == ("unknown",)


def test_that_the_answerer_can_says_nothing_of_the_offerer(tell: Tell) -> None:
    assert tell(RULE, call(audio(), video(), able=("room",))).verdicts == ()


def test_slides_with_floor_control_are_clear(tell: Tell) -> None:
    assert tell(RULE, share().scene).verdicts == ("clear",)


SIGNS = replace(video(), attributes=("content:sl",))
BROWSER = replace(
    slides(), protocol="UDP/TLS/RTP/SAVPF", attributes=(*slides().attributes, "ice-ufrag:abcd", "ice-pwd:" + "x" * 22)
)


@pytest.mark.parametrize(
    "media",
    [
        [audio()],
        [audio(), video()],
        [audio(), replace(video(), attributes=())],
        [audio(), video(), replace(video(), attributes=())],
        [audio(), video(), SIGNS],
        [audio(), video(), BROWSER],
        [audio(), video(), slides().rejected()],
        [audio(), video(), Line("application", (), "UDP/UDT/IX", port=5070)],
        [audio(), video(), Line("application", (), "RTP/AVP", port=5072, attributes=("rtpmap:100 H224/4800",))],
        [audio(), slides().directed("inactive").rejected()],
    ],
    ids=range(10),
)
def test_ordinary_calls_are_silent(tell: Tell, media: list[Line]) -> None:
    assert tell(RULE, call(*media)).verdicts == ()


def test_calls_in_which_it_stands_somewhere_are_left_to_other_rules(tell: Tell) -> None:
    scene = Scene()
    jabber, room = machines(scene)
    cucm = scene.b2bua("cucm", "10.10.1.10", edit_offer=lambda said: said[:3])
    scene.call(jabber, room, via=[cucm], media=lines(offered()))
    scene.wait(10)
    scene.request(jabber, room, "OPTIONS")
    assert tell(RULE, scene).findings == ()


def test_floor_control_of_a_second_round_is_waited_for(tell: Tell) -> None:
    told = tell(RULE, call(audio(), video(), slides(), seconds=2))
    assert told.verdicts == ("unknown",)
    assert "may be offered later" in told.reasons[0]
    scene = Scene()
    jabber, room = machines(scene)
    late = scene.call(jabber, room, media=[audio(), video(), slides()])
    scene.wait(4)
    late.offer(jabber, lines(offered()), answer=lines(answered()))
    assert tell(RULE, scene).verdicts == ("clear",)


def test_a_failed_call_is_not_judged(tell: Tell) -> None:
    scene = Scene()
    jabber, room = machines(scene)
    scene.dial(jabber, room, media=[audio(), video(), slides()]).reject(488)
    assert tell(RULE, scene).verdicts == ()


def test_an_offer_without_its_end_is_not_judged(tell: Tell) -> None:
    scene = Scene()
    cuts = Nat("198.51.100.7", lambda text: text.replace(b"m=application 5904", b"x=application 5904") + b"more")
    jabber = scene.phone("jabber", "10.10.2.20", nat=cuts, advertises="198.51.100.7")
    room = scene.phone("room", "203.0.113.30")
    scene.call(jabber, room, media=lines(offered()), answer=lines(replace(answered(), port=0)))
    scene.wait(10)
    scene.request(jabber, room, "OPTIONS")
    told = tell(RULE, scene, room)
    assert told.findings == ()
