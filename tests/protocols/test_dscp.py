"""Code points have the names that router configurations use."""

import pytest

from collabtrace.protocols.dscp import name


@pytest.mark.parametrize(
    ("dscp", "expected"),
    [
        (0, "default (0)"),
        (8, "CS1 (8)"),
        (10, "AF11 (10)"),
        (18, "AF21 (18)"),
        (24, "CS3 (24)"),
        (26, "AF31 (26)"),
        (34, "AF41 (34)"),
        (38, "AF43 (38)"),
        (44, "VOICE-ADMIT (44)"),
        (46, "EF (46)"),
        (56, "CS7 (56)"),
        (4, "4"),
        (35, "35"),
        (42, "42"),
    ],
)
def test_names(dscp: int, expected: str) -> None:
    assert name(dscp) == expected
