import pytest

from collabtrace.protocols.headers import COMPACT, FIELDS, IRREGULAR, LISTS, SINGLE, canonical


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("Call-ID", "Call-ID"),
        ("call-id", "Call-ID"),
        ("CALL-ID", "Call-ID"),
        ("i", "Call-ID"),
        ("I", "Call-ID"),
        ("www-authenticate", "WWW-Authenticate"),
        ("x", "Session-Expires"),
        ("p-rtp-stat", "P-RTP-Stat"),
        ("X-Nobody-Knows", "X-Nobody-Knows"),
    ],
)
def test_canonical(name: str, known: str) -> None:
    assert canonical(name) == known


def test_what_compact_forms_stand_for_is_known_by_its_name() -> None:
    assert all(canonical(name.upper()) == name for name in COMPACT.values())


def test_no_header_is_both_a_list_and_single() -> None:
    assert not LISTS & SINGLE


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("Subject: lunch", ("Subject", "lunch")),
        ("s:lunch", ("Subject", "lunch")),
        ("SUBJECT \t:  a: b  ", ("Subject", "a: b")),
        ("Subject:", ("Subject", "")),
        (" folded", IRREGULAR),
        ("no colon", IRREGULAR),
        (": no name", IRREGULAR),
        ("Subject: lunch\nTo: x", IRREGULAR),
        ("Subject: lunch\rTo: x", IRREGULAR),
        ("", IRREGULAR),
    ],
)
def test_fields(line: str, field: tuple[str, str]) -> None:
    assert FIELDS[line] == field
