"""Only some ICMP errors say that a packet did not arrive."""

import pytest

from collabtrace.sessions.undelivered import reason, undelivered


@pytest.mark.parametrize(
    ("source", "kind", "code", "expected"),
    [
        ("192.0.2.1", 3, 3, True),
        ("192.0.2.1", 3, 13, True),
        ("192.0.2.1", 3, 4, False),
        ("192.0.2.1", 11, 0, False),
        ("2001:db8::1", 1, 4, True),
        ("2001:db8::1", 2, 0, False),
    ],
)
def test_destination_unreachable_but_for_the_size(source: str, kind: int, code: int, *, expected: bool) -> None:
    assert undelivered(source, kind, code) is expected


@pytest.mark.parametrize(
    ("source", "code", "expected"),
    [
        ("192.0.2.1", 3, "port unreachable"),
        ("192.0.2.1", 13, "communication administratively prohibited"),
        ("2001:db8::1", 1, "communication administratively prohibited"),
        ("192.0.2.1", 99, "destination unreachable, code 99"),
    ],
)
def test_the_code_says_why(source: str, code: int, expected: str) -> None:
    assert reason(source, code) == expected
