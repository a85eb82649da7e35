"""Softkeys that phones press by REFER."""

from pathlib import Path

import pytest

from collabtrace.sessions.softkeys import pressed
from tests.sessions.scenes import meeting, read_scene


@pytest.mark.parametrize("parts", [False, True])
def test_the_key_its_calls_and_its_answer_are_found(tmp_path: Path, parts: bool) -> None:
    scene, conference = meeting()
    conference.ask("Join", status=202, parts=parts)
    with read_scene(scene, tmp_path) as case:
        (key,) = pressed(case.messages, case.transactions, case.sip)
        assert (key.request.event, key.status) == ("Join", 202)
        assert {named.call_id for named in key.request.named} <= set(case.messages.values("call_id"))
        assert case.messages[key.row].method == "REFER"


def test_a_key_that_nobody_answered_has_no_status(tmp_path: Path) -> None:
    scene, conference = meeting()
    conference.ask(status=None)
    with read_scene(scene, tmp_path) as case:
        (key,) = pressed(case.messages, case.transactions, case.sip)
        assert (key.status, key.answer_row) == (None, None)


def test_a_transfer_is_no_softkey(tmp_path: Path) -> None:
    scene, conference = meeting()
    leg = conference.legs[0]
    leg.exchange(leg.caller, "REFER", headers={"Refer-To": "<sip:dave@example.com>"}, status=202)
    with read_scene(scene, tmp_path) as case:
        assert list(pressed(case.messages, case.transactions, case.sip)) == []
