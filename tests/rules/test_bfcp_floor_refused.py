"""bfcp-floor-refused tells what became of a request for the floor."""

from dataclasses import replace

import pytest

from collabtrace.protocols.bfcp import ERROR_CODE, Attribute
from collabtrace.testing import Scene, audio, slides, video
from tests.rules.conftest import Tell
from tests.rules.sharing import Sharing, answered, lines, machines, offered, share, written

RULE = "bfcp-floor-refused"


def up(sharing: Sharing | None = None) -> Sharing:
    """A channel that works."""
    sharing = sharing or share()
    sharing.call.hello(sharing.room)
    return sharing


def error(sharing: Sharing, code: int) -> None:
    sharing.call.floor_message(
        sharing.jabber, "Error", Attribute(ERROR_CODE, bytes([code]), mandatory=True), responder=True, new=False
    )


def frame(scene: Scene, back: int = 1) -> int:
    """The number of one of the last packets, as long as nothing overlaps."""
    return len(scene.sent) - back + 1


def test_a_denial_is_proof(tell: Tell) -> None:
    sharing = up()
    sharing.call.share(sharing.room, seconds=1, status="Denied")
    told = tell(RULE, sharing.scene)
    assert told.finding.confidence == "proved"
    assert told.frames == (frame(sharing.scene), frame(sharing.scene, 2))
    assert "10.10.2.20 denies 10.10.3.30 the floor" in told.reasons[0]


def denied(*, agent: str = "Cisco-CSF", focus: bool = False, through: str = "", near_room: bool = False) -> Sharing:
    """Whoever *agent* is denies the room the floor; *through* a B2BUA perhaps."""
    scene = Scene()
    jabber, room = machines(scene)
    jabber.user_agent, jabber.contact_parameters = agent, ";isfocus" if focus else ""
    via = [scene.b2bua("server", "10.10.1.10", user_agent=through)] if through else []
    call = scene.call(jabber, room, via=via, media=lines(offered()), answer=lines(answered()))
    call.channel.marks_responses = True
    sharing = up(Sharing(scene, jabber, room, call))
    sharing.call.share(room, seconds=1, status="Denied")
    if near_room:
        scene.sent = [sent for sent in scene.sent if room in (sent.source, sent.target)]
    return sharing


@pytest.mark.parametrize(
    "agent", ["Acano CallBridge", "TANDBERG/4352 (XC4.1)", "Cisco-CUCM12.5", "Cisco-L2SIP", "", "X/1"]
)
def test_a_third_party_may_hold_the_floor_at_a_bridge(tell: Tell, agent: str) -> None:
    assert tell(RULE, denied(agent=agent).scene).finding.confidence == "likely"


def test_a_third_party_may_hold_the_floor_in_a_conference(tell: Tell) -> None:
    assert tell(RULE, denied(focus=True).scene).finding.confidence == "likely"


@pytest.mark.parametrize(("near_room", "confidence"), [(False, "proved"), (True, "likely")])
def test_who_stands_behind_a_server_counts_where_it_is_seen(tell: Tell, near_room: bool, confidence: str) -> None:
    scene = denied(through="Cisco-CUCM12.5", near_room=near_room).scene
    assert tell(RULE, scene).finding.confidence == confidence


def test_a_call_that_began_before_the_capture_may_have_a_presenter(tell: Tell) -> None:
    sharing = up()
    before = len(sharing.scene.sent)
    sharing.call.offer(sharing.jabber, lines(offered()), answer=lines(answered()))
    sharing.call.share(sharing.room, seconds=1, status="Denied")
    del sharing.scene.sent[:before]
    assert tell(RULE, sharing.scene).finding.confidence == "likely"


def test_slides_after_the_grant_are_clear(tell: Tell) -> None:
    sharing = up()
    sharing.call.share(sharing.room, seconds=6)
    assert tell(RULE, sharing.scene).verdicts == ("clear",)


def test_without_any_request_nothing_is_judged(tell: Tell) -> None:
    assert tell(RULE, up().scene).verdicts == ()
    assert tell(RULE, share().scene).verdicts == ()


def test_the_floor_may_be_denied_while_another_holds_it(tell: Tell) -> None:
    sharing = up()
    sharing.call.ask(sharing.room)
    sharing.call.decide(sharing.jabber, "Denied")
    sharing.call.decide(sharing.jabber, "Granted", request=77, unasked=True)
    sharing.call.ask(sharing.room)
    sharing.call.decide(sharing.jabber, "Denied")
    told = tell(RULE, sharing.scene)
    assert told.verdicts == ("fault",)
    sharing = up()
    sharing.call.decide(sharing.jabber, "Granted", request=77, unasked=True)
    sharing.call.share(sharing.room, seconds=1, status="Denied")
    assert tell(RULE, sharing.scene).verdicts == ("clear",)


def test_the_floor_may_be_denied_while_the_other_side_presents(tell: Tell) -> None:
    sharing = up()
    with sharing.scene.meanwhile():
        sharing.call.talk(sharing.jabber, seconds=10, only="slides")
    sharing.scene.wait(5)
    sharing.call.share(sharing.room, seconds=1, status="Denied")
    sharing.scene.wait(5)
    assert tell(RULE, sharing.scene).verdicts == ("clear",)


def test_a_denial_is_forgotten_once_the_floor_is_granted(tell: Tell) -> None:
    sharing = up()
    sharing.call.share(sharing.room, seconds=1, status="Denied")
    sharing.scene.wait(3)
    sharing.call.share(sharing.room, seconds=6)
    assert tell(RULE, sharing.scene).verdicts == ("clear",)


def revoked(sharing: Sharing, seconds: float = 10) -> None:
    """The floor is granted, slides begin, and the floor is taken back."""
    sharing.call.ask(sharing.room)
    sharing.call.decide(sharing.jabber, "Granted")
    sharing.call.talk(sharing.room, seconds=seconds, only="slides")
    sharing.call.decide(sharing.jabber, "Revoked", unasked=True)


def test_a_floor_that_is_taken_back_for_nobody(tell: Tell) -> None:
    sharing = up()
    revoked(sharing)
    sharing.passes(10)
    told = tell(RULE, sharing.scene)
    assert told.finding.confidence == "likely"
    assert "takes the floor back from 10.10.3.30 after 10.0 s" in told.reasons[0]
    assert [each.shows for each in told.finding.evidence] == [
        "FloorRequestStatus: Revoked", "FloorRequest", "the floor was granted",
    ]  # fmt: skip


def test_who_presents_takes_the_floor_from_the_other(tell: Tell) -> None:
    sharing = up()
    revoked(sharing)
    sharing.scene.wait(1)
    sharing.call.talk(sharing.jabber, seconds=10, only="slides")
    assert tell(RULE, sharing.scene).verdicts == ("clear",)
    other = up()
    revoked(other)
    other.call.decide(other.jabber, "Granted", request=78, unasked=True)
    other.passes(10)
    assert tell(RULE, other.scene).verdicts == ("clear",)


def test_at_the_end_of_a_call_floors_are_taken_back(tell: Tell) -> None:
    sharing = up()
    revoked(sharing)
    sharing.scene.wait(0.5)
    sharing.call.hang_up(sharing.jabber)
    assert tell(RULE, sharing.scene).verdicts == ("clear",)


@pytest.mark.parametrize(
    ("code", "name"), [(1, "Conference Does Not Exist"), (2, "User Does Not Exist"), (9, "Use TLS")]
)
def test_an_error_in_answer_to_a_request_is_proof(tell: Tell, code: int, name: str) -> None:
    sharing = up()
    sharing.call.ask(sharing.room)
    error(sharing, code)
    told = tell(RULE, sharing.scene)
    assert told.finding.confidence == "proved"
    assert f"with the error {name} (version 1; asked with version 1, conference 1, user 1)" in told.reasons[0]
    assert told.frames[:2] == (frame(sharing.scene), frame(sharing.scene, 2))


@pytest.mark.parametrize("code", [10, 12, 13])
def test_an_error_in_answer_to_a_hello_is_proof(tell: Tell, code: int) -> None:
    sharing = share()
    sharing.call.hello(sharing.room, answered=False)
    error(sharing, code)
    sharing.passes(10)
    assert tell(RULE, sharing.scene).finding.confidence == "proved"


def test_an_endpoint_may_find_the_version_that_works(tell: Tell) -> None:
    sharing = share()
    sharing.call.hello(sharing.room, answered=False)
    error(sharing, 12)
    sharing.call.hello(sharing.room)
    sharing.passes(10)
    assert tell(RULE, sharing.scene).verdicts == ()


@pytest.mark.parametrize(("repeats", "sure"), [(3, "likely"), (0, "possible")])
def test_a_request_that_a_living_server_does_not_answer(tell: Tell, repeats: int, sure: str) -> None:
    sharing = up()
    sharing.call.ask(sharing.room, repeats=repeats)
    sharing.scene.wait(1)
    sharing.call.hello(sharing.room)
    sharing.passes(5)
    told = tell(RULE, sharing.scene)
    assert told.finding.confidence == sure
    assert "gets no answer, though 10.10.2.20 speaks afterwards" in told.reasons[0]


def test_a_server_that_is_silent_altogether_is_the_business_of_another_rule(tell: Tell) -> None:
    sharing = up()
    sharing.call.ask(sharing.room, repeats=3)
    sharing.passes(5)
    assert tell(RULE, sharing.scene).verdicts == ()


def test_a_capture_that_ends_soon_after_the_request_cannot_tell(tell: Tell) -> None:
    sharing = up()
    sharing.call.ask(sharing.room)
    sharing.call.hello(sharing.room)
    assert tell(RULE, sharing.scene).verdicts == ("unknown",)


@pytest.mark.parametrize("status", ["Pending", "Accepted"])
def test_a_request_that_waits_for_a_chair(tell: Tell, status: str) -> None:
    sharing = up()
    sharing.call.share(sharing.room, seconds=1, status=status)
    sharing.passes(12)
    told = tell(RULE, sharing.scene)
    assert told.finding.confidence == "possible"
    assert f"says {status} to 10.10.3.30" in told.reasons[0]


def test_pending_before_granted_is_clear(tell: Tell) -> None:
    sharing = up()
    sharing.call.ask(sharing.room)
    sharing.call.decide(sharing.jabber, "Pending")
    sharing.scene.wait(3)
    sharing.call.decide(sharing.jabber, "Granted", unasked=True)
    sharing.call.talk(sharing.room, seconds=8, only="slides")
    assert tell(RULE, sharing.scene).verdicts == ("clear",)


def test_who_gives_up_soon_is_not_judged(tell: Tell) -> None:
    sharing = up()
    sharing.call.share(sharing.room, seconds=1, status="Pending")
    sharing.scene.wait(3)
    sharing.call.decide(sharing.jabber, "Cancelled", unasked=True)
    sharing.passes(12)
    assert tell(RULE, sharing.scene).verdicts == ()


def without_slides(sharing: Sharing, seconds: float = 10, *, media: bool = True) -> Scene:
    sharing.call.ask(sharing.room)
    sharing.call.decide(sharing.jabber, "Granted")
    if media:
        sharing.passes(seconds)
    else:
        sharing.scene.wait(seconds)
    sharing.call.release(sharing.room)
    return sharing.scene


def test_a_grant_without_slides(tell: Tell) -> None:
    told = tell(RULE, without_slides(up()))
    assert told.finding.confidence == "likely"
    assert (
        "10.10.3.30 was granted the floor and held it for 10.0 s, and no RTP came on the line for slides"
        in told.reasons[0]
    )
    assert told.finding.evidence[0].shows == "FloorRequestStatus: Granted"


def test_slides_are_not_missed_where_no_media_is_seen_or_the_floor_was_given_back_soon(tell: Tell) -> None:
    assert tell(RULE, without_slides(up(), media=False)).verdicts == ("unknown",)
    assert tell(RULE, without_slides(up(), seconds=3)).verdicts == ("unknown",)


def test_slides_over_ice_are_not_missed(tell: Tell) -> None:
    scene = Scene()
    jabber, room = machines(scene)
    with_ice = written(slides(), "ice-ufrag:abcd", "ice-pwd:" + "x" * 22)
    media = [audio(), video(), with_ice, offered()]
    call = scene.call(jabber, room, media=media, answer=[audio(), video(), with_ice, answered()])
    assert tell(RULE, without_slides(up(Sharing(scene, jabber, room, call)))).verdicts == ("unknown",)


def test_slides_that_the_answer_refused_are_proof(tell: Tell) -> None:
    scene = Scene()
    jabber, room = machines(scene)
    answer = [audio(), video(), replace(slides(), port=0), answered()]
    call = scene.call(jabber, room, media=lines(offered()), answer=answer)
    told = tell(RULE, without_slides(up(Sharing(scene, jabber, room, call))))
    assert told.finding.confidence == "proved"
    assert "refused the m-line for slides" in told.reasons[0]


def test_slides_of_an_earlier_round_count(tell: Tell) -> None:
    sharing = up()
    sharing.call.share(sharing.room, seconds=6)
    sharing.scene.wait(5)
    sharing.call.offer(sharing.jabber, lines(offered()), answer=lines(answered()))
    sharing.passes(5)
    assert tell(RULE, sharing.scene).verdicts == ("clear",)


def test_a_label_tells_the_slides_too(tell: Tell) -> None:
    """The content attribute is missing; the floor names the label of the line."""
    scene = Scene()
    jabber, room = machines(scene)
    second = replace(slides(), attributes=("label:12",))
    media = [audio(), video(), second, offered()]
    call = scene.call(jabber, room, media=media, answer=[audio(), video(), second, answered()])
    told = tell(RULE, without_slides(up(Sharing(scene, jabber, room, call))))
    assert told.finding.confidence == "likely"


def test_over_tcp_as_well(tell: Tell) -> None:
    sharing = up(share(offered("TCP/BFCP", setup="passive"), answered("TCP/BFCP")))
    sharing.call.share(sharing.room, seconds=1, status="Denied")
    assert tell(RULE, sharing.scene).finding.confidence == "proved"


def test_a_floor_without_slides_to_control_is_not_missed(tell: Tell) -> None:
    scene = Scene()
    jabber, room = machines(scene)
    media = [audio(), video(), offered()]
    call = scene.call(jabber, room, media=media, answer=[audio(), video(), answered()])
    assert tell(RULE, without_slides(up(Sharing(scene, jabber, room, call)))).verdicts == ()
