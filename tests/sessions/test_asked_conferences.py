"""Conferences that a phone asks for."""

from pathlib import Path

from tests.sessions.scenes import CUCM, MIXER, meeting, read_scene


def test_the_moves_that_follow_the_key_make_the_conference(tmp_path: Path) -> None:
    scene, conference = meeting()
    conference.ask()
    for leg in conference.legs:
        conference.move(leg)
    with read_scene(scene, tmp_path) as case:
        (found,) = case.conferences
        assert (found.shown_by, found.focus, found.mixer, found.softkey) == ("softkey", CUCM, MIXER, "Conference")
        assert len(found.participants) == 3


def test_a_key_that_was_refused_asks_for_nothing(tmp_path: Path) -> None:
    scene, conference = meeting()
    conference.ask(status=603)
    with read_scene(scene, tmp_path) as case:
        assert len(case.conferences) == 0
