"""Softkeys that phones press by REFER."""

from pathlib import Path

import pytest

from collabtrace.protocols import sip
from collabtrace.sessions.softkeys import pressed, request_in
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


def test_a_key_that_is_sent_again_was_pressed_once(tmp_path: Path) -> None:
    scene, conference = meeting()
    leg = conference.ask(status=None)
    request = next(sent for sent in reversed(scene.sent) if b"REFER" in bytes(sent.packet))
    scene.wait(0.5)
    scene.sent.append(request._replace(time=scene.start + scene.elapsed))
    with read_scene(scene, tmp_path) as case:
        assert leg.call_id in case.messages.values("call_id")
        assert len(list(pressed(case.messages, case.transactions, case.sip))) == 1


def test_a_broken_document_asks_for_nothing() -> None:
    kind = "application/x-cisco-remotecc-request+xml"
    head = f"REFER sip:x SIP/2.0\r\nCall-ID: a\r\nContent-Type: {kind}\r\nContent-Length: 5\r\n\r\n"
    assert request_in(sip.parse(head.encode() + b"<xml/")) is None
