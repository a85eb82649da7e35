"""bfcp-stripped holds the two sides of a machine in the middle against each other."""

from dataclasses import replace

import pytest

from collabtrace.testing import Line, Machine, Scene, audio, bfcp, slides, video
from collabtrace.testing.machines import Edit, Nat
from tests.rules.conftest import Tell
from tests.rules.sharing import answered, lines, machines, offered

RULE = "bfcp-stripped"


def without(described: tuple[Line, ...]) -> tuple[Line, ...]:
    return tuple(line for line in described if line.kind != "application")


def zeroed(described: tuple[Line, ...]) -> tuple[Line, ...]:
    return tuple(line.rejected() if line.kind == "application" else line for line in described)


def call(
    *,
    offer: Edit | None = None,
    answer: Edit | None = None,
    said: Line | None = None,
    delayed: bool = False,
    anchors: bool = False,
    agent: str = "TANDBERG/529 (ce8.3.4.99243f7) Cisco-SX20",
) -> Scene:
    """A call through CUCM, which edits what it passes on."""
    scene = Scene()
    jabber, room = machines(scene)
    room.user_agent = agent
    cucm = scene.b2bua(
        "cucm", "10.10.1.10", user_agent="Cisco-CUCM12.5", edit_offer=offer, edit_answer=answer, anchors_media=anchors
    )
    media = None if offer is not None and said is None else lines(said or answered())
    scene.call(jabber, room, via=[cucm], media=lines(offered()), answer=media, delayed_offer=delayed)
    return scene


@pytest.mark.parametrize(("edit", "how"), [(without, "is missing"), (zeroed, "has port 0")])
def test_an_offer_that_lost_it_is_proof(tell: Tell, edit: Edit, how: str) -> None:
    told = tell(RULE, call(offer=edit))
    assert told.finding.confidence == "proved"
    assert told.frames == (3, 1)
    assert "10.10.2.20 names port 5904 for UDP/BFCP to 10.10.1.10" in told.reasons[0]
    assert f"10.10.1.10 offers to 10.10.3.30 that m-line {how}" in told.reasons[0]
    assert len(told.finding.calls) == 2


def test_an_answer_zeroed_though_the_other_side_accepted(tell: Tell) -> None:
    told = tell(RULE, call(answer=zeroed))
    assert told.finding.confidence == "proved"
    assert "10.10.1.10 answers to 10.10.2.20 that m-line has port 0" in told.reasons[0]
    assert [each.shows for each in told.finding.evidence] == [
        "answers pictures, and floor control has port 0", "names port 20006 for UDP/BFCP",
    ]  # fmt: skip


def test_an_answer_zeroed_because_the_other_side_refused_is_none(tell: Tell) -> None:
    told = tell(RULE, call(said=answered().rejected()))
    assert told.findings == ()
    assert told.verdicts == ("clear",)


def test_what_is_passed_on_is_clear(tell: Tell) -> None:
    assert tell(RULE, call()).verdicts == ("clear",)
    assert tell(RULE, call(anchors=True)).verdicts == ("clear",)


def test_a_delayed_offer_that_lost_it_on_the_way_back(tell: Tell) -> None:
    scene = Scene()
    jabber, room = machines(scene)
    cucm = scene.b2bua("cucm", "10.10.1.10", user_agent="Cisco-CUCM12.5", edit_offer=without)
    dialled = scene.dial(jabber, room, via=[cucm], delayed_offer=True)
    dialled.answer(lines(offered()))
    told = tell(RULE, scene)
    assert "10.10.3.30 names port 5904 for UDP/BFCP" in told.reasons[0]
    assert "10.10.1.10 offers to 10.10.2.20 that m-line is missing" in told.reasons[0]


def test_what_the_other_side_did_not_offer_cannot_be_passed_on(tell: Tell) -> None:
    """Delayed offer behind CUCM: the room offers pictures alone, and CUCM has nothing to accept floor control with."""
    scene = Scene()
    jabber, room = machines(scene)
    cucm = scene.b2bua("cucm", "10.10.1.10", user_agent="Cisco-CUCM12.5")
    same = {"Session-ID": "a" * 32 + ";remote=" + "b" * 32}
    first = scene.dial(jabber, cucm, media=lines(offered()), headers=same)
    second = scene.dial(cucm, room, delayed_offer=True, headers=same)
    second.answer([audio(), video()])
    first.answer([audio(), video(), slides().rejected(), answered().rejected()])
    assert tell(RULE, scene).verdicts == ()


def test_an_offer_without_its_end_is_not_judged(tell: Tell) -> None:
    scene = Scene()
    cuts = Nat("10.10.3.30", lambda text: text + b"more" * text.startswith(b"INVITE"))
    jabber = scene.phone("jabber", "10.10.2.20")
    room = scene.phone("room", "10.10.3.30", nat=cuts)
    cucm = scene.b2bua("cucm", "10.10.1.10", edit_offer=without)
    scene.call(jabber, room, via=[cucm], media=lines(offered()))
    told = tell(RULE, scene)
    assert told.verdicts == ("unknown",)
    assert "may be in its missing end" in told.reasons[0]


def test_an_audio_leg_is_silent(tell: Tell) -> None:
    def sound(described: tuple[Line, ...]) -> tuple[Line, ...]:
        return tuple(line for line in described if line.kind == "audio")

    assert tell(RULE, call(offer=sound)).verdicts == ()


def test_a_desk_phone_may_be_spared_for_good_reason(tell: Tell) -> None:
    told = tell(RULE, call(offer=without, agent="Cisco-CP8865/12.6.1"))
    assert told.verdicts == ("unknown",)
    assert "Cisco IP phone" in told.reasons[0]


def test_a_machine_in_the_media_path_is_told_of(tell: Tell) -> None:
    assert (
        "Sound goes by way of 10.10.1.10, as where an MTP" in tell(RULE, call(offer=without, anchors=True)).reasons[0]
    )
    assert "by way of" not in tell(RULE, call(offer=without)).reasons[0]


def test_floor_control_that_a_later_round_brings_is_clear(tell: Tell) -> None:
    scene = Scene()
    jabber, room = machines(scene)
    cucm = scene.b2bua("cucm", "10.10.1.10", edit_offer=without)
    dialled = scene.call(jabber, room, via=[cucm], media=lines(offered()))
    cucm.edit_offer = None
    scene.wait(2)
    dialled.offer(jabber, lines(offered()))
    assert tell(RULE, scene).verdicts == ("clear",)


def test_what_was_told_before_anybody_asked_is_no_stripping(tell: Tell) -> None:
    scene = Scene()
    jabber, room = machines(scene)
    cucm = scene.b2bua("cucm", "10.10.1.10")
    dialled = scene.call(jabber, room, via=[cucm], media=[audio(), video()])
    scene.wait(2)
    dialled.offer(jabber, lines(offered()))
    assert tell(RULE, scene).verdicts == ("clear",)


def test_calls_without_floor_control_or_with_one_leg_are_not_judged(tell: Tell) -> None:
    scene = Scene()
    jabber, room = machines(scene)
    scene.call(jabber, room, via=[scene.b2bua("cucm", "10.10.1.10")], media=[audio(), video(), slides()])
    scene.call(jabber, room, media=lines(offered()), answer=lines(answered().rejected()))
    assert tell(RULE, scene).verdicts == ()


def test_a_body_without_its_end_is_not_judged(tell: Tell) -> None:
    """Floor control stands in the last m-line, and the message says a Content-Length that ends before it."""
    scene = Scene()
    cut = Nat("198.51.100.7", lambda text: text.replace(b"m=application 5904", b"x=application 5904") + b"more")
    jabber = scene.phone("jabber", "10.10.2.20", nat=cut, advertises="198.51.100.7")
    room = scene.phone("room", "203.0.113.30")
    scene.call(jabber, room, media=lines(offered()), answer=lines(replace(bfcp(), port=0)))
    told = tell(RULE, scene, jabber, room)
    assert told.verdicts == ("unknown",)
    assert "is not whole" in told.reasons[0]


def test_two_captures_of_one_message_show_who_took_it_out(tell: Tell) -> None:
    """An inspecting firewall turns the m-line into nothing that counts."""
    scene = Scene()
    inspects = Nat("198.51.100.7", lambda text: text.replace(b"m=application 5904", b"m=application 0000"))
    jabber = scene.phone("jabber", "10.10.2.20", nat=inspects, advertises="198.51.100.7")
    room = scene.phone("room", "203.0.113.30")
    scene.call(jabber, room, media=lines(offered()), answer=lines(replace(bfcp(), port=0)))
    told = tell(RULE, scene, jabber, room)
    assert told.finding.confidence == "proved"
    assert "took it out on the way" in told.reasons[0]
    assert [each.file for each in told.finding.evidence] == ["room.pcapng", "jabber.pcapng"]


def test_in_a_conference_only_legs_with_the_same_media_are_compared(tell: Tell) -> None:
    scene = Scene()
    jabber, room = machines(scene)
    assert isinstance(jabber, Machine)
    cucm = scene.b2bua("cucm", "10.10.1.10", user_agent="Cisco-CUCM12.5")
    scene.call(jabber, room, via=[cucm], media=lines(offered()), answer=lines(answered()))
    third = scene.phone("third", "10.10.4.40")
    scene.call(jabber, third, via=[cucm], media=[audio(), video()])
    assert set(tell(RULE, scene).verdicts) <= {"clear"}
