"""The index shows every case, and runs nothing of a capture."""

from dataclasses import replace

from collabtrace.reports.site import index
from collabtrace.reports.site.record import Record
from tests.reports.markup_reader import read


def test_a_row_leads_to_the_reports_of_its_case(records: list[Record]) -> None:
    rows = read(index.page(records)).one("tbody").all("tr")
    assert [link.attributes["href"] for link in rows[0].all("a")] == ["./a/x.html", "./a/x.html", "./a/x.ipynb"]
    assert rows[0].attributes["data-findings"] == "sip-no-reply"
    assert (rows[0].attributes["data-severity"], rows[1].attributes["data-findings"]) == ("0", "failed")


def test_a_name_with_special_characters_is_still_found(records: list[Record]) -> None:
    page = index.page([replace(records[0], reports=("100%?#.html",))])
    assert 'href="./100%25%3F%23.html"' in page


def test_nothing_of_a_capture_can_run(records: list[Record]) -> None:
    page = read(index.page(records))
    assert len(page.all("script")) == 1
    (policy,) = [meta.attributes["content"] for meta in page.all("meta") if "http-equiv" in meta.attributes]
    assert "default-src 'none'; script-src 'sha256-" in str(policy)
    assert not [node for node in page.walk() if any(name.startswith("on") for name in node.attributes)]


def test_it_names_no_address_of_a_network(records: list[Record]) -> None:
    assert "http" not in index.page(records).replace("http-equiv", "")


def test_what_can_be_chosen_is_what_there_is(records: list[Record]) -> None:
    options = [option.attributes["value"] for option in read(index.page(records)).all("option")]
    assert "sip-no-reply" in options
    assert "critical" in options
