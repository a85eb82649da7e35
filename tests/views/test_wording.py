"""How views write numbers, times and parties."""

import pytest

from collabtrace.views.wording import codec, counted, duration, endpoint, loss, moment, one_line, party, sentence


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.0124, "0.012 s"), (12.34, "12.3 s"), (59.96, "1 min"), (185, "3 min 5 s"), (7800, "2 h 10 min"), (3600, "1 h")],
)
def test_durations(seconds: float, said: str) -> None:
    assert duration(seconds) == said


def test_a_moment_is_in_utc() -> None:
    assert moment(1_700_000_000.25) == "2023-11-14 22:13:20.250 UTC"


def test_a_moment_outside_of_the_calendar_is_a_number() -> None:
    assert moment(1e18) == "1000000000000000000.000"


def test_an_ipv6_address_with_a_port_is_in_brackets() -> None:
    assert endpoint("2001:db8::1", 5060) == "[2001:db8::1]:5060"
    assert endpoint("2001:db8::1", None) == "2001:db8::1"


def test_counts_know_their_plural() -> None:
    assert [counted(1, "packet"), counted(1200, "packet"), counted(2, "copy", "copies")] == [
        "1 packet",
        "1,200 packets",
        "2 copies",
    ]


def test_loss_is_a_share_of_what_was_sent() -> None:
    assert [loss(500, 0), loss(495, 5)] == ["no loss", "5 lost (1 %)"]


def test_a_codec_is_the_first_of_the_list_without_its_rate() -> None:
    assert codec("opus/48000/2, PCMU/8000") == "opus"


def test_one_line_holds_no_breaks_and_no_control_characters() -> None:
    assert one_line(" a\r\n b\x1b[31m ") == "a b␛[31m"


def test_one_line_is_cut() -> None:
    assert one_line("x" * 100, 5) == "xxxx…"


@pytest.mark.parametrize(
    ("uri", "said"),
    [
        ("sip:alice@example.com;user=phone", "alice@example.com"),
        ("sip:alice:secret@example.com", "alice:[masked]@example.com"),
        ("tel:+4912345;phone-context=example.com", "+4912345"),
        (None, "unknown"),
        ("sip:", "unknown"),
    ],
)
def test_a_party_is_named_without_password_and_parameters(uri: str | None, said: str) -> None:
    assert party(uri) == said


def test_a_sentence_begins_with_a_capital_letter() -> None:
    assert (sentence("no RTP was seen"), sentence("")) == ("No RTP was seen", "")
