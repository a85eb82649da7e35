"""A scene's conference sends what CUCM would send."""

from pathlib import Path

from tests.sessions.scenes import CUCM, MIXER, meeting, read_scene


def test_a_move_is_an_update_and_a_re_invite_to_the_mixer(tmp_path: Path) -> None:
    scene, conference = meeting()
    conference.move(conference.legs[0])
    with read_scene(scene, tmp_path) as case:
        own = [each for each in case.messages if each.call_id == conference.legs[0].call_id and each.source == CUCM]
        assert [each.method for each in own if each.method][-3:] == ["UPDATE", "INVITE", "ACK"]
        assert [each.focus for each in own if each.method in ("UPDATE", "INVITE")] == [True, True]
        assert MIXER in case.media.values("offer_address")


def test_a_delayed_offer_names_the_mixer_in_the_ack(tmp_path: Path) -> None:
    scene, conference = meeting()
    conference.move(conference.legs[0], delayed=True)
    with read_scene(scene, tmp_path) as case:
        (line,) = [each for each in case.media if each.answer_address == MIXER]
        assert line.answer_row is not None
        assert case.messages[line.answer_row].method == "ACK"
