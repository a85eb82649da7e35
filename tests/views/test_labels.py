"""The words on arrows."""

import pytest

from collabtrace.schema import Unreachable
from collabtrace.views import labels
from tests.views.cases import ALICE, BOB, blank, media_line, message, stream


@pytest.mark.parametrize(
    ("start", "values", "said"),
    [
        ("INVITE", {}, "INVITE"),
        ("INVITE", {"to_tag": "1"}, "re-INVITE"),
        ("486 Busy Here INVITE", {}, "486 Busy Here"),
        ("NOTIFY", {"subscription_state": "terminated;reason=noresource"}, "NOTIFY terminated"),
    ],
)
def test_requests_and_responses(start: str, values: dict[str, str], said: str) -> None:
    assert labels.of_message(message(1, 0, ALICE, BOB, start, **values), None) == said


def test_a_body_is_named_behind() -> None:
    assert labels.of_message(message(1, 0, ALICE, BOB, "200 OK INVITE"), "SDP") == "200 OK (SDP)"


@pytest.mark.parametrize(
    ("content_type", "said"),
    [
        ("application/sdp", "SDP"),
        ("application/dtmf-relay", "DTMF"),
        ("application/pidf+xml", "pidf"),
        ("application/vnd.example", "example"),
        ("multipart/mixed", "mixed"),
        (None, None),
    ],
)
def test_bodies(content_type: str | None, said: str | None) -> None:
    assert labels.body(content_type) == said


def test_a_reason_phrase_cannot_break_the_line() -> None:
    assert "\n" not in labels.of_message(message(1, 0, BOB, ALICE, "200 OK INVITE", reason="a\r\nb\x1b" * 99), None)


def test_a_stream_that_carried_telephone_events_is_told_from_its_payload_types() -> None:
    line = media_line()
    assert labels.tones(stream(1, 0, ALICE, BOB, payload_types=(0, 101)), line)
    assert not labels.tones(stream(1, 0, ALICE, BOB, payload_types=(0,)), line)
    assert not labels.tones(stream(1, 0, ALICE, BOB, payload_types=(0, 101)), None)


@pytest.mark.parametrize(
    ("source", "kind", "code", "said"),
    [
        (BOB, 3, 3, "ICMP port unreachable"),
        (BOB, 3, 13, "ICMP prohibited"),
        (BOB, 11, 0, "ICMP type 11 code 0"),
        ("2001:db8::1", 1, 4, "ICMP port unreachable"),
    ],
)
def test_icmp_errors(source: str, kind: int, code: int, said: str) -> None:
    assert labels.unreachable(blank(Unreachable, source=source, type=kind, code=code)) == said
