"""How numbers and times are written."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collabtrace.reports import format as shown


def test_times_are_utc_with_milliseconds() -> None:
    time = datetime(2026, 1, 5, 10, 0, 0, 123456, UTC).timestamp()
    assert shown.moment(time) == "2026-01-05 10:00:00.123 UTC"
    assert shown.clock(time) == "10:00:00.123"
    assert shown.since(time + 1.5, time) == "+1.500"


@given(st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))
def test_the_clock_shows_what_datetime_says(time: datetime) -> None:
    assert shown.moment(time.timestamp()) == f"{time:%Y-%m-%d %H:%M:%S.%f}"[:-3] + " UTC"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.25, "0.250 s"),
        (12.34, "12.3 s"),
        (185.0, "3 min 5 s"),
        (3720.0, "1 h 2 min"),
        (304e6, "3,519 days"),
        (None, "–"),
    ],
)
def test_durations(seconds: float | None, words: str) -> None:
    assert shown.duration(seconds) == words


def test_a_span_needs_both_ends() -> None:
    assert shown.span(1.0, 3.5) == "2.5 s"
    assert shown.span(None, 3.5) == shown.span(1.0, None) == shown.MISSING


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [(0, 100, "0 %"), (1, 100, "1.00 %"), (1, 10**6, "< 0.01 %"), (50, 100, "50 %"), (1, 0, "–"), (None, 1, "–")],
)
def test_any_loss_is_more_than_none(part: float | None, whole: float, words: str) -> None:
    assert shown.percent(part, whole) == words


def test_numbers_have_their_unit() -> None:
    assert (shown.milliseconds(1234.56), shown.milliseconds(None)) == ("1,234.6 ms", "–")
    assert (shown.number(12345), shown.number(None)) == ("12,345", "–")
    assert (shown.size(812), shown.size(1_300_000), shown.size(2_000), shown.size(3 * 10**9)) == (
        "812 bytes",
        "1.3 MB",
        "2.0 kB",
        "3.0 GB",
    )


def test_endpoints_bracket_ipv6() -> None:
    assert shown.endpoint("192.0.2.1", 5060) == "192.0.2.1:5060"
    assert shown.endpoint("2001:db8::1", 5060) == "[2001:db8::1]:5060"
    assert shown.endpoint("2001:db8::1", None) == "2001:db8::1"
    assert shown.endpoint(None, 1) == "–"


def test_an_identity_is_what_people_call_it() -> None:
    assert shown.identity("sip:alice:secret@example.com;transport=tcp?Subject=x") == "alice:[masked]@example.com"
    assert shown.identity("tel:+4912345") == "tel:+4912345"
    assert shown.identity(None) == "–"


def test_several_values_are_listed() -> None:
    assert (shown.words(("a", "b")), shown.words(()), shown.words(None), shown.words(""), shown.words(7)) == (
        "a, b",
        "–",
        "–",
        "–",
        "7",
    )
