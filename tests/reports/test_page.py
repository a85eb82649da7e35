"""The page as a whole: one file that stands alone, and in which nothing of a capture can run."""

import itertools
import json
import re
from pathlib import Path

import pytest

from collabtrace.findings import Diagnosis
from collabtrace.reports.page import render, source_hash, write
from collabtrace.reports.section import asset
from collabtrace.sessions.case import Case, read_case
from collabtrace.testing import files
from tests.reports.conftest import HOSTILE
from tests.reports.markup_reader import Node, read
from tests.reports.test_packing import unpacked


def page_of(case: Case, diagnosis: Diagnosis) -> Node:
    return read("".join(render(case, diagnosis)))


@pytest.fixture(scope="module")
def page(case: Case, diagnosis: Diagnosis) -> Node:
    return page_of(case, diagnosis)


@pytest.fixture(scope="module")
def attacked(hostile: Case, hostile_diagnosis: Diagnosis) -> Node:
    return page_of(hostile, hostile_diagnosis)


def test_the_file_is_what_is_rendered(case: Case, diagnosis: Diagnosis, tmp_path: Path) -> None:
    write(case, diagnosis, tmp_path / "report.html", title="Ticket 7")
    written = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert written == "".join(render(case, diagnosis, title="Ticket 7"))
    assert read(written).one("h1").text == "Ticket 7"


def test_the_page_has_landmarks_and_headings_in_order(page: Node) -> None:
    assert page.one("html").attributes == {"lang": "en"}
    assert [len(page.all(name)) for name in ("header", "main", "footer", "h1")] == [1, 1, 1, 1]
    levels = [int(node.name[1]) for node in page.walk() if re.fullmatch("h[1-6]", node.name)]
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    assert [heading.text for heading in page.all("h2")] == [
        "Summary",
        "Findings",
        "Calls",
        "Outside calls",
        "Details",
        "Streams without a call",
        "Machines",
        "Network errors (ICMP)",
        "How this report was made",
    ]


def test_every_link_leads_to_a_place_on_the_page(page: Node) -> None:
    places = [node.attributes["id"] for node in page.walk() if "id" in node.attributes]
    assert len(places) == len(set(places))
    links = {(link.attributes["href"] or "").removeprefix("#") for link in page.all("a")}
    assert links
    assert links <= set(places)


def test_every_name_that_is_referred_to_is_there(page: Node) -> None:
    places = {node.attributes.get("id") for node in page.walk()}
    names = {node.attributes["aria-labelledby"] for node in page.walk() if "aria-labelledby" in node.attributes}
    assert names <= places


def test_every_table_has_a_caption_and_scoped_headings(page: Node) -> None:
    for table in page.all("table"):
        assert table.one("caption").text
        assert all(heading.attributes.get("scope") in ("col", "row") for heading in table.all("th"))


def test_nothing_in_the_page_names_a_network_address(page: Node, attacked: Node) -> None:
    for node in (*page.walk(), *attacked.walk()):
        for name in ("src", "href", "srcset", "action", "data", "poster", "xlink:href"):
            assert not re.match("[a-z]*:|//", node.attributes.get(name) or "")
        if node.name == "style":
            assert not re.search(r"url\(|@import|//", node.text)


def test_the_policy_lets_only_our_own_code_and_style_run(page: Node) -> None:
    policy = page.one("meta", http_equiv="Content-Security-Policy").attributes["content"] or ""
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == f"'{source_hash(page.all('script')[-1].text)}'"
    assert rules["style-src"] == f"'{source_hash(page.one('style').text)}'"
    assert "unsafe" not in policy


def test_no_style_attribute_asks_for_what_the_policy_forbids(page: Node) -> None:
    assert not [node.name for node in page.walk() if "style" in node.attributes]


def test_nothing_that_a_header_says_becomes_an_element_or_an_attribute(page: Node, attacked: Node) -> None:
    def names(read_page: Node) -> set[str]:
        return {name for node in read_page.walk() for name in (node.name, *node.attributes)}

    assert names(attacked) <= names(page)
    code = [script.text for script in attacked.all("script") if script.attributes.get("type") != "application/json"]
    assert code == [asset("report.js")]


def test_what_an_attacker_wrote_can_be_read_as_text(attacked: Node) -> None:
    assert "<script>document.title=1</script>" in attacked.all("article", data_rule=HOSTILE)[0].text
    assert "<script>document.title=1</script>" in "".join(text.text for text in attacked.all("pre"))
    assert attacked.one("h1").text == "<img src=x onerror=alert(1)>.pcapng"


def test_a_packed_page_holds_the_same_articles(case: Case, diagnosis: Diagnosis, page: Node) -> None:
    packed = "".join(render(case, diagnosis, plain_size=0))
    index, blocks = unpacked(packed)
    articles = read("".join(blocks)).all("details", class_="article")
    assert [article.attributes["data-anchor"] for article in articles] == list(index)
    assert [article.text for article in articles] == [each.text for each in page.all("details", class_="article")]
    assert not read(packed).all("details", class_="article")


def test_data_in_the_page_cannot_end_its_element(hostile: Case, hostile_diagnosis: Diagnosis) -> None:
    packed = read("".join(render(hostile, hostile_diagnosis, plain_size=0)))
    islands = packed.all("script", type="application/json")
    assert islands
    assert all(json.loads(island.text) and not re.search("[<>&]", island.text) for island in islands)


def test_an_empty_capture_is_a_page_that_says_what_is_missing(tmp_path: Path, nothing_found: Diagnosis) -> None:
    (tmp_path / "empty.pcap").write_bytes(files.pcap([]))
    with read_case([tmp_path / "empty.pcap"]) as empty:
        text = page_of(empty, nothing_found).text
    assert "No SIP message was seen" in text
    assert "No call was seen." in text
