"""Colours stand for what happened, and what is not known to be good is not shown as good."""

from collabtrace.reports.parts import SYMBOLS
from collabtrace.reports.tones import result_tone, severity_tone, state_tone, status_tone


def test_results() -> None:
    assert [result_tone(result) for result in ("answered", "busy", "failed 503", "anything else")] == [
        "good",
        "warn",
        "bad",
        "bad",
    ]


def test_asking_for_credentials_is_no_failure() -> None:
    assert [status_tone(status) for status in (200, 302, 401, 407, 403, 503, None)] == [
        "good",
        "plain",
        "plain",
        "plain",
        "bad",
        "bad",
        "warn",
    ]


def test_every_tone_has_a_symbol_so_that_colour_is_never_alone() -> None:
    tones = {
        result_tone("busy"),
        severity_tone("minor"),
        severity_tone("?"),
        state_tone("agreed"),
        state_tone("failed"),
    }
    assert tones <= set(SYMBOLS)
    assert len(set(SYMBOLS.values())) == len(SYMBOLS)
