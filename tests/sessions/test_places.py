"""Where each side of a leg wanted its media."""

from pathlib import Path

from collabtrace.sessions.places import Places
from tests.sessions.scenes import CUCM, MIXER, meeting, read_scene


def test_a_new_address_of_one_side_is_a_move(tmp_path: Path) -> None:
    scene, conference = meeting()
    conference.move(conference.legs[0])
    with read_scene(scene, tmp_path) as case:
        places = Places(case.messages, case.media)
        (moved,) = places.moves_to[MIXER]
        assert places.source[moved.message] == CUCM
        assert [place.moved for place in places.of(moved.dialog) if place.tag == moved.tag] == [None, True]


def test_a_new_port_alone_is_none(tmp_path: Path) -> None:
    scene, conference = meeting()
    conference.move(conference.legs[0], address="192.0.2.12")
    with read_scene(scene, tmp_path) as case:
        assert Places(case.messages, case.media).moves_to == {}


def test_what_only_sends_is_no_place_to_meet(tmp_path: Path) -> None:
    scene, conference = meeting()
    conference.move(conference.legs[0], direction="sendonly")
    with read_scene(scene, tmp_path) as case:
        assert MIXER not in Places(case.messages, case.media).moves_to
