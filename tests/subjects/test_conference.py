"""A conference leads to its members, and to what the focus said to each."""

from pathlib import Path

from collabtrace.subjects.conference import Conference
from collabtrace.subjects.related import Related
from tests.sessions.scenes import MIXER, meeting, read_scene


def test_every_member_knows_how_its_media_was_moved_and_what_it_was_told(tmp_path: Path) -> None:
    scene, meet = meeting()
    meet.ask()
    meet.move(meet.legs[0], update=";isFocus", invite="")
    meet.move(meet.legs[1], update=None, invite="")
    with read_scene(scene, tmp_path) as case:
        conference = Conference(Related(case), 0)
        alice, bob = (member for member in conference.members if member.move is not None)
        assert (alice.address, bob.address) == ("192.0.2.11", "192.0.2.12")
        assert alice.moved_by is not None
        assert alice.moved_by.address == MIXER
        assert [each.says_focus for each in alice.refreshes][-2:] == [True, False]
        assert not any(each.says_focus for each in bob.refreshes)


def test_an_update_that_is_refused_does_not_count(tmp_path: Path) -> None:
    scene, meet = meeting()
    meet.ask()
    meet.move(meet.legs[0], update_status=501)
    with read_scene(scene, tmp_path) as case:
        conference = Conference(Related(case), 0)
        told = [each for member in conference.members for each in member.refreshes if each.message.method == "UPDATE"]
        assert [(each.status, each.counts) for each in told] == [(501, False)]
        assert conference.shown_in.method == "REFER"
        assert conference.answer is not None
        assert {leg.call_id for leg in meet.legs[:1]} <= set(conference.call_ids)
