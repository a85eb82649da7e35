"""Keys pressed, as the report shows them."""

from dataclasses import replace

import pytest

from collabtrace.columns import Table
from collabtrace.reports import digits
from collabtrace.reports.digits import Digits
from collabtrace.schema import Digit
from tests.reports.markup_reader import read

PRESS = Digit(
    "b.pcap", 9, 15, 36000.5, "192.0.2.1", 4000, "192.0.2.2", 5000, "rtp-event", "5", 100.0, True, 7, 101, (101,),
    (101,), "0x00000007", 1000, None, "call-1", 0, None,
)  # fmt: skip


def shown(*presses: Digit) -> list[dict[str, str]]:
    table = read(Digits(Table.of(Digit, presses), range(len(presses))).html()).one("table")
    return [dict(zip(table.headings(), row, strict=True)) for row in table.rows()]


def pressed(keys: str) -> list[Digit]:
    return [
        replace(PRESS, digit=key, frame=10 * at, last_frame=10 * at + 6, time_epoch=36000.0 + at)
        for at, key in enumerate(keys, 1)
    ]


def test_what_was_entered_is_one_row_of_dots() -> None:
    assert shown(*pressed("739#")) == [
        {
            "Frames": "10–46",
            "Time (UTC)": "10:00:01.000",
            "From": "192.0.2.1",
            "To": "192.0.2.2",
            "Keys": "•••• (4 keys, ends with #)",
            "Within": "3.0 s",
            "Method": "telephone-event in RTP (RFC 4733)",
            "Payload type": "101",
        }
    ]


def test_a_key_alone_says_nothing_of_itself() -> None:
    (row,) = shown(replace(PRESS, digit="#", last_frame=9, method="info", payload_type=None))
    assert (row["Frames"], row["Keys"], row["Method"]) == ("9", "• (1 key)", "INFO")


def test_of_encrypted_keys_it_says_so() -> None:
    (row,) = shown(replace(PRESS, digit=None))
    assert (row["Keys"], row["Remarks"]) == ("• (1 key)", "encrypted")


def test_flaws_are_said_once() -> None:
    flawed = [replace(press, flaws=("no packet says that it ended",)) for press in pressed("12")]
    (row,) = shown(*flawed)
    assert row["Remarks"] == "no packet says that it ended"


def test_capture_points_are_told_apart() -> None:
    assert [row["Capture"] for row in shown(PRESS, replace(PRESS, file="a.pcap"))] == ["b.pcap", "a.pcap"]


def test_what_is_too_much_is_cut_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digits, "MOST_ROWS", 1)
    monkeypatch.setattr(digits, "MOST_DOTS", 2)
    presses = pressed("123#4#")
    page = read(Digits(Table.of(Digit, presses), range(6)).html())
    assert "••… (4 keys, ends with #)" in page.one("table").rows()[0]
    assert page.one("p").text == "1 later entry left out."


def test_no_key_is_said() -> None:
    assert Digits(Table.empty(Digit), ()).html() == '<p class="empty">No key press that the capture can show.</p>'
