"""How grave faults are."""

from collabtrace.severity import Severity


def test_the_gravest_comes_first() -> None:
    assert [str(each) for each in Severity] == ["critical", "major", "minor", "info"]
