"""The picture of media paths."""

from collabtrace.reports.paths import Paths
from collabtrace.sessions.case import Case
from tests.reports.markup_reader import read


def test_the_machines_and_their_media_are_drawn(case: Case) -> None:
    shown = read(Paths(case, 1).html())
    assert "192.0.2.10" in shown.one("svg").text
    assert "audio" in shown.one("svg").text


def test_a_call_without_media_says_so(case: Case) -> None:
    assert "No agreement on media and no RTP stream of 8 packets or more was seen in this call" in Paths(case, 2).html()
