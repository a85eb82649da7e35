"""The page of a failure says why, and escapes it."""

from collabtrace.reports.site import failure
from collabtrace.reports.site.record import Record
from tests.reports.conftest import HOSTILE
from tests.reports.markup_reader import read


def test_it_says_which_captures_and_why(records: list[Record]) -> None:
    page = read(failure.page(records[1]))
    assert page.one("h1").text == "b: no report"
    assert HOSTILE.partition("\u2028")[0] in page.one("p").text
    assert page.one("code").text == "b.pcap"
    assert not page.all("script")
