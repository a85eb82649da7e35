"""What the report is of."""

from collabtrace.reports.heading import Heading, subtitle
from collabtrace.sessions.case import Case


def test_it_names_the_files_and_says_when_and_how_much(case: Case) -> None:
    assert Heading(case).title == "scene.pcapng"
    assert subtitle(case).endswith(f"{case.captures[0].packets} packets")
    assert subtitle(case).startswith("2026-01-05 10:00:00")
