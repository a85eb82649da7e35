"""A message whole."""

from collabtrace.reports.comparison import OneMessage
from collabtrace.sessions.case import Case
from tests.reports.markup_reader import read


def test_the_text_stands_above_the_comparisons(case: Case) -> None:
    invite = case.messages.values("method").index("INVITE")
    shown = OneMessage(case, invite)
    page = read(shown.html())
    assert shown.title == f"INVITE (SDP), frame {case.messages[invite].frame}"
    assert page.one("pre").text.startswith("INVITE sip:bob@example.com")
    assert [heading.text for heading in page.all("table")[0].all("th")][1].startswith("answer to it: 200")


def test_what_an_attacker_wrote_is_text(hostile: Case) -> None:
    rows = range(len(hostile.messages))
    assert not any(read(OneMessage(hostile, row).html()).all("script") for row in rows)
