"""Conferences that nobody is seen asking for."""

from dataclasses import replace
from pathlib import Path

from collabtrace.testing import audio
from tests.sessions.scenes import CUCM, MIXER, meeting, read_scene


def test_a_participant_list_after_a_move_shows_one(tmp_path: Path) -> None:
    scene, conference = meeting()
    conference.move(conference.legs[0])
    conference.tell_roster(conference.legs[0])
    with read_scene(scene, tmp_path) as case:
        (found,) = case.conferences
        assert (found.shown_by, found.focus, found.mixer) == ("participant list", CUCM, MIXER)


def test_calls_that_move_to_a_bridge_together_show_one(tmp_path: Path) -> None:
    scene, conference = meeting()
    for leg in conference.legs:
        conference.move(leg)
    bridge = scene.phone("bridge", "203.0.113.40", user_agent="TANDBERG/4352 (XC4.1)")
    scene.dial(conference.focus, bridge).answer([replace(audio("PCMU"), address=MIXER)])
    with read_scene(scene, tmp_path) as case:
        (found,) = case.conferences
        assert (found.shown_by, len(found.participants)) == ("media", 3)


def test_calls_that_move_to_the_same_place_without_a_bridge_show_none(tmp_path: Path) -> None:
    scene, conference = meeting()
    for leg in conference.legs:
        conference.move(leg)
    with read_scene(scene, tmp_path) as case:
        assert len(case.conferences) == 0
