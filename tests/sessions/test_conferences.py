"""The table of conferences."""

from pathlib import Path

from tests.sessions.scenes import meeting, read_scene


def test_every_participant_has_its_leg_its_focus_and_its_move(tmp_path: Path) -> None:
    scene, conference = meeting()
    conference.ask()
    for leg in conference.legs:
        conference.move(leg)
    with read_scene(scene, tmp_path) as case:
        (found,) = case.conferences
        legs = [case.dialogs[row].call_id for row in found.participants]
        assert sorted(legs) == sorted(leg.call_id for leg in conference.legs)
        assert all(tag in (case.dialogs[row].from_tag, case.dialogs[row].to_tag)
                   for row, tag in zip(found.participants, found.focus_tags, strict=True))  # fmt: skip
        assert all(row is not None for row in found.move_rows)


def test_two_calls_that_stay_calls_are_none(tmp_path: Path) -> None:
    scene, _ = meeting()
    with read_scene(scene, tmp_path) as case:
        assert len(case.conferences) == 0
