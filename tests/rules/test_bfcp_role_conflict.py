"""bfcp-role-conflict speaks where both ends of floor control act as the same."""

from dataclasses import replace

import pytest

from collabtrace.testing import Line, Scene, audio, video
from collabtrace.testing.machines import Edit
from tests.rules.conftest import Tell
from tests.rules.sharing import Sharing, answered, lines, machines, offered, share

RULE = "bfcp-role-conflict"


def role(name: str) -> Edit:
    """Writes that role into the floor control that is passed on."""

    def edit(said: tuple[Line, ...]) -> tuple[Line, ...]:
        return tuple(replace(line, attributes=tuple(_written(each, name) for each in line.attributes)) for line in said)

    return edit


def _written(attribute: str, name: str) -> str:
    return f"floorctrl:{name}" if attribute.startswith("floorctrl") else attribute


def through(answer: str, told: str | None, *, offer: str = "c-s", anchors: bool = False) -> Sharing:
    """A call through CUCM, which tells Jabber another role than the room answered."""
    scene = Scene()
    jabber, room = machines(scene)
    cucm = scene.b2bua(
        "cucm",
        "10.10.1.10",
        user_agent="Cisco-CUCM11.5",
        edit_answer=role(told) if told else None,
        anchors_media=anchors,
    )
    call = scene.call(jabber, room, via=[cucm], media=lines(offered(role=offer)), answer=lines(answered(role=answer)))
    return Sharing(scene, jabber, room, call)


@pytest.mark.parametrize("name", ["c-only", "s-only"])
def test_offer_and_answer_with_one_role_are_proof(tell: Tell, name: str) -> None:
    told = tell(RULE, share(offered(role=name), answered(role=name)).scene)
    assert told.finding.confidence == "proved"
    assert told.frames == (4, 1)
    assert "Offer and answer make both 10.10.2.20:5904 and 10.10.3.30:20006" in told.reasons[0]


@pytest.mark.parametrize(
    ("offer", "answer"),
    [("c-s", "c-only"), ("c-s", "s-only"), ("c-only", "s-only"), ("s-only", "c-only"), (None, None)],
)
def test_the_pairs_of_rfc_8856_are_clear(tell: Tell, offer: str | None, answer: str | None) -> None:
    assert tell(RULE, share(offered(role=offer), answered(role=answer)).scene).verdicts == ("clear",)


def test_one_role_that_is_answered_all_the_same_is_clear(tell: Tell) -> None:
    sharing = share(offered(role="c-only"), answered(role="c-only"))
    sharing.call.hello(sharing.room)
    assert tell(RULE, sharing.scene).verdicts == ("clear",)


def test_roles_left_open_are_unknown_until_the_channel_works(tell: Tell) -> None:
    sharing = share(offered(), answered(role="c-s"))
    assert tell(RULE, sharing.scene).verdicts == ("unknown",)
    sharing.call.hello(sharing.room)
    assert tell(RULE, sharing.scene).verdicts == ("clear",)


def test_a_call_manager_that_changes_the_answer(tell: Tell) -> None:
    """The room answers c-s, and CUCM tells Jabber c-only: both are servers then."""
    told = tell(RULE, through("c-s", "c-only").scene)
    assert told.finding.confidence == "likely"
    assert "10.10.3.30:20006 says floorctrl c-s, and 10.10.1.10 tells the other end c-only of it" in told.reasons[0]
    assert [each.shows for each in told.finding.evidence] == [
        "floorctrl c-s offered, c-only answered", "floorctrl c-s offered, c-s answered",
    ]  # fmt: skip


def test_the_packets_of_that_end_prove_it(tell: Tell) -> None:
    sharing = through("c-s", "c-only")
    sharing.call.floor_message(sharing.room, "FloorStatus")
    told = tell(RULE, sharing.scene)
    assert told.finding.confidence == "proved"
    assert told.finding.evidence[0].shows == "FloorStatus of 10.10.3.30:20006, unasked"


def test_that_end_may_be_content_with_being_a_client(tell: Tell) -> None:
    sharing = through("c-s", "c-only")
    sharing.call.hello(sharing.room)
    sharing.passes(10)
    sharing.call.hang_up(sharing.jabber)
    assert tell(RULE, sharing.scene).verdicts == ("clear",)


@pytest.mark.parametrize(("answer", "told"), [("s-only", "c-only"), ("c-only", "s-only")])
def test_a_role_turned_into_its_opposite_is_proof(tell: Tell, answer: str, told: str) -> None:
    judged = tell(RULE, through(answer, told).scene)
    assert judged.finding.confidence == "proved"
    assert "so that both ends are" in judged.reasons[0]
    assert len(judged.finding.calls) == 2


def test_an_offer_that_was_changed_counts_too(tell: Tell) -> None:
    """Jabber offers c-s, of which the room is told c-only; the room answers c-s, which leaves Jabber open."""
    scene = Scene()
    jabber, room = machines(scene)
    cucm = scene.b2bua("cucm", "10.10.1.10", edit_offer=role("c-only"))
    scene.call(jabber, room, via=[cucm], media=lines(offered()), answer=lines(answered(role="c-s")))
    told = tell(RULE, scene)
    assert "10.10.2.20:5904 says floorctrl c-s, and 10.10.1.10 tells the other end c-only" in told.reasons[0]


def test_what_is_passed_on_as_it_was_is_clear(tell: Tell) -> None:
    assert tell(RULE, through("c-only", None).scene).verdicts == ("clear",)


def test_legs_with_media_of_their_own_are_not_compared(tell: Tell) -> None:
    assert "fault" not in tell(RULE, through("c-s", "c-only", anchors=True).scene).verdicts


@pytest.mark.parametrize("name", ["FloorStatus", "FloorRequestStatus"])
def test_the_client_that_speaks_like_a_server(tell: Tell, name: str) -> None:
    sharing = share()
    sharing.call.floor_message(sharing.room, name)
    told = tell(RULE, sharing.scene)
    assert told.finding.confidence == "proved"
    assert f"10.10.3.30:20006 sends {name}, which answers nothing" in told.reasons[0]
    assert told.frames[0] == 6


def test_the_server_may_speak_unasked(tell: Tell) -> None:
    sharing = share()
    sharing.call.hello(sharing.room)
    sharing.call.floor_message(sharing.jabber, "FloorStatus")
    sharing.call.share(sharing.room, seconds=1)
    assert tell(RULE, sharing.scene).verdicts == ("clear",)


def test_both_may_have_changed_places_and_be_content(tell: Tell) -> None:
    sharing = share()
    sharing.call.hello(sharing.jabber)
    sharing.call.floor_message(sharing.room, "FloorStatus")
    assert tell(RULE, sharing.scene).verdicts == ("clear",)


def test_over_tcp_a_status_without_transaction_is_unasked(tell: Tell) -> None:
    sharing = share(offered("TCP/BFCP", setup="passive"), answered("TCP/BFCP"))
    sharing.call.channel.transaction = -1
    sharing.call.floor_message(sharing.room, "FloorStatus")
    assert tell(RULE, sharing.scene).finding.confidence == "proved"


def test_calls_without_floor_control_are_not_judged(tell: Tell) -> None:
    scene = Scene()
    jabber, room = machines(scene)
    scene.call(jabber, room, media=[audio(), video()])
    scene.call(jabber, room, media=lines(offered()), answer=lines(answered().rejected()))
    assert tell(RULE, scene).verdicts == ()
